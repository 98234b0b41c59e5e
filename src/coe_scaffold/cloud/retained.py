"""Deleted resources that Azure keeps: lists them, purges them, recovers them."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from coe_scaffold.catalog import Retention, retentions
from coe_scaffold.cloud import raw
from coe_scaffold.cloud.clients import Clients
from coe_scaffold.model.estate import Recovery, SoftDeleted
from coe_scaffold.model.json import Json
from coe_scaffold.model.scope import Scope


def deleted_resources(clients: Clients, subscription: Scope) -> Iterator[SoftDeleted]:
    """Yield the deleted resources of a subscription that hold their names; the Azure SDK's errors pass."""
    for kind in retentions().values():
        path = f"{subscription.path}/providers/{kind.list}"
        for item in raw.items(clients, path, kind.api_version):
            yield _deleted(kind, subscription, item)


def kept_when_deleted(clients: Clients, resources: Iterable[Scope]) -> Iterator[SoftDeleted]:
    """Yield which of these resources would be kept, as they would be called; the Azure SDK's errors pass."""
    for resource in resources:
        kind = retentions().get(resource.resource_type.lower())
        if kind is None:
            continue
        body = raw.get(clients, resource.path, kind.api_version)
        location = str(body.get("location", "")).replace(" ", "").lower()
        protected = (body.get("properties") or {}).get("enablePurgeProtection") is True
        deleted = kind.deleted_id(resource, location)
        yield SoftDeleted(deleted, resource, location=location, protected=protected)


def recover(clients: Clients, recovery: Recovery) -> tuple[str, ...]:
    """Recover a deleted resource, in a new group of its old name when that is gone; wait to the end.

    Returns the ids of what is new. The Azure SDK's errors pass.
    """
    resource = recovery.deleted.was
    groups = clients.resource_groups(resource.subscription)
    made = []
    if not groups.check_existence(resource.resource_group):
        groups.create_or_update(resource.resource_group, dict(recovery.group))
        made.append(resource.group(resource.resource_group).path)
    raw.put(clients, resource.path, recovery.api_version, dict(recovery.body))
    return (*made, resource.path)


def purge(clients: Clients, deleted: SoftDeleted) -> None:
    """Purge a deleted resource and wait to the end; the Azure SDK's errors pass."""
    kind = retentions()[deleted.was.resource_type.lower()]
    if kind.purge == "POST":
        raw.post(clients, f"{deleted.id.path}/purge", kind.api_version)
    else:
        raw.delete(clients, deleted.id.path, kind.api_version)


def _deleted(kind: Retention, subscription: Scope, item: Json) -> SoftDeleted:
    deleted = Scope.parse(str(item["id"]))
    properties = item.get("properties") or {}
    was = Scope.parse(str(properties[kind.was])) if kind.was else _was(kind, subscription, deleted)
    return SoftDeleted(
        id=deleted,
        was=was,
        location=str(properties.get("location") or item.get("location") or _after(deleted, "locations")),
        until=str(properties.get("scheduledPurgeDate", "")),
        protected=bool(properties.get("purgeProtectionEnabled")),
    )


def _was(kind: Retention, subscription: Scope, deleted: Scope) -> Scope:
    return subscription.group(_after(deleted, "resourcegroups")).child(kind.type, deleted.name)


def _after(scope: Scope, name: str) -> str:
    """Return the segment of a path that follows a named one, or an empty string."""
    parts = scope.path.split("/")
    lower = scope.key.split("/")
    place = lower.index(name) if name in lower else -1
    return parts[place + 1] if 0 <= place < len(parts) - 1 else ""
