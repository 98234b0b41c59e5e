"""A template's resources against what was read: the plan where ARM's what-if may not be asked.

Only what the template declares is compared, since ARM adds defaults to every resource; so what a template
no longer declares inside a resource is not seen. What only Azure knows stays Unknown.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from coe_scaffold.model.json import Unknown, Value
from coe_scaffold.model.resources import ChangeType, PropertyChange, Resource, ResourceChange, ResourceGraph
from coe_scaffold.model.scope import Scope
from coe_scaffold.ports import Reading

_ENVELOPE = frozenset({"id", "name", "type", "apiversion", "dependson", "scope", "condition", "comments"})


def evaluated_changes(graph: ResourceGraph, read: Mapping[Scope, Reading]) -> tuple[ResourceChange, ...]:
    """Return what deploying would change, sorted by resource; ``read`` holds what exists of the graph."""
    found = [_change(one, read.get(one.id)) for one in graph.resources if not one.existing]
    return tuple(sorted(found, key=lambda change: change.resource))


def _change(resource: Resource, there: Reading | None) -> ResourceChange:
    if not resource.known_id:
        return ResourceChange(
            resource.id, ChangeType.UNSUPPORTED, reason="its name is known only after apply"
        )
    if isinstance(resource.body.get("condition"), Unknown):
        reason = "whether it is deployed is known only after apply"
        return ResourceChange(resource.id, ChangeType.UNSUPPORTED, reason=reason)
    if there is None:
        return ResourceChange(resource.id, ChangeType.CREATE)
    if there.refusal:
        return ResourceChange(resource.id, ChangeType.UNSUPPORTED, reason=there.refusal)
    wanted = {key: value for key, value in resource.body.items() if key.lower() not in _ENVELOPE}
    delta = tuple(_differences(there.body, wanted, ""))
    return ResourceChange(resource.id, ChangeType.MODIFY if delta else ChangeType.NO_CHANGE, delta)


def _differences(there: Any, wanted: Value, path: str) -> Iterator[PropertyChange]:
    match there, wanted:
        case Mapping(), Mapping():
            spelled = {str(key).lower(): value for key, value in there.items()}
            for key, value in wanted.items():
                place = f"{path}.{key}" if path else str(key)
                yield from _differences(spelled.get(str(key).lower()), value, place)
        case list() | tuple(), list() | tuple():
            yield from _items(there, wanted, path)
        case _ if not _same(there, wanted, path):
            yield PropertyChange(path, there, wanted)


def _items(there: Sequence[Any], wanted: Sequence[Value], path: str) -> Iterator[PropertyChange]:
    names = [_name(item) for item in there]
    declared = [_name(item) for item in wanted]
    matched = all(names) and all(declared) and len(set(names)) == len(names)
    if len(there) != len(wanted) or (matched and set(names) != set(declared)):
        yield PropertyChange(path, list(there), list(wanted))
        return
    for number, item in enumerate(wanted):
        if matched:
            item = {key: value for key, value in item.items() if key != "name"}
        other = there[names.index(declared[number])] if matched else there[number]
        yield from _differences(other, item, f"{path}[{number}]")


def _name(item: Any) -> str:
    name = item.get("name") if isinstance(item, Mapping) else None
    return name.lower() if isinstance(name, str) else ""


def _role(path: str) -> str:
    """Return an id in lower case; of a role definition only what names it: ARM tells any scope before it."""
    before, kind, guid = path.lower().rpartition("/roledefinitions/")
    return kind + guid if kind else before + guid


def _same(there: Any, wanted: Value, path: str) -> bool:
    if isinstance(there, str) and isinstance(wanted, str):
        if path.rpartition(".")[2].lower() == "location":
            return there.lower().replace(" ", "") == wanted.lower().replace(" ", "")
        ids = wanted.lower().startswith(("/subscriptions/", "/providers/"))
        return _role(there) == _role(wanted) if ids else there == wanted
    if there is None and wanted in ({}, [], (), None):
        return True
    return bool(there == wanted)
