"""The nine functions of an AI Center of Excellence."""

from __future__ import annotations

from collections.abc import Iterable
from functools import cache

from coe_scaffold.catalog.shipped import read
from coe_scaffold.errors import UsageError
from coe_scaffold.model.coe import CoeFunction


@cache
def functions() -> tuple[CoeFunction, ...]:
    """Return the nine functions in the order of the table."""
    return tuple(CoeFunction(**row) for row in read("functions")["functions"])


def function(function_id: str) -> CoeFunction:
    """Return one function by its id; raise UsageError naming the nine when there is none."""
    for item in functions():
        if item.id == function_id:
            return item
    raise UsageError(
        f"'{function_id}' is not a CoE function",
        fix="Use one of: " + ", ".join(item.id for item in functions()) + ".",
        code="COE-ACC-001",
    )


def titles(function_ids: Iterable[str]) -> str:
    """Return the titles of functions in words: ``AI Engineer and MLOps Engineer``."""
    *others, last = (function(name).title for name in function_ids)
    return f"{', '.join(others)} and {last}" if others else last
