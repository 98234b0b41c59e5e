"""Logical and comparison functions (``if``, ``and``, ``or``, ``coalesce`` are lazy: see the interpreter)."""

from __future__ import annotations

from coe_scaffold.model.json import Value
from coe_scaffold.template.failure import TemplateFailure
from coe_scaffold.template.functions.registry import Policy, declare, text, wrong
from coe_scaffold.template.values import UNDECIDED, same


def boolean(value: Value) -> bool:
    """``bool(x)``: true and false as words or numbers."""
    match value:
        case bool():
            return value
        case int() | float():
            return value != 0
        case str() if value.lower() in ("true", "1"):
            return True
        case str() if value.lower() in ("false", "0"):
            return False
    raise TemplateFailure(f"The template language function 'bool' can't convert '{value}'.")


def negated(value: Value) -> bool:
    """``not(x)``."""
    if isinstance(value, str) and value.lower() in ("true", "false"):
        return value.lower() == "false"
    if not isinstance(value, bool):
        raise wrong("not", "a boolean", value)
    return not value


def fail(message: Value) -> None:
    """``fail(message)``: refuse the template, in its author's words."""
    raise TemplateFailure(text("fail", message))


def exclusive(*values: Value) -> bool:
    """``xor(a, b, ...)``: an odd number of true values."""
    return sum(boolean(value) for value in values) % 2 == 1


def equal(left: Value, right: Value) -> Value:
    """``equals(a, b)``, deep; text compares with case."""
    verdict = same(left, right)
    return UNDECIDED if verdict is None else verdict


def _ordered(name: str, left: Value, right: Value) -> int:
    if isinstance(left, str) and isinstance(right, str):
        return _collated(left, right)
    if not (_is_number(left) and _is_number(right)):
        raise TemplateFailure(
            f"The template language function '{name}' expects two parameters of type integer or string, "
            "both of the same type."
        )
    return int(left > right) - int(left < right)


def _is_number(value: Value) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool)


def _collated(left: str, right: str) -> int:
    """Order as .NET's invariant culture does for letters: by letter first, lower case before upper."""
    first = (left.lower(), left.swapcase())
    second = (right.lower(), right.swapcase())
    return (first > second) - (first < second)


FUNCTIONS = {
    **declare(
        Policy.WHOLE,
        bool=(boolean, 1, 1),
        not_=(negated, 1, 1),
        fail=(fail, 1, 1),
        xor=(exclusive, 2, None),
        true=(lambda: True, 0, 0),
        false=(lambda: False, 0, 0),
        null=(lambda: None, 0, 0),
        less=(lambda a, b: _ordered("less", a, b) < 0, 2, 2),
        lessOrEquals=(lambda a, b: _ordered("lessOrEquals", a, b) <= 0, 2, 2),
        greater=(lambda a, b: _ordered("greater", a, b) > 0, 2, 2),
        greaterOrEquals=(lambda a, b: _ordered("greaterOrEquals", a, b) >= 0, 2, 2),
    ),
    **declare(Policy.OPEN, equals=(equal, 2, 2)),
}
