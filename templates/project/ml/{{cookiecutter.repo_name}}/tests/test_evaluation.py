"""The gate: it passes on this repository, and fails when data, recipe or fairness break."""

from __future__ import annotations

from dataclasses import replace

import yaml

from {{ cookiecutter.package_name }}.measures import Scored, fairness_gap, parts
from {{ cookiecutter.package_name }}.model import Model, train
from {{ cookiecutter.package_name }}.settings import Settings
from {{ cookiecutter.package_name }}.table import Row, read

from evals.gate import check
from evals.runner import evaluate


def failed(settings: Settings, model: Model) -> set[str]:
    metrics = evaluate(settings, model).metrics
    verdicts = check(settings.home / "evals", settings.provider, metrics)
    return {verdict.metric for verdict in verdicts if not verdict.passed}


def rows(settings: Settings, model: Model) -> tuple[Row, ...]:
    return read(settings.home / "data" / "training" / "requests.csv", model.schema)


def test_the_repository_passes_its_own_gate(settings: Settings, model: Model) -> None:
    assert failed(settings, model) == set()


def test_a_model_without_its_best_feature_fails(settings: Settings, model: Model) -> None:
    features = tuple(name for name in model.recipe.features if name != "open_requests")
    poor = train(rows(settings, model), model.schema, replace(model.recipe, features=features), "x")
    assert {"auc", "gain_over_simple_rule"} <= failed(settings, poor)


def test_a_model_of_wrong_labels_fails(settings: Settings, model: Model) -> None:
    wrong = [{**row, "late": 1 - row["late"]} for row in rows(settings, model)]
    assert {"auc", "brier"} <= failed(settings, train(wrong, model.schema, model.recipe, "x"))


def test_a_model_that_is_too_sure_of_little_fails(settings: Settings, model: Model) -> None:
    timid = replace(model.recipe, regularisation=1e-5)
    assert "calibration_error" in failed(
        settings, train(rows(settings, model), model.schema, timid, "x")
    )


def test_a_gap_between_groups_is_found() -> None:
    scored = [
        Scored({"age_band": band}, 0.9 if band == "18-34" else 0.1, 1)
        for band in ("18-34", "55+")
        for _ in range(30)
    ]
    assert fairness_gap(parts(scored, ["age_band"], 0.5)) == 1.0
    assert fairness_gap(parts(scored[:20], ["age_band"], 0.5)) == 0.0


def test_the_report_is_that_of_the_repository(settings: Settings, model: Model) -> None:
    report = evaluate(settings, model).files["fairness.md"]
    kept = (settings.home / "reports" / "fairness.md").read_text("utf-8")
    assert report.count("\n| ") == kept.count("\n| ")
    assert report.split("\n---\n")[0] == kept.split("\n---\n")[0]
    limit = settings.number("fairnessLimit")
    rules = yaml.safe_load((settings.home / "evals" / "thresholds.yaml").read_text("utf-8"))
    assert rules["metrics"]["fairness_gap"]["maximum"] == limit
    assert "age_band = 55+" in report
