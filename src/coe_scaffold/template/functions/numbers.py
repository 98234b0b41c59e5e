"""Numeric functions on 64-bit integers; floats pass through where JSON brought them in."""

from __future__ import annotations

import math

from coe_scaffold.model.json import Value
from coe_scaffold.template.failure import TemplateFailure
from coe_scaffold.template.functions.registry import Policy, array, declare, in_range, integer, wrong


def _number(function: str, value: Value) -> int | float:
    if isinstance(value, bool) or not isinstance(value, int | float):
        raise wrong(function, "an integer", value)
    return value


def _bounded(function: str, value: int | float) -> int | float:
    return in_range(function, value) if isinstance(value, int) else value


def add(left: Value, right: Value) -> int | float:
    """``add(a, b)``."""
    return _bounded("add", _number("add", left) + _number("add", right))


def subtract(left: Value, right: Value) -> int | float:
    """``sub(a, b)``."""
    return _bounded("sub", _number("sub", left) - _number("sub", right))


def multiply(left: Value, right: Value) -> int | float:
    """``mul(a, b)``."""
    return _bounded("mul", _number("mul", left) * _number("mul", right))


def divide(left: Value, right: Value) -> int:
    """``div(a, b)``: whole numbers, rounded towards zero."""
    dividend, divisor = integer("div", left), integer("div", right)
    if divisor == 0:
        raise TemplateFailure("The template language function 'div' can't divide by zero.")
    quotient = abs(dividend) // abs(divisor)
    return in_range("div", quotient if (dividend < 0) == (divisor < 0) else -quotient)


def remainder(left: Value, right: Value) -> int:
    """``mod(a, b)``: has the sign of the dividend."""
    dividend, divisor = integer("mod", left), integer("mod", right)
    if divisor == 0:
        raise TemplateFailure("The template language function 'mod' can't divide by zero.")
    rest = abs(dividend) % abs(divisor)
    return -rest if dividend < 0 else rest


def to_int(value: Value) -> int:
    """``int(x)``: from text, or a number without its fraction."""
    match value:
        case bool():
            raise wrong("int", "an integer, a float or a string", value)
        case int():
            return value
        case float() if math.isfinite(value):
            return int(value)
        case str():
            try:
                return in_range("int", int(value.strip().replace("_", "x")))
            except ValueError:
                raise TemplateFailure(
                    f"The template language function 'int' can't convert '{value}' to an integer."
                ) from None
    raise wrong("int", "an integer, a float or a string", value)


def to_float(value: Value) -> float:
    """``float(x)``: from text or a number."""
    if isinstance(value, bool) or not isinstance(value, int | float | str):
        raise wrong("float", "an integer or a string", value)
    try:
        return float(value)
    except ValueError:
        raise TemplateFailure(
            f"The template language function 'float' can't convert '{value}' to a float."
        ) from None


def _numbers(function: str, values: tuple[Value, ...]) -> list[int]:
    items = array(function, values[0]) if len(values) == 1 and isinstance(values[0], list) else list(values)
    if not items:
        raise TemplateFailure(f"The template language function '{function}' expects at least one number.")
    return [integer(function, item) for item in items]


FUNCTIONS = declare(
    Policy.WHOLE,
    add=(add, 2, 2),
    sub=(subtract, 2, 2),
    mul=(multiply, 2, 2),
    div=(divide, 2, 2),
    mod=(remainder, 2, 2),
    int=(to_int, 1, 1),
    float=(to_float, 1, 1),
    min=(lambda *values: min(_numbers("min", values)), 1, None),
    max=(lambda *values: max(_numbers("max", values)), 1, None),
)
