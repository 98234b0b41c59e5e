"""The gate: it passes on this repository, and fails when prompt, answerer or access control break."""

from __future__ import annotations

from dataclasses import dataclass, replace

import pytest

from {{ cookiecutter.package_name }}.assistant import Assistant
from {{ cookiecutter.package_name }}.documents import load
from {{ cookiecutter.package_name }}.local.answering import ExtractiveAnswerer
from {{ cookiecutter.package_name }}.prompts import Prompt
from {{ cookiecutter.package_name }}.prompts import load as load_prompt
from {{ cookiecutter.package_name }}.settings import Settings
from {{ cookiecutter.package_name }}.users import User

from evals.gate import Verdict, check
from evals.runner import evaluate


def gate(settings: Settings, assistant: Assistant) -> tuple[Verdict, ...]:
    metrics = evaluate(settings, assistant).metrics
    return check(settings.home / "evals", settings.provider, metrics)


def failed(verdicts: tuple[Verdict, ...]) -> set[str]:
    return {verdict.metric for verdict in verdicts if not verdict.passed}


def test_the_repository_passes_its_own_gate(settings: Settings, assistant: Assistant) -> None:
    assert failed(gate(settings, assistant)) == set()


@pytest.mark.parametrize(
    ("rule", "metric"), [("cite", "citation_correctness"), ("refuse", "refusal_correctness")]
)
def test_a_prompt_without_a_rule_fails(
    settings: Settings, assistant: Assistant, rule: str, metric: str
) -> None:
    prompt = load_prompt(settings.home / "prompts" / "system.md")
    assert rule in prompt.rules
    broken = Prompt(prompt.text, prompt.version, prompt.rules - {rule})
    verdicts = gate(settings, replace(assistant, answerer=ExtractiveAnswerer(broken)))
    assert metric in failed(verdicts)


@dataclass(frozen=True)
class Confused:
    """An answerer that quotes the wrong passage."""

    name: str = "confused"

    def answer(self, question: str, passages: object) -> str:
        return "The deductible is paid by the assessor of the weather station [1]."


def test_a_broken_answerer_fails(settings: Settings, assistant: Assistant) -> None:
    verdicts = gate(settings, replace(assistant, answerer=Confused(), min_support=0.0))
    assert {"groundedness", "completeness"} <= failed(verdicts)


def test_broken_access_control_fails(
    settings: Settings, assistant: Assistant, monkeypatch: pytest.MonkeyPatch
) -> None:
    documents = load(settings.home / "data" / "documents")
    assert any("everyone" not in passage.groups for passage in documents.passages)
    monkeypatch.setattr(assistant.retriever, "search", _everything(assistant))
    verdicts = {verdict.metric: verdict for verdict in gate(settings, assistant)}
    assert verdicts["access_leaks"].value > 0
    assert not verdicts["access_leaks"].passed


def _everything(assistant: Assistant) -> object:
    search = assistant.retriever.search
    everybody = User("all", frozenset({"claims-handlers", "claims-leads", "fraud-team"}))
    return lambda user, question, top: search(everybody, question, top)
