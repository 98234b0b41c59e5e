"""Turning Python's recursion limit into an error of ours."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from coe_scaffold.bicep.refusals import CODE, Refusal
from coe_scaffold.errors import CompileError, Problem


@contextmanager
def limited(path: str) -> Iterator[None]:
    """Raise CompileError for a file whose nesting, or chain of operators, is too deep for Python."""
    try:
        yield
    except RecursionError:
        problem = Problem(path, 1, 1, Refusal.RECURSION.message(), code=CODE)
        raise CompileError([problem], summary=f"{path} cannot be compiled") from None
