"""JSON values, and the marker for what only a deployment can know."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass
from typing import Any, TypeAlias, TypeVar

Json: TypeAlias = Any
"""None, bool, int, float, str, list or dict of these; checked where data enters."""

JsonObject: TypeAlias = Mapping[str, Any]

LEVELS = 200
"""How deeply a file's values may be nested: no template needs more; each walk over them has a limit."""


def from_text(text: str | bytes, *, strict: bool = True) -> Json:
    """Return the value of a JSON text that somebody else wrote; without ``strict`` texts may span lines.

    Raises json.JSONDecodeError for what is no JSON or nested more than ``LEVELS`` deep, whatever depth this
    version of Python can read.
    """
    with suppress(RecursionError):
        value = json.loads(text, strict=strict)
        if not _deeper(value, LEVELS):
            return value
    raise json.JSONDecodeError(f"it is nested more than {LEVELS} levels deep", "", 0)


def _deeper(value: Json, levels: int) -> bool:
    """Return whether a value has more levels of lists and objects; does not itself go deep."""
    level = [value] if isinstance(value, dict | list) else []
    for _ in range(levels):
        if not level:
            return False
        level = [
            item
            for outer in level
            for item in (outer.values() if isinstance(outer, dict) else outer)
            if isinstance(item, dict | list)
        ]
    return bool(level)


@dataclass(frozen=True)
class Unknown:
    """A value that is known only after apply; ``expression`` is the ARM expression it comes from.

    It never compares equal to a real value and never counts as a pass.
    """

    expression: str

    def __str__(self) -> str:
        return "<known after apply>"


Value: TypeAlias = Any
"""A JSON value in which any part may be :class:`Unknown`."""

Leaf = TypeVar("Leaf")


def unknowns(value: Value) -> Iterator[Unknown]:
    """Return every :class:`Unknown` inside a value, depth first."""
    return _inside(value, Unknown)


def strings(value: Value) -> Iterator[str]:
    """Return every text inside a value, depth first; names of members are none."""
    return _inside(value, str)


def _inside(value: Value, kind: type[Leaf]) -> Iterator[Leaf]:
    if isinstance(value, kind):
        yield value
    elif isinstance(value, Mapping):
        for item in value.values():
            yield from _inside(item, kind)
    elif isinstance(value, list | tuple):
        for item in value:
            yield from _inside(item, kind)


def printable(value: Value) -> Json:
    """Return the value as plain JSON with each unknown part as ``<known after apply>``."""
    if isinstance(value, Unknown):
        return str(value)
    if isinstance(value, Mapping):
        return {key: printable(item) for key, item in value.items()}
    if isinstance(value, list | tuple):
        return [printable(item) for item in value]
    return value


def shown(value: Value) -> str:
    """Return a value on one line for people: ``absent``, ``true``, ``a or b``, ``key: value``."""
    plain = printable(value)
    match plain:
        case None:
            return "absent"
        case bool():
            return str(plain).lower()
        case list():
            return " or ".join(shown(item) for item in plain) if plain else "empty"
        case dict():
            return ", ".join(f"{key}: {shown(item)}" for key, item in plain.items()) or "empty"
        case _:
            return str(plain) or "empty"
