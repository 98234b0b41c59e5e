"""How good scores are: ranking, honesty, fairness between groups, and where the errors are."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from statistics import fmean

from sklearn.metrics import brier_score_loss, roc_auc_score

from .table import Column, Row, Schema

_BINS = 10
_ENOUGH = 25
"""Fewer rows than this say too little about a group."""


@dataclass(frozen=True)
class Scored:
    """A row with what the model said and what happened."""

    row: Row
    score: float
    late: int


@dataclass(frozen=True)
class Part:
    """A part of the data: all rows whose column has a value, and how the model does on them."""

    column: str
    value: str
    rows: int
    late: int
    chosen_rate: float
    hit_rate: float
    false_alarm_rate: float
    error_rate: float


def auc(scored: Sequence[Scored]) -> float:
    """Return the area under the ROC curve."""
    return float(roc_auc_score([item.late for item in scored], [item.score for item in scored]))


def brier(scored: Sequence[Scored]) -> float:
    """Return the Brier score: the mean squared distance of score and outcome."""
    return float(brier_score_loss([item.late for item in scored], [item.score for item in scored]))


def calibration_error(scored: Sequence[Scored]) -> float:
    """Return the expected calibration error over ten bins of equal size."""
    ranked = sorted(scored, key=lambda item: item.score)
    size = max(1, len(ranked) // _BINS)
    bins = [ranked[start : start + size] for start in range(0, len(ranked), size)]
    gaps = [
        abs(fmean(i.score for i in part) - fmean(i.late for i in part)) * len(part) for part in bins
    ]
    return sum(gaps) / len(ranked)


def hit_rate(scored: Sequence[Scored], threshold: float) -> float:
    """Return which share of what was late is found at the threshold that people act on."""
    late = [item for item in scored if item.late]
    return fmean(item.score >= threshold for item in late) if late else 0.0


def false_alarm_rate(scored: Sequence[Scored], threshold: float) -> float:
    """Return which share of what was in time is taken for late at the threshold that people act on."""
    intime = [item for item in scored if not item.late]
    return fmean(item.score >= threshold for item in intime) if intime else 0.0


def smallest_share(rows: Sequence[Row], columns: Sequence[Column]) -> float:
    """Return the share of rows of the group that has the fewest, over all values of the columns."""
    shares = [
        fmean(row[column.name] == value for row in rows) if rows else 0.0
        for column in columns
        for value in column.values
    ]
    return min(shares, default=1.0)


def parts(scored: Sequence[Scored], columns: Sequence[str], threshold: float) -> tuple[Part, ...]:
    """Return every part that is large enough, by column and value."""
    found = []
    for column in columns:
        for value in sorted({str(item.row[column]) for item in scored}):
            inside = [item for item in scored if str(item.row[column]) == value]
            if len(inside) >= _ENOUGH:
                found.append(_part(column, value, inside, threshold))
    return tuple(found)


def fairness_gap(found: Sequence[Part]) -> float:
    """Return the largest difference of hit rates between two groups of one column."""
    columns = {part.column for part in found}
    rates = [[part.hit_rate for part in found if part.column == column] for column in columns]
    return max((max(values) - min(values) for values in rates), default=0.0)


def weakest(scored: Sequence[Scored], columns: Sequence[str]) -> float:
    """Return the lowest AUC of any part that is large enough and has both outcomes."""
    values = []
    for column in columns:
        for value in sorted({str(item.row[column]) for item in scored}):
            inside = [item for item in scored if str(item.row[column]) == value]
            if len(inside) >= 2 * _ENOUGH and len({item.late for item in inside}) == 2:
                values.append(auc(inside))
    return min(values, default=0.0)


def markdown(found: Sequence[Part], schema: Schema, gap: float, limit: float) -> str:
    """Return the fairness and error report."""
    groups = [column.name for column in schema.named("group")]
    head = "| Part | Rows | Late | Chosen | Hit rate | False alarms | Errors |\n|---|---|---|---|---|---|---|"
    fair = [_line(part) for part in found if part.column in groups]
    errors = sorted((p for p in found if p.column not in groups), key=lambda part: -part.error_rate)
    verdict = "within" if gap <= limit else "over"
    return "\n".join(
        [
            "# Fairness and error analysis",
            "",
            f"Largest difference of hit rates between groups: **{gap:.3f}**, {verdict} the limit of {limit:g}.",
            "The model does not learn from the group columns; they are only used here.",
            "",
            "## Groups",
            "",
            head,
            *fair,
            "",
            "## Where the errors are",
            "",
            head,
            *map(_line, errors),
            "",
        ]
    )


def _part(column: str, value: str, inside: Sequence[Scored], threshold: float) -> Part:
    late = [item for item in inside if item.late]
    intime = [item for item in inside if not item.late]
    wrong = [item for item in inside if (item.score >= threshold) != bool(item.late)]
    return Part(
        column,
        value,
        len(inside),
        len(late),
        fmean(item.score >= threshold for item in inside),
        fmean(item.score >= threshold for item in late) if late else 0.0,
        fmean(item.score >= threshold for item in intime) if intime else 0.0,
        len(wrong) / len(inside),
    )


def _line(part: Part) -> str:
    rates = (part.chosen_rate, part.hit_rate, part.false_alarm_rate, part.error_rate)
    shown = " | ".join(f"{rate:.2f}" for rate in rates)
    return f"| {part.column} = {part.value} | {part.rows} | {part.late} | {shown} |"
