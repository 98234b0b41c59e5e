"""ARM template expressions as data, and as text."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from typing import TypeAlias

_IDENTIFIER = re.compile(r"[A-Za-z_][A-Za-z0-9_]*\Z")


@dataclass(frozen=True, slots=True)
class Func:
    """A function call followed by property and index accesses."""

    name: str
    args: tuple[Arm, ...] = ()
    accesses: tuple[Arm, ...] = ()


Arm: TypeAlias = Func | str | int
"""An ARM expression: a call, a string literal, or an integer literal."""


def call(name: str, *args: Arm) -> Func:
    """Return a call."""
    return Func(name, args)


def access(base: Arm, *path: Arm) -> Func:
    """Return ``base`` followed by accesses; literals become calls first, as ARM wants."""
    return replace(base := as_call(base), accesses=(*base.accesses, *path))


def as_call(value: Arm) -> Func:
    """Return a literal as the call that yields it."""
    if isinstance(value, Func):
        return value
    return Func("string" if isinstance(value, str) else "int", (value,))


def integer(value: int) -> Arm:
    """Return an integer; what does not fit 32 bits is written as JSON."""
    return value if -(2**31) <= value < 2**31 else Func("json", (str(value),))


def text(value: Arm) -> str:
    """Return an expression without brackets."""
    parts: list[str] = []
    _write(value, parts)
    return "".join(parts)


def _write(value: Arm, parts: list[str]) -> None:
    if isinstance(value, str):
        parts.append("'" + value.replace("'", "''") + "'")
        return
    if isinstance(value, int):
        parts.append(str(value))
        return
    parts.append(value.name + "(")
    for position, argument in enumerate(value.args):
        if position:
            parts.append(", ")
        _write(argument, parts)
    parts.append(")")
    for step in value.accesses:
        if isinstance(step, str) and _IDENTIFIER.match(step):
            parts.append("." + step)
        else:
            parts.append("[")
            _write(step, parts)
            parts.append("]")


def json_value(value: Arm) -> str | int:
    """Return an expression as a JSON value: ``[expression]``, an escaped string, or a number."""
    if isinstance(value, Func):
        return f"[{text(value)}]"
    if isinstance(value, str):
        return escape(value)
    return value


def escape(value: str) -> str:
    """Return a string so that ARM does not take it for an expression."""
    return "[" + value if value.startswith("[") and value.endswith("]") else value


def from_json(value: object) -> Arm:
    """Return a JSON value as an expression."""
    match value:
        case None:
            return Func("null")
        case bool():
            return Func("true" if value else "false")
        case int():
            return integer(value)
        case float():
            return Func("json", (format(value, ".15g"),))
        case str():
            return value
        case list():
            return Func("createArray", tuple(from_json(item) for item in value))
        case dict():
            pairs: list[Arm] = []
            for name, item in value.items():
                pairs += [str(name), from_json(item)]
            return Func("createObject", tuple(pairs))
    raise TypeError(f"not a JSON value: {type(value).__name__}")


def json_literal(value: object) -> object:
    """Return a JSON value as it stands in a template: strings escaped, keys guarded."""
    if isinstance(value, str):
        return escape(value)
    if isinstance(value, float):
        return json_value(from_json(value))
    if isinstance(value, list):
        return [json_literal(item) for item in value]
    if isinstance(value, dict):
        return {key_text(str(name)): json_literal(item) for name, item in value.items()}
    return value


def key_text(name: str) -> str:
    """Return a property name; ``copy`` must not look like ARM's own."""
    return f"[string('{name}')]" if name.lower() == "copy" else escape(name)
