"""The judge beside the metrics: named, asked for everything, its silence no success, its calls the package's."""

from __future__ import annotations

import inspect
import math
from collections.abc import Mapping
from importlib.util import find_spec
from pathlib import Path
from typing import Any, get_overloads

import pytest
import yaml

from {{ cookiecutter.package_name }}.settings import SettingsError, load

from evals.azure_judge import EVALUATORS, HARMS, SAFETY, AzureJudge, evaluator, reasons
from evals.evaluation import Asked, Checked, Evaluation
from evals.gate import judge as verdicts
from evals.gate import thresholds
from evals.judges import chosen, judged
from evals.runner import evaluate

ROOT = Path(__file__).parents[1]
PLACES = {
    "AZURE_OPENAI_ENDPOINT": "https://acc.openai.azure.com",
    "AZURE_AI_PROJECT_ENDPOINT": "https://acc.services.ai.azure.com/api/projects/proj-x",
    "EVALUATION_DEPLOYMENT": "judge",
}


class Strict:
    """A judge that gives every answer the same score."""

    name = "strict"

    def __init__(self, score: float) -> None:
        self._score = score

    def score(self, asked: Asked) -> float:
        return self._score


@pytest.fixture(scope="module")
def evaluation() -> Evaluation:
    return evaluate(load({"APP_HOME": str(ROOT)}))


def test_every_judged_metric_has_a_threshold_and_is_asked_for(evaluation: Evaluation) -> None:
    rules = yaml.safe_load((ROOT / "evals" / "thresholds.yaml").read_text("utf-8"))["judged"]
    asked = {item.metric for item in evaluation.asked}
    assert set(rules) == {f"judged_{name}" for name in asked}
    assert asked <= {*EVALUATORS, SAFETY}
    assert {item.case for item in evaluation.asked} <= {case.id for case in evaluation.cases}


@pytest.mark.parametrize(("score", "passes"), [(5.0, True), (1.0, False), (math.nan, False)])
def test_the_gate_holds_the_judges_scores_to_their_thresholds(
    evaluation: Evaluation, score: float, passes: bool
) -> None:
    class Judge(Strict):
        def score(self, asked: Asked) -> float:
            safe = {5.0: 0.0, 1.0: 7.0}.get(score, score) if asked.metric == SAFETY else score
            return 1.0 if asked.metric == "task_adherence" and score == 5.0 else safe

    both = judged(evaluation, Judge(score))
    assert both.facts["judge"] == "strict"
    found = verdicts(both.metrics, thresholds(ROOT / "evals", judged=True), {})
    mine = [verdict for verdict in found if verdict.metric.startswith("judged_")]
    assert mine
    assert all(verdict.passed for verdict in found) is passes
    if math.isnan(score):
        assert any("no score" in problem for case in both.cases for problem in case.problems)


def test_without_a_judge_nothing_of_it_is_wanted(evaluation: Evaluation) -> None:
    assert chosen("", PLACES) is None
    found = verdicts(evaluation.metrics, thresholds(ROOT / "evals"), {})
    assert not [verdict for verdict in found if verdict.metric.startswith("judged_")]


def test_a_judge_that_cannot_work_says_what_it_lacks() -> None:
    with pytest.raises(SettingsError, match="EVALUATION_JUDGE is 'aws'"):
        chosen("aws", PLACES)
    with pytest.raises(SettingsError, match=r"AZURE_OPENAI_ENDPOINT.*EVALUATION_DEPLOYMENT"):
        chosen("azure", {})


@pytest.mark.parametrize(
    ("metric", "result", "score"),
    [
        ("coherence", {"coherence": 4, "coherence_reason": "clear"}, 4.0),
        ("coherence", {"coherence": None}, math.nan),
        ("coherence", {"coherence": "not applicable"}, math.nan),
        (SAFETY, {**{f"{harm}_score": 0 for harm in HARMS}, "sexual_score": 3}, 3.0),
        (SAFETY, {"violence_score": 0}, math.nan),
    ],
)
def test_scores_are_read_from_the_packages_results(
    metric: str, result: Mapping[str, Any], score: float
) -> None:
    seen: list[dict[str, Any]] = []

    def scored(**inputs: Any) -> Mapping[str, Any]:
        seen.append(inputs)
        return result

    judge = AzureJudge("fake", {metric: scored}.__getitem__)
    found = judge.score(Asked(metric, "g01", {"query": "q", "response": "r"}))
    assert found == score or (math.isnan(score) and math.isnan(found))
    assert seen == [{"query": "q", "response": "r"}]


@pytest.mark.parametrize(
    ("deployment", "said", "reasoning"),
    [("gpt-5.2", "", True), ("o4-mini", "", True), ("gpt-4.1", "", False), ("judge", "", False),
     ("judge", "true", True), ("gpt-5.2", "false", False)],
)  # fmt: skip
def test_a_judge_that_reasons_is_asked_as_such(deployment: str, said: str, reasoning: bool) -> None:
    environ = {"EVALUATION_DEPLOYMENT": deployment, "EVALUATION_REASONS": said}
    assert reasons(environ) is reasoning


def test_a_case_says_which_score_it_lacks() -> None:
    both = judged(
        Evaluation({}, (Checked("a", "golden"),), {}, asked=(Asked("coherence", "a", {}),)),
        Strict(math.nan),
    )
    assert both.cases == (Checked("a", "golden", ("coherence: no score",)),)


class _Credential:
    def get_token(self, *scopes: str, **options: Any) -> Any:
        raise AssertionError("nothing may ask for a token here")


def _takes(signature: inspect.Signature, given: Mapping[str, Any]) -> bool:
    try:
        signature.bind(None, **given)
    except TypeError:
        return False
    return True


if all(map(find_spec, ("azure", "azure.ai", "azure.ai.evaluation"))):
    # Where the extra ``judge`` is installed: real classes, real signatures, no network.
    def test_every_call_fits_the_installed_package(evaluation: Evaluation) -> None:
        inputs = {asked.metric: asked.inputs for asked in evaluation.asked}
        for metric, given in inputs.items():
            made = evaluator(metric, PLACES, credential=_Credential())
            signatures = [inspect.signature(form) for form in get_overloads(type(made).__call__)]
            assert any(_takes(signature, given) for signature in signatures), metric
