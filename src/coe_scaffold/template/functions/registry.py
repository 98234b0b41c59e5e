"""How functions of values are declared: how many arguments, and what unknown parts do to them."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from enum import Enum

from coe_scaffold.model.json import Value
from coe_scaffold.template.failure import TemplateFailure
from coe_scaffold.template.values import type_name

INT_RANGE = range(-(2**63), 2**63)


LONGEST = 4 * 1024 * 1024
"""Characters or items a value may have: a whole template has no more (documented limit, 4 MB)."""


class Policy(Enum):
    """What a function needs to know of its arguments; when it does not, its result is Unknown."""

    WHOLE = "every part"
    SHAPE = "that they are there, not what is inside"
    OPEN = "nothing: it looks for itself"


@dataclass(frozen=True)
class Function:
    """A template function. ``run`` gets the evaluated arguments; ``most`` None means any number."""

    run: Callable[..., Value] = field(hash=False)
    least: int
    most: int | None
    policy: Policy


def check_count(function: str, count: int, least: int, most: int | None) -> None:
    """Raise TemplateFailure when a call has too few or too many arguments."""
    if count < least or (most is not None and count > most):
        raise TemplateFailure(
            f"Unable to evaluate template language function '{function}': it takes {_span(least, most)} "
            f"argument(s), {count} given. Please see https://aka.ms/arm-functions for usage details."
        )


def _span(least: int, most: int | None) -> str:
    if most is None:
        return f"{least} or more"
    return str(least) if least == most else f"{least} to {most}"


def declare(policy: Policy, **functions: tuple[Callable[..., Value], int, int | None]) -> dict[str, Function]:
    """Return functions by lower-case name, each given as (run, least, most arguments)."""
    return {
        name.rstrip("_").lower(): Function(run, least, most, policy)
        for name, (run, least, most) in functions.items()
    }


def wrong(function: str, expected: str, value: Value) -> TemplateFailure:
    """Return the failure for an argument of a wrong type."""
    return TemplateFailure(
        f"The template language function '{function}' expects its parameter to be {expected}. The provided "
        f"value is of type '{type_name(value)}'. Please see https://aka.ms/arm-functions for usage details."
    )


def text(function: str, value: Value) -> str:
    """Return a string argument."""
    if not isinstance(value, str):
        raise wrong(function, "a string", value)
    return value


def integer(function: str, value: Value) -> int:
    """Return an integer argument; a float that is whole counts."""
    if isinstance(value, float) and value.is_integer():
        return int(value)
    if not isinstance(value, int) or isinstance(value, bool):
        raise wrong(function, "an integer", value)
    return value


def array(function: str, value: Value) -> list[Value]:
    """Return an array argument."""
    if not isinstance(value, list):
        raise wrong(function, "an array", value)
    return value


def members(function: str, value: Value) -> dict[str, Value]:
    """Return an object argument."""
    if not isinstance(value, dict):
        raise wrong(function, "an object", value)
    return value


def in_range(function: str, value: int) -> int:
    """Return an integer that fits into 64 bits."""
    if value not in INT_RANGE:
        raise TemplateFailure(f"The template language function '{function}' overflows: '{value}'.")
    return value
