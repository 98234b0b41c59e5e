"""A model as a second judge, beside the deterministic metrics: asked for by name, never instead of them.

``--judge azure`` or EVALUATION_JUDGE=azure has azure-ai-evaluation score the answers of the same run. Its
metrics have thresholds of their own, under ``judged:`` in ``thresholds.yaml``, and land in the same report.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import replace
from statistics import fmean
from typing import Protocol

from {{ cookiecutter.package_name }}.settings import SettingsError

from .evaluation import Asked, Checked, Evaluation


class Judge(Protocol):
    """Scores one answer by one metric."""

    @property
    def name(self) -> str:
        """Who judges, for the report."""

    def score(self, asked: Asked) -> float:
        """Return the score; NaN when the judge gave none."""


def chosen(name: str, environ: Mapping[str, str]) -> Judge | None:
    """Return the judge of a name, None for no name; raise SettingsError when it cannot work."""
    if not name:
        return None
    if name != "azure":
        raise SettingsError(f"EVALUATION_JUDGE is '{name}': use azure, or leave it out")
    from .azure_judge import connect

    return connect(environ)


def judged(evaluation: Evaluation, judge: Judge) -> Evaluation:
    """Return the evaluation with the judge's mean of each metric; a missing score makes it NaN, which fails."""
    scores = [(asked, judge.score(asked)) for asked in evaluation.asked]
    by_metric: dict[str, list[float]] = {}
    for asked, score in scores:
        by_metric.setdefault(asked.metric, []).append(score)
    means = {f"judged_{name}": fmean(row) for name, row in sorted(by_metric.items())}
    return replace(
        evaluation,
        metrics={**evaluation.metrics, **means},
        cases=tuple(_with_problems(case, scores) for case in evaluation.cases),
        facts={**evaluation.facts, "judge": judge.name},
    )


def _with_problems(case: Checked, scores: Sequence[tuple[Asked, float]]) -> Checked:
    mine = [(asked.metric, score) for asked, score in scores if asked.case == case.id]
    missing = [f"{metric}: no score" for metric, score in mine if math.isnan(score)]
    return replace(case, problems=(*case.problems, *missing))
