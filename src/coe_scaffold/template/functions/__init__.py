"""The template functions: tables by lower-case name."""

from __future__ import annotations

from coe_scaffold.template.functions import (
    arrays,
    dates,
    encoding,
    identifiers,
    lambdas,
    logic,
    network,
    numbers,
    objects,
    strings,
)
from coe_scaffold.template.functions.registry import Function, Policy

PURE: dict[str, Function] = {
    **strings.FUNCTIONS,
    **encoding.FUNCTIONS,
    **identifiers.FUNCTIONS,
    **arrays.FUNCTIONS,
    **objects.FUNCTIONS,
    **numbers.FUNCTIONS,
    **logic.FUNCTIONS,
    **dates.FUNCTIONS,
    **network.FUNCTIONS,
    **lambdas.FUNCTIONS,
}
"""Functions of their arguments alone."""

__all__ = ["PURE", "Function", "Policy"]
