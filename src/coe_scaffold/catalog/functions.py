"""The nine functions of an AI Center of Excellence."""

from __future__ import annotations

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
