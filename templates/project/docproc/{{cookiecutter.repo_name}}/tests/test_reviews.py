"""The queue and the page: only reviewers decide, decisions are kept, and for no longer than agreed."""

from __future__ import annotations

import asyncio
import json
from dataclasses import dataclass, replace
from datetime import timedelta
from pathlib import Path

import pytest
from fastapi.testclient import TestClient

from {{ cookiecutter.package_name }} import reviews
from {{ cookiecutter.package_name }}.pipeline import Pipeline
from {{ cookiecutter.package_name }}.ports import Line, Reader
from {{ cookiecutter.package_name }}.reviews import ReviewQueue, UnknownReviewError
from {{ cookiecutter.package_name }}.settings import Settings
from {{ cookiecutter.package_name }}.web import create_app

ROOT = Path(__file__).parents[1]
REVIEWER = {"X-Demo-User": "fatima-reviewer"}
SMUDGED = (ROOT / "data" / "documents" / "smudged-scan.txt").read_bytes()


def test_the_page_says_that_an_ai_reads(client: TestClient, settings: Settings) -> None:
    page = client.get("/")
    assert 'id="disclosure"' in page.text
    assert "http" not in page.text
    assert "default-src 'self'" in page.headers["content-security-policy"]
    info = client.get("/api/info").json()
    assert info["disclosure"] == settings.text("disclosure")
    assert "total" in info["fields"]
    assert client.get("/healthz").json() == {"status": "ok"}


def test_a_clear_document_is_answered_at_once(client: TestClient, invoice: bytes) -> None:
    answer = client.post("/api/documents", content=invoice).json()
    assert answer["straight"]
    assert {item["name"] for item in answer["fields"]} >= {"total", "iban"}
    assert client.get("/api/reviews", headers=REVIEWER).json() == []


@dataclass
class Watched:
    """Reads like another reader, and notes whether the server could answer others meanwhile."""

    reader: Reader
    others_waited: bool = False

    def read(self, content: bytes) -> tuple[Line, ...]:
        try:
            asyncio.get_running_loop()
            self.others_waited = True
        except RuntimeError:
            pass
        return self.reader.read(content)


def test_nobody_waits_while_the_document_of_another_is_read(
    settings: Settings, pipeline: Pipeline, queue: ReviewQueue, invoice: bytes
) -> None:
    reader = Watched(pipeline.reader)
    with TestClient(create_app(settings, replace(pipeline, reader=reader), queue)) as client:
        assert client.post("/api/documents", content=invoice).json()["straight"]
    assert not reader.others_waited


def test_an_unsure_document_waits_for_a_person_who_corrects_it(
    client: TestClient, log: list[str]
) -> None:
    answer = client.post("/api/documents", content=SMUDGED).json()
    assert not answer["straight"]
    assert answer["fields"] == []
    (review,) = client.get("/api/reviews", headers=REVIEWER).json()
    assert review["id"] == answer["id"]
    assert "[iban]" in review["text"]
    body = {"accept": True, "fields": {"total": "1.234,50 €"}}
    decided = client.post(f"/api/reviews/{review['id']}", json=body, headers=REVIEWER)
    assert decided.json() == {"corrected": 1}
    assert client.get("/api/reviews", headers=REVIEWER).json() == []
    entry = json.loads(log[-1])
    assert (entry["event"], entry["corrected"]) == ("review", 1)
    assert "fatima" not in log[-1]
    again = client.post(f"/api/reviews/{review['id']}", json=body, headers=REVIEWER)
    assert again.status_code == 404
    known = client.post("/api/documents", content=SMUDGED).json()
    assert known["state"] == "accepted"
    assert {"name": "total", "value": "1234.50"} in known["fields"]


def test_what_a_person_rejected_gives_no_values(client: TestClient) -> None:
    identifier = client.post("/api/documents", content=SMUDGED).json()["id"]
    body = {"accept": False, "fields": {}}
    client.post(f"/api/reviews/{identifier}", json=body, headers=REVIEWER)
    known = client.post("/api/documents", content=SMUDGED).json()
    assert (known["state"], known["fields"]) == ("rejected", [])


def test_only_reviewers_see_and_decide(client: TestClient) -> None:
    identifier = client.post("/api/documents", content=SMUDGED).json()["id"]
    clerk = {"X-Demo-User": "erik-clerk"}
    assert client.get("/api/reviews", headers=clerk).status_code == 403
    body = {"accept": True, "fields": {}}
    assert client.post(f"/api/reviews/{identifier}", json=body, headers=clerk).status_code == 403
    assert client.get("/api/reviews", headers={"X-Demo-User": "eve"}).status_code == 401


@pytest.mark.parametrize("fields", [{"total": "a lot"}, {"password": "x"}])
def test_a_correction_must_be_a_value_of_its_field(
    client: TestClient, fields: dict[str, str]
) -> None:
    identifier = client.post("/api/documents", content=SMUDGED).json()["id"]
    body = {"accept": True, "fields": fields}
    assert client.post(f"/api/reviews/{identifier}", json=body, headers=REVIEWER).status_code == 422


def test_documents_that_are_too_large_or_no_text_are_refused(client: TestClient) -> None:
    assert client.post("/api/documents", content=b"x" * 1_048_577).status_code == 413
    assert client.post("/api/documents", content=b"\xff\xfe").status_code == 422


def test_the_same_document_waits_once(queue: ReviewQueue, pipeline: Pipeline) -> None:
    queue.add(pipeline.process(SMUDGED))
    queue.add(pipeline.process(SMUDGED))
    assert len(queue.open()) == 1
    with pytest.raises(UnknownReviewError):
        queue.decide("nothing", "someone", {}, accept=False)


def test_decided_reviews_are_deleted_in_time(
    queue: ReviewQueue, pipeline: Pipeline, monkeypatch: pytest.MonkeyPatch
) -> None:
    result = pipeline.process(SMUDGED)
    queue.add(result)
    queue.decide(result.id, "someone", {}, accept=False)
    assert queue.purge(90) == 0
    queue.add(result)
    assert queue.open() == ()
    later = reviews._now() + timedelta(days=91)
    monkeypatch.setattr(reviews, "_now", lambda: later)
    assert queue.purge(90) == 1


def test_a_decision_that_was_not_filed_is_filed_at_the_next_start(
    queue: ReviewQueue, pipeline: Pipeline, monkeypatch: pytest.MonkeyPatch
) -> None:
    result = pipeline.process(SMUDGED)
    queue.add(result)
    with monkeypatch.context() as stopped:
        stopped.setattr(ReviewQueue, "_file", lambda *_: None)
        queue.decide(result.id, "someone", {}, accept=True)
    assert queue.open() == ()
    with pytest.raises(UnknownReviewError):
        queue.decide(result.id, "another", {}, accept=False)
    assert queue.purge(90) == 0
    queue.add(result)
    assert queue.open() == ()
