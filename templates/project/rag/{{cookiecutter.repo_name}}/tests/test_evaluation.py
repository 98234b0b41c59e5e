"""The gate: it passes on this repository, and fails when prompt, answerer or access control break."""

from __future__ import annotations

import json
from dataclasses import dataclass, replace
from pathlib import Path
from xml.etree import ElementTree

import pytest
import yaml

from {{ cookiecutter.package_name }}.assistant import Assistant
from {{ cookiecutter.package_name }}.documents import load
from {{ cookiecutter.package_name }}.local.answering import ExtractiveAnswerer
from {{ cookiecutter.package_name }}.prompts import Prompt
from {{ cookiecutter.package_name }}.prompts import load as load_prompt
from {{ cookiecutter.package_name }}.settings import Settings
from {{ cookiecutter.package_name }}.users import User

from evals.gate import Verdict, baseline_for, judge
from evals.metrics import measure
from evals.reports import write
from evals.runner import run


def gate(settings: Settings, assistant: Assistant) -> tuple[Verdict, ...]:
    folder = settings.home / "evals"
    thresholds = yaml.safe_load((folder / "thresholds.yaml").read_text("utf-8"))["metrics"]
    baselines = json.loads((folder / "baseline.json").read_text("utf-8"))
    metrics = measure(run(settings, assistant))
    return judge(metrics, thresholds, baseline_for(baselines, "local"))


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
    documents = load(settings.documents)
    assert any("everyone" not in passage.groups for passage in documents.passages)
    monkeypatch.setattr(assistant.retriever, "search", _everything(assistant))
    verdicts = {verdict.metric: verdict for verdict in gate(settings, assistant)}
    assert verdicts["access_leaks"].value > 0
    assert not verdicts["access_leaks"].passed


def _everything(assistant: Assistant) -> object:
    search = assistant.retriever.search
    everybody = User("all", frozenset({"claims-handlers", "claims-leads", "fraud-team"}))
    return lambda user, question, top: search(everybody, question, top)


def test_a_fall_against_the_baseline_fails() -> None:
    rule = {"completeness": {"minimum": 0.5, "maximumDrop": 0.02}}
    assert failed(judge({"completeness": 0.90}, rule, {"completeness": 0.91})) == set()
    assert failed(judge({"completeness": 0.80}, rule, {"completeness": 0.91})) == {"completeness"}


def test_a_metric_without_a_threshold_fails() -> None:
    assert failed(judge({"new": 1.0}, {}, {})) == {"new"}
    assert failed(judge({}, {"old": {"minimum": 0.5, "maximumDrop": 0.0}}, {})) == {"old"}


def test_reports_are_written(settings: Settings, assistant: Assistant, tmp_path: Path) -> None:
    outcomes = run(settings, assistant)
    verdicts = (Verdict("completeness", 0.1, "at least 0.8", "is below the threshold"),)
    write(tmp_path, verdicts, outcomes, {"provider": "local"})
    assert "**Failed**" in (tmp_path / "evaluation.md").read_text("utf-8")
    suite = ElementTree.parse(tmp_path / "evaluation.junit.xml").getroot()
    assert suite.get("failures") == "1"
    assert json.loads((tmp_path / "evaluation.json").read_text("utf-8"))["passed"] is False
