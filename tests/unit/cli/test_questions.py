"""What a person is asked when a command line leaves it open."""

from __future__ import annotations

from collections.abc import Iterable

import pytest

from coe_scaffold.cli import questions
from coe_scaffold.cli.questions import project_identity
from coe_scaffold.errors import UsageError
from coe_scaffold.scaffold.components import KINDS
from coe_scaffold.scaffold.manifest import Question


@pytest.fixture
def asked(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """The questions that were asked; a person answers each with the last choice, or with "chat"."""
    prompts: list[str] = []

    def text(prompt: str, default: str = "") -> str:
        prompts.append(prompt)
        return "chat"

    def choose(asked: Iterable[Question], given: dict[str, str]) -> dict[str, str]:
        (question,) = asked
        prompts.append(question.prompt)
        assert set(question.choices) == set(KINDS)
        assert question.default in question.choices
        return {question.id: question.choices[-1]}

    monkeypatch.setattr(questions, "ask_text", text)
    monkeypatch.setattr(questions, "ask_kind", choose)
    return prompts


def test_a_person_is_asked_for_what_is_missing(asked: list[str]) -> None:
    assert project_identity(None, None, ask=True) == ("chat", max(KINDS))
    assert len(asked) == 2


def test_what_is_given_is_not_asked(asked: list[str]) -> None:
    assert project_identity("claims", "ml", ask=True) == ("claims", "ml")
    assert project_identity("claims", None, ask=False) == ("claims", "rag")
    assert asked == []


def test_nobody_to_ask_is_an_error_without_a_name() -> None:
    with pytest.raises(UsageError, match="NAME"):
        project_identity(None, "rag", ask=False)
