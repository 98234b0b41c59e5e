"""What-if: what was submitted last time against what would be submitted now. Pure."""

from __future__ import annotations

from collections.abc import Mapping
from itertools import zip_longest

from coe_scaffold.model.json import Json, Unknown, Value
from coe_scaffold.model.resources import Resource

_ENVELOPE = ("id", "name", "type", "apiVersion", "dependsOn", "scope", "condition")


def change(resource: Resource, before: Mapping[str, Json] | None) -> Json:
    """Return one entry of a what-if answer; ``before`` is what is stored, None when there is nothing."""
    after = written(_body(resource.body))
    shown_after = _payload(resource, after)
    if before is None:
        return {"resourceId": resource.id.path, "changeType": "Create", "after": shown_after}
    stored = written(_body(before))
    delta = differences(stored, after)
    return {
        "resourceId": resource.id.path,
        "changeType": "Modify" if delta else "NoChange",
        "before": _payload(resource, stored),
        "after": shown_after,
        **({"delta": delta} if delta else {}),
    }


def differences(before: Json, after: Json, path: str = "") -> list[Json]:
    """Return ARM's property changes from one JSON object to another; paths are dotted within objects."""
    found: list[Json] = []
    keys = [*before, *(key for key in after if key not in before)]
    for key in keys:
        here = f"{path}.{key}" if path else key
        if key not in after:
            found.append(_entry(here, "Delete", before=before[key]))
        elif key not in before:
            found.append(_entry(here, "Create", after=after[key]))
        else:
            found += _difference(here, before[key], after[key])
    return found


def written(value: Value) -> Json:
    """Return a value as plain JSON; what is not known yet is written as its expression."""
    if value is None or isinstance(value, (str, int)):  # most values
        return value
    if isinstance(value, Unknown):
        return f"[{value.expression}]"
    if isinstance(value, dict | Mapping):
        return {key: written(item) for key, item in value.items() if item is not None}
    if isinstance(value, list | tuple):
        return [written(item) for item in value]
    return value


def _difference(path: str, before: Json, after: Json) -> list[Json]:
    if before == after:
        return []
    if isinstance(before, dict) and isinstance(after, dict):
        return differences(before, after, path)
    if isinstance(before, list) and isinstance(after, list):
        children = _items(before, after)
        return [{"path": path, "propertyChangeType": "Array", "children": children}] if children else []
    if path == "location" and _region(before) == _region(after):
        return []
    return [_entry(path, "Modify", before=before, after=after)]


def _items(before: list[Json], after: list[Json]) -> list[Json]:
    found: list[Json] = []
    missing = object()
    for index, (old, new) in enumerate(zip_longest(before, after, fillvalue=missing)):
        if new is missing:
            found.append(_entry(str(index), "Delete", before=old))
        elif old is missing:
            found.append(_entry(str(index), "Create", after=new))
        elif isinstance(old, dict) and isinstance(new, dict):
            if children := differences(old, new):
                found.append({"path": str(index), "propertyChangeType": "Modify", "children": children})
        elif old != new:
            found += _difference(str(index), old, new)
    return found


def _entry(path: str, kind: str, **values: Json) -> Json:
    return {"path": path, "propertyChangeType": kind, **values}


def _body(body: Mapping[str, Value]) -> dict[str, Value]:
    return {key: value for key, value in body.items() if key not in _ENVELOPE}


def _payload(resource: Resource, body: Mapping[str, Json]) -> Json:
    return {
        "apiVersion": resource.api_version,
        "id": resource.id.path,
        "name": resource.name.rsplit("/", 1)[-1],
        "type": resource.type,
        **body,
    }


def _region(value: Json) -> Json:
    return value.lower().replace(" ", "") if isinstance(value, str) else value
