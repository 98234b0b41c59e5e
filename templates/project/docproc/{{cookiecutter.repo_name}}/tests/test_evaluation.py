"""The gate: it passes on this repository, and fails when prompt, redaction or inspection break."""

from __future__ import annotations

from collections import Counter
from dataclasses import replace

import pytest

from {{ cookiecutter.package_name }} import pipeline as pipeline_module
from {{ cookiecutter.package_name }}.local.extracting import RuleExtractor
from {{ cookiecutter.package_name }}.pipeline import Pipeline
from {{ cookiecutter.package_name }}.prompts import Prompt
from {{ cookiecutter.package_name }}.prompts import load as load_prompt
from {{ cookiecutter.package_name }}.redaction import Redacted
from {{ cookiecutter.package_name }}.settings import Settings

from evals.gate import check
from evals.runner import evaluate


def failed(settings: Settings, pipeline: Pipeline) -> set[str]:
    metrics = evaluate(settings, pipeline).metrics
    verdicts = check(settings.home / "evals", settings.provider, metrics)
    return {verdict.metric for verdict in verdicts if not verdict.passed}


def test_the_repository_passes_its_own_gate(settings: Settings, pipeline: Pipeline) -> None:
    assert failed(settings, pipeline) == set()


@pytest.mark.parametrize(
    ("rule", "metric"), [("no-guess", "straight_through_accuracy"), ("exact", "f1")]
)
def test_a_prompt_without_a_rule_fails(
    settings: Settings, pipeline: Pipeline, rule: str, metric: str
) -> None:
    prompt = load_prompt(settings.home / "prompts" / "system.md")
    assert rule in prompt.rules
    broken = Prompt(prompt.text, prompt.version, prompt.rules - {rule})
    assert metric in failed(settings, replace(pipeline, extractor=RuleExtractor(broken)))


def test_copies_with_personal_data_fail(
    settings: Settings, pipeline: Pipeline, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(pipeline_module, "redact", lambda text, known: Redacted(text, Counter()))
    assert "personal_data_leaks" in failed(settings, pipeline)


def test_orders_that_are_not_dropped_fail(
    settings: Settings, pipeline: Pipeline, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(pipeline_module, "suspicious", lambda text: False)
    assert "injection_resistance" in failed(settings, pipeline)


def test_thresholds_of_nothing_fail(settings: Settings, pipeline: Pipeline) -> None:
    fields = tuple(replace(field, threshold=0.0) for field in pipeline.schema.fields)
    careless = replace(pipeline, schema=replace(pipeline.schema, fields=fields))
    assert {"straight_through_accuracy", "precision"} & failed(settings, careless)
