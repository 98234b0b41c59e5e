"""Compare a resource's body with its official type: unknown, read-only and missing members, types, limits."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Any

from coe_scaffold.model.json import Unknown, Value
from tests.templates.bicep.official_types import OfficialType

_GIVEN_ELSEWHERE = frozenset({"id", "name", "type", "apiVersion", "scope"})
_NUMBER = re.compile(r"(minLength|maxLength|minValue|maxValue): (-?\d+)")


def problems(body: Mapping[str, Value], official: OfficialType) -> list[str]:
    """Return everything about a body that its official type does not allow, each with its path."""
    return list(_object(body, official.types[official.body], official, ""))


def _object(value: Value, described: Mapping[str, Any], official: OfficialType, path: str) -> Iterator[str]:
    if not isinstance(value, Mapping):
        yield f"{path}: expected an object, found {value!r}"
        return
    members, rest = _members(value, described, official)
    known = {member["name"]: member for member in members}
    for name, item in value.items():
        place = f"{path}.{name}".lstrip(".")
        if name in known:
            flags = known[name].get("flags", "")
            if "ReadOnly" in flags and not (not path and name in _GIVEN_ELSEWHERE):
                yield f"{place}: is read-only"
            yield from _value(item, known[name]["type"], official, place, known[name].get("modifiers", ""))
        elif rest:
            yield from _value(item, rest, official, place, "")
        else:
            yield f"{place}: unknown"
    for name, member in known.items():
        required = "Required" in member.get("flags", "")
        if required and name not in value and not (not path and name in _GIVEN_ELSEWHERE):
            yield f"{path}.{name}: is missing".lstrip(".")


def _members(
    value: Mapping[str, Value], described: Mapping[str, Any], official: OfficialType
) -> tuple[list[Mapping[str, Any]], str]:
    if described["$type"] != "DiscriminatedObject":
        return described.get("properties") or [], described.get("additionalPropertiesType") or ""
    key = described["discriminator"]
    members = list(described["baseProperties"])
    for element in described["elements"]:
        if any(item["name"] == key and item["type"] == value.get(key) for item in element["properties"]):
            return members + element["properties"], ""
    return [*members, {"name": key, "type": "one of the discriminator's values", "flags": "Required"}], ""


def _value(value: Value, written: str, official: OfficialType, path: str, modifiers: str) -> Iterator[str]:
    if isinstance(value, Unknown):
        return
    if written.endswith("[]"):
        if not isinstance(value, list | tuple):
            yield f"{path}: expected a list, found {value!r}"
            return
        for number, item in enumerate(value):
            yield from _value(item, written[:-2], official, f"{path}[{number}]", "")
        return
    if written in official.types:
        yield from _object(value, official.types[written], official, path)
    elif isinstance(value, Mapping) and written.isidentifier() and written not in ("any", "object"):
        yield f"{path}: {written} is not described"
    elif not _scalar(value, written):
        yield f"{path}: {value!r} is not {written}"
    else:
        yield from _limits(value, modifiers, path)


def _scalar(value: Value, written: str) -> bool:
    choices = written.split(" | ")
    if "any" in choices or "object" in choices:
        return True
    if isinstance(value, bool):
        return "bool" in choices or str(value).lower() in choices
    if isinstance(value, int):
        return "int" in choices
    if isinstance(value, str):
        # An open enumeration ("A | B | string") has a spelling to keep to all the same.
        closed = [choice for choice in choices if choice != "string"]
        return value in closed or (not closed and "string" in choices)
    return False


def _limits(value: Value, modifiers: str, path: str) -> Iterator[str]:
    limits = {name: int(number) for name, number in _NUMBER.findall(modifiers)}
    size = len(value) if isinstance(value, str) else value
    lowest = limits.get("minLength", limits.get("minValue"))
    highest = limits.get("maxLength", limits.get("maxValue"))
    pattern = modifiers.partition("pattern: ")[2]
    if (lowest is not None and size < lowest) or (highest is not None and size > highest):
        yield f"{path}: {value!r} is outside {modifiers}"
    elif pattern and isinstance(value, str) and not re.search(pattern, value):
        yield f"{path}: {value!r} does not match {pattern}"
