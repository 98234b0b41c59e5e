"""Values while a template is evaluated: JSON, Unknown, objects known in part, and lambdas."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from coe_scaffold.model.json import Unknown, Value
from coe_scaffold.template.failure import TemplateFailure


class Partial(dict[str, Any]):
    """An object of which some members are known; whether it has others, only Azure knows.

    ``expression`` is where it comes from, for the Unknown it is when somebody needs it whole.
    """

    def __init__(self, members: Mapping[str, Any], expression: str) -> None:
        super().__init__(members)
        self.expression = expression


UNDECIDED = Unknown("")
"""What a function returns when unknown parts decide; the interpreter names the call it stands for."""


@dataclass(frozen=True)
class Lambda:
    """``lambda('x', body)``: a function value; ``call`` evaluates the body with arguments bound."""

    parameters: tuple[str, ...]
    call: Any = field(hash=False)

    def __call__(self, *arguments: Value) -> Value:
        """Evaluate the body with the first arguments it has names for."""
        return self.call(dict(zip(self.parameters, arguments, strict=False)))


def partial(value: Value, expression: str) -> Value:
    """Return a value with every object in it open: members Azure may add are Unknown."""
    if isinstance(value, Mapping):
        members = {
            key: partial(item, f"{expression}.{key}") for key, item in value.items() if item is not None
        }
        return Partial(members, expression)
    if isinstance(value, list):
        return [partial(item, f"{expression}[{index}]") for index, item in enumerate(value)]
    return value


def settled(value: Value) -> Value:
    """Return a value fit to leave the evaluator: objects known only in part become Unknown."""
    if isinstance(value, (str, int)) or value is None:  # most values
        return value
    match value:
        case Partial():
            return Unknown(value.expression)
        case dict():
            return {key: settled(item) for key, item in value.items()}
        case list():
            return [settled(item) for item in value]
        case Lambda():
            raise TemplateFailure("A lambda expression is not expected at this location.")
    return value


def known(value: Value) -> bool:
    """Return whether every part of a value is known now."""
    if isinstance(value, (str, int)) or value is None:  # most values
        return True
    match value:
        case Unknown() | Partial():
            return False
        case dict():
            return all(map(known, value.values()))
        case list():
            return all(map(known, value))
    return True


def find(members: Mapping[str, Value], name: str) -> str | None:
    """Return the key of a member as it is spelled, found without regard to case as ARM does."""
    if name in members:
        return name
    lowered = name.lower()
    return next((key for key in members if key.lower() == lowered), None)


def type_name(value: Value) -> str:
    """Return the name ARM gives a value's type in its messages."""
    match value:
        case None:
            return "Null"
        case bool():
            return "Boolean"
        case int():
            return "Integer"
        case float():
            return "Float"
        case str():
            return "String"
        case dict():
            return "Object"
        case list():
            return "Array"
        case Lambda():
            return "Lambda"
    return "Unknown"


def same(left: Value, right: Value) -> bool | None:
    """Return whether two values are equal; None when unknown parts decide."""
    if isinstance(left, Unknown) or isinstance(right, Unknown):
        return None
    if isinstance(left, dict) and isinstance(right, dict):
        return _same_objects(left, right)
    if isinstance(left, list) and isinstance(right, list):
        if len(left) != len(right):
            return False
        return all_of(same(a, b) for a, b in zip(left, right, strict=True))
    if isinstance(left, bool) or isinstance(right, bool):
        return left is right
    if isinstance(left, int | float) and isinstance(right, int | float):
        return left == right
    return type(left) is type(right) and bool(left == right)


def _same_objects(left: dict[str, Value], right: dict[str, Value]) -> bool | None:
    opened = isinstance(left, Partial), isinstance(right, Partial)
    if (left.keys() - right.keys() and not opened[1]) or (right.keys() - left.keys() and not opened[0]):
        return False
    verdict = all_of(same(left[key], right[key]) for key in left.keys() & right.keys())
    return None if verdict and any(opened) else verdict


def all_of(verdicts: Any) -> bool | None:
    """Return False if any verdict is, else None if any is undecided, else True."""
    undecided = False
    for verdict in verdicts:
        if verdict is False:
            return False
        undecided = undecided or verdict is None
    return None if undecided else True


def compact(value: Value) -> str:
    """Return a value as JSON text the way ARM's ``string()`` writes it: no spaces, no escapes of letters."""
    return json.dumps(value, ensure_ascii=False, separators=(",", ":"))
