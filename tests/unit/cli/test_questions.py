"""What a person is asked when a command line leaves it open."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

import pytest

from coe_scaffold.cli import questions
from coe_scaffold.cli.questions import answers_in, intake_of, project_identity
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


def test_what_the_intake_found_is_taken_over(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    record = tmp_path / "intake" / "chat.yaml"
    assert intake_of(Path(), "chat", "") is None
    record.parent.mkdir()
    record.write_text(
        'tier: high\nanswers: {risk_tier: high, area: employment}\nintake: {practice: "none"}\n'
    )
    assert answers_in(intake_of(Path(), "chat", ""), ["area=none"]) == {"risk_tier": "high", "area": "none"}
    assert intake_of(Path(), "other", "") is None
    assert intake_of(Path(), "chat", "somebody/elses") is None
