"""Scoring: one contract for the online endpoint, the batch job and the local server."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from .model import Model
from .table import problems, typed

MOST = 1000
"""Rows one online request may have."""


class RequestError(ValueError):
    """A request that cannot be scored; the message names every problem."""


@dataclass(frozen=True)
class Scorer:
    """Scores rows with a model; over ``threshold`` a request is expected to be late."""

    model: Model
    threshold: float

    def answer(self, body: object) -> dict[str, Any]:
        """Return scores for ``{"rows": [...]}``; raise RequestError unless every row fits the schema."""
        rows = body.get("rows") if isinstance(body, Mapping) else None
        if not isinstance(rows, list) or not 1 <= len(rows) <= MOST:
            raise RequestError(f"'rows' must be a list of 1 to {MOST} rows")
        found = [
            f"row {number}: {text}" for number, row in enumerate(rows) for text in self.wrong(row)
        ]
        if found:
            raise RequestError("; ".join(found[:20]))
        scores = self.scores(rows)
        return {
            "scores": [round(score, 4) for score in scores],
            "late": [score >= self.threshold for score in scores],
            "model": self.model.facts,
        }

    def scores(self, rows: Sequence[Mapping[str, Any]]) -> list[float]:
        """Return the probability of being late of rows that fit the schema."""
        return self.model.scores([typed(row, self.model.schema) for row in rows])

    def wrong(self, row: object) -> list[str]:
        """Return what is wrong with a row."""
        return problems(row, self.model.schema) if isinstance(row, Mapping) else ["is no object"]
