"""The one error of evaluating an expression; it becomes a diagnostic with a place."""

from __future__ import annotations

BCP_EVALUATION = "BCP338"
"""The official code for a parameter whose value cannot be evaluated."""


class EvaluationError(Exception):
    """A value that cannot be computed. ``offset`` is set where the place is known."""

    def __init__(self, message: str, *, offset: int | None = None, code: str = BCP_EVALUATION) -> None:
        super().__init__(message)
        self.message = message
        self.offset = offset
        self.code = code
