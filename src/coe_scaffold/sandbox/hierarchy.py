"""Where things are in the hierarchy: management groups above subscriptions, scopes above a scope."""

from __future__ import annotations

from coe_scaffold.model.json import Json
from coe_scaffold.model.scope import Scope, ScopeKind
from coe_scaffold.sandbox import store
from coe_scaffold.sandbox.refusals import ArmError
from coe_scaffold.sandbox.store import Transaction

ROOT_NAME = "Tenant Root Group"


def find(tx: Transaction, tenant: str, name: str) -> Json | None:
    """Return a management group's record, or None; the root group is named like the tenant."""
    found = tx.get(store.MANAGEMENT_GROUP, name)
    if found is None and name.lower() == tenant.lower():
        return {"name": tenant, "displayName": ROOT_NAME, "version": 1}
    return found


def require(tx: Transaction, tenant: str, name: str) -> Json:
    """Return a management group's record; raise ArmError when there is none."""
    found = find(tx, tenant, name)
    if found is None:
        raise ArmError(404, "NotFound", f"The management group '{name}' cannot be found.", gateway=False)
    return found


def groupsparent_of(tx: Transaction, scope: Scope) -> list[Scope]:
    """Return the management groups above a scope.

    A subscription that was placed below a group is below that group and those above it; one that was not
    is below every group the sandbox was seeded with.
    """
    names: list[str] = []
    if scope.kind is ScopeKind.MANAGEMENT_GROUP:
        names = [scope.name]
    elif scope.subscription:
        record = tx.get(store.SUBSCRIPTION, scope.subscription) or {}
        placed = record.get("managementGroup")
        seeded = [group["name"] for _, group in tx.all(store.MANAGEMENT_GROUP) if group.get("seeded")]
        names = [str(placed)] if placed else seeded
    seen: dict[str, Scope] = {}
    while names:
        name = names.pop(0)
        if name.lower() in seen:
            continue
        seen[name.lower()] = Scope.management_group(name)
        parent = (tx.get(store.MANAGEMENT_GROUP, name) or {}).get("parent")
        names += [str(parent)] if parent else []
    return [group for group in seen.values() if group != scope]


def chain(tx: Transaction, scope: Scope) -> list[Scope]:
    """Return a scope and everything above it, up to the tenant."""
    found = [scope]
    while found[-1].kind is ScopeKind.RESOURCE and found[-1].path != "/":
        found.append(parent_of(found[-1]))
    if found[-1].resource_group:
        found.append(Scope.subscription_of(scope.subscription))
    found += groupsparent_of(tx, found[-1])
    if found[-1].path != "/":
        found.append(Scope.tenant())
    return found


def parent_of(resource: Scope) -> Scope:
    """Return what a resource is directly in: a parent resource, the resource it extends, a group, ..."""
    head, _, tail = resource.path.rpartition("/providers/")
    if len(tail.split("/")) > 3:
        return Scope(resource.path.rsplit("/", 2)[0])
    return Scope(head or "/")
