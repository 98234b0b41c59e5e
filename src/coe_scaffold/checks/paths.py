"""Paths into a resource, such as ``properties.contentFilters[name=Jailbreak,source=Prompt].enabled``.

A path is names joined with dots. ``[*]`` takes every element of a list, ``[key=value,...]`` the elements
whose members have these values, ``['a.b']`` a name that has dots of its own. Names and filter values
are compared without case, as Azure Resource Manager does. ``""`` is the value itself.
"""

from __future__ import annotations

import itertools
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import lru_cache

from coe_scaffold.model.json import Unknown, Value

_TOKEN = re.compile(r"\.?(?P<name>[^.\[\]]+)|\['(?P<quoted>[^']+)'\]|\[(?P<filter>\*|[^\]']+=[^\]]*)\]")

_NUMBER = re.compile(r"\[(\d+)\]")


@dataclass(frozen=True)
class Hit:
    """One place a path leads to. A ``value`` of None means absent or null, which ARM treats alike.

    ``certain`` is False when a filter met an unknown value, so that the place may not be meant.
    """

    path: str
    value: Value
    certain: bool = True


@dataclass(frozen=True)
class _Step:
    text: str
    name: str = ""
    conditions: tuple[tuple[str, str], ...] | None = None


def resolve(root: Value, path: str) -> tuple[Hit, ...]:
    """Return every place ``path`` leads to under ``root``; at least one, with value None if there is none.

    Raises ValueError when the path itself is malformed.
    """
    hits = [Hit("", root)]
    for step in _parse(path):
        hits = [found for hit in hits for found in _follow(hit, step)]
    return tuple(hits)


def parts(path: str) -> tuple[str, ...]:
    """Return the names and the numbers of elements on the way to a place that :func:`resolve` names.

    It ends before a filter that met no element, and is empty for texts that are no paths.
    """
    try:
        steps = _parse(_NUMBER.sub(r".\1", path))
    except ValueError:
        return ()
    certain = itertools.takewhile(lambda step: step.conditions is None, steps)
    return tuple(step.name for step in certain)


def escaped(name: str) -> str:
    """Return a name as a part of a JSON pointer."""
    return name.replace("~", "~0").replace("/", "~1")


@lru_cache(maxsize=1024)
def _parse(path: str) -> tuple[_Step, ...]:
    steps: list[_Step] = []
    position = 0
    while position < len(path):
        token = _TOKEN.match(path, position)
        if token is None:
            raise ValueError(f"'{path}' is not a path: cannot read '{path[position:]}'")
        if (condition := token["filter"]) is not None:
            pairs = () if condition == "*" else tuple(part.split("=", 1) for part in condition.split(","))
            steps.append(_Step(token[0], conditions=tuple((key.strip(), value) for key, value in pairs)))
        else:
            steps.append(_Step(token[0], name=token["name"] or token["quoted"]))
        position = token.end()
    return tuple(steps)


def _follow(hit: Hit, step: _Step) -> Iterator[Hit]:
    if step.conditions is not None:
        yield from _elements(hit, step)
        return
    text = step.text if hit.path or step.text.startswith("[") else step.text.lstrip(".")
    if hit.path and not text.startswith((".", "[")):
        text = f".{text}"
    yield Hit(hit.path + text, _member(hit.value, step.name), hit.certain)


def _member(value: Value, name: str) -> Value:
    if isinstance(value, Unknown):
        return value
    if not isinstance(value, Mapping):
        return None
    if name in value:
        return value[name]
    wanted = name.casefold()
    return next((item for key, item in value.items() if str(key).casefold() == wanted), None)


def _elements(hit: Hit, step: _Step) -> Iterator[Hit]:
    if isinstance(hit.value, Unknown):
        yield Hit(hit.path + step.text, hit.value, hit.certain)
        return
    items = hit.value if isinstance(hit.value, list | tuple) else ()
    found_certain = False
    for number, item in enumerate(items):
        match _meets(item, step.conditions or ()):
            case True:
                found_certain = True
                yield Hit(f"{hit.path}[{number}]", item, hit.certain)
            case None:
                yield Hit(f"{hit.path}[{number}]", item, certain=False)
    if not found_certain:
        maybe = any(_meets(item, step.conditions or ()) is None for item in items)
        yield Hit(hit.path + step.text, None, hit.certain and not maybe)


def _meets(item: Value, conditions: tuple[tuple[str, str], ...]) -> bool | None:
    """Whether an element meets every condition; None when an unknown value decides."""
    if isinstance(item, Unknown):
        return None
    verdict: bool | None = True
    for path, wanted in conditions:
        for hit in resolve(item, path):
            if isinstance(hit.value, Unknown):
                verdict = None
            elif str(hit.value).casefold() != wanted.casefold():
                return False
    return verdict
