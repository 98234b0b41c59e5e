"""ARM's what-if answers as resource changes, one property path per difference."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from coe_scaffold.cloud.errors import chain_of, cloud_error
from coe_scaffold.errors import CloudError
from coe_scaffold.model.json import Json
from coe_scaffold.model.resources import ChangeType, PropertyChange, ResourceChange
from coe_scaffold.model.scope import Scope

_NO_EFFECT = "noeffect"
NO_CHANGES_TOLD = "WhatIfWithoutChanges"
"""Our code for what-if answers that have no list of changes, not even an empty one."""


def changes(result: Mapping[str, Json], name: str) -> tuple[ResourceChange, ...]:
    """Return the changes of a what-if result, sorted by resource; raise CloudError when it failed.

    Paths are dotted from the resource's root, list items as ``[n]``: ``properties.subnets[0].name``.
    """
    if result.get("error"):
        raise cloud_error(list(chain_of(result["error"])), what=f"what-if of {name}")
    told = (result.get("properties") or {}).get("changes")
    if told is None:
        raise _without_changes(name)
    found = [_change(item) for item in told if item.get("resourceId")]
    return tuple(sorted(found, key=lambda change: change.resource))


def stack_changes(result: Mapping[str, Json], name: str) -> tuple[ResourceChange, ...]:
    """Return the changes of a stack's what-if result, as :func:`changes` does.

    A change that ARM is not sure of says so in its ``reason``.
    """
    properties = result.get("properties") or {}
    if properties.get("error"):
        raise cloud_error(
            list(chain_of(properties["error"])),
            what=f"what-if of {name}",
            correlation_id=str(properties.get("correlationId") or ""),
        )
    told = (properties.get("changes") or {}).get("resourceChanges")
    if told is None:
        raise _without_changes(name)
    changed = [_stack_change(item) for item in told if item.get("id")]
    return tuple(sorted(changed, key=lambda change: change.resource))


def _without_changes(name: str) -> CloudError:
    """Return what an answer that names no changes is: no answer, and not that nothing would change."""
    return CloudError(f"what-if of {name} ended without telling any changes", code=NO_CHANGES_TOLD)


def _stack_change(item: Mapping[str, Json]) -> ResourceChange:
    configuration = item.get("resourceConfigurationChanges") or {}
    unsure = str(item.get("changeCertainty", "")).lower() == "potential"
    return ResourceChange(
        resource=Scope.parse(str(item["id"])),
        change=_kind(str(item.get("changeType", ""))),
        delta=tuple(_leaves(configuration.get("delta") or [], "")),
        reason=str(item.get("unsupportedReason") or ("may happen, ARM is not sure" if unsure else "")),
    )


def _change(item: Mapping[str, Json]) -> ResourceChange:
    return ResourceChange(
        resource=Scope.parse(str(item["resourceId"])),
        change=_kind(str(item.get("changeType", ""))),
        delta=tuple(_leaves(item.get("delta") or [], "")),
        reason=str(item.get("unsupportedReason") or ""),
    )


def _kind(text: str) -> ChangeType:
    for kind in ChangeType:
        if kind.value.lower() == text.lower():
            return kind
    return ChangeType.UNSUPPORTED


def _leaves(deltas: list[Mapping[str, Json]], prefix: str) -> Iterator[PropertyChange]:
    for delta in deltas:
        kind = delta.get("propertyChangeType") or delta.get("changeType") or ""
        if str(kind).lower() == _NO_EFFECT:
            continue
        path = _joined(prefix, str(delta.get("path", "")))
        children = delta.get("children")
        if children:
            yield from _leaves(children, path)
        else:
            yield PropertyChange(path, delta.get("before"), delta.get("after"))


def _joined(prefix: str, path: str) -> str:
    if path.isdecimal():
        return f"{prefix}[{path}]"
    return f"{prefix}.{path}" if prefix else path
