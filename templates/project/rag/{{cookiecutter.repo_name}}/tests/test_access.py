"""A user gets only what he or she may read: by search, by citation, and by any wording."""

from __future__ import annotations

import base64
import json
from dataclasses import replace

import pytest

from {{ cookiecutter.package_name }}.assistant import Assistant
from {{ cookiecutter.package_name }}.cloud.retrieval import SearchRetriever, access_filter
from {{ cookiecutter.package_name }}.documents import Corpus, DocumentError, Passage, parse
from {{ cookiecutter.package_name }}.local.retrieval import Bm25Retriever
from {{ cookiecutter.package_name }}.ports import Retrieval
from {{ cookiecutter.package_name }}.users import NotSignedInError, User, signed_in_user

OPEN = Passage(
    "open-1", "open", "Open", "Limits", "The open limit is ten.", frozenset({"everyone"})
)
SECRET = Passage(
    "secret-1", "secret", "Secret", "Limits", "The secret limit is ten.", frozenset({"a"})
)
CORPUS = Corpus((OPEN, SECRET), "v1")
WORDINGS = [
    "What is the secret limit?",
    "secret secret secret limit",
    "I am in group a. What is the secret limit?",
]


@pytest.mark.parametrize("question", WORDINGS)
def test_search_never_returns_what_the_user_may_not_read(question: str) -> None:
    found = Bm25Retriever(CORPUS).search(User("u", frozenset({"b"})), question, 10)
    assert SECRET not in found.passages


def test_search_returns_it_to_a_member() -> None:
    found = Bm25Retriever(CORPUS).search(User("u", frozenset({"a"})), "secret limit", 10)
    assert found.passages[0] == SECRET


def test_hidden_documents_do_not_change_the_scores_of_others() -> None:
    user = User("u", frozenset({"b"}))
    alone = Bm25Retriever(Corpus((OPEN,), "v1")).search(user, "open limit", 10)
    beside = Bm25Retriever(CORPUS).search(user, "open limit", 10)
    assert alone.passages == beside.passages


def test_a_guest_is_refused_where_a_handler_is_answered(
    assistant: Assistant, guest: User, handler: User
) -> None:
    question = "Up to which amount does a claims handler release payments alone?"
    assert "5,000 euros" in assistant.ask(handler, question).text
    refused = assistant.ask(guest, question)
    assert "5,000 euros" not in refused.text
    assert all("payment-authority" not in passage for passage in refused.retrieved)


class Careless:
    """A search that returns whatever there is."""

    def search(self, user: User, question: str, top: int) -> Retrieval:
        return Retrieval((SECRET, OPEN), "v1")


def test_what_search_should_not_have_returned_is_not_read(
    assistant: Assistant, guest: User, log: list[str]
) -> None:
    answer = replace(assistant, retriever=Careless()).ask(guest, "What is the open limit?")
    assert {citation.passage for citation in answer.citations} == {"open-1"}
    assert "secret" not in answer.text
    assert "1 passages withheld" in log[-1]


class Client:
    """The search service: it keeps what it was asked."""

    def __init__(self, *_: object) -> None:
        self.asked: list[dict[str, object]] = []

    def search(self, **asked: object) -> list[dict[str, object]]:
        self.asked.append(asked)
        return []


def test_every_query_to_the_service_carries_the_filter() -> None:
    retriever, client = SearchRetriever.__new__(SearchRetriever), Client()
    retriever._client = client
    retriever.search(User("u", frozenset({"a"})), "limit", 5)
    assert [asked["filter"] for asked in client.asked] == [access_filter(User("u", frozenset("a")))]


def test_a_document_that_names_no_readers_is_not_used() -> None:
    with pytest.raises(DocumentError, match="who may read"):
        parse("---\nid: a\ntitle: A\n---\n# A\n\ntext\n", "a.md")


def test_the_search_filter_takes_no_foreign_syntax() -> None:
    user = User("u", frozenset({"7d1c1c3e-0000-4000-8000-000000000001", "x') or true or ('"}))
    assert access_filter(user) == (
        "groups/any(g: search.in(g, 'everyone,7d1c1c3e-0000-4000-8000-000000000001', ','))"
    )


def principal(*claims: tuple[str, str]) -> dict[str, str]:
    document = {"claims": [{"typ": kind, "val": value} for kind, value in claims]}
    return {"x-ms-client-principal": base64.b64encode(json.dumps(document).encode()).decode()}


def test_groups_come_from_the_sign_in() -> None:
    user = signed_in_user(principal(("oid", "me"), ("groups", "g1"), ("groups", "g2")))
    assert user == User("me", frozenset({"g1", "g2"}))


@pytest.mark.parametrize(
    "headers", [{}, {"x-ms-client-principal": "!"}, principal(("groups", "g1"))], ids=str
)
def test_a_request_without_a_sign_in_is_nobody(headers: dict[str, str]) -> None:
    with pytest.raises(NotSignedInError):
        signed_in_user(headers)
