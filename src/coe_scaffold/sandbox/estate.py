"""The resources, resource groups and locks of the sandbox: how they are found, written and deleted.

A resource is stored as what was submitted and, apart from it, what the server filled in. GET shows both
together; what-if compares only what was submitted.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from coe_scaffold.model.json import Json
from coe_scaffold.model.scope import Scope, ScopeKind
from coe_scaffold.sandbox import denials, hierarchy, refusals, retained, store, taken
from coe_scaffold.sandbox.filled import INLINE_CHILDREN, Facts, fill, guid
from coe_scaffold.sandbox.namespaces import known
from coe_scaffold.sandbox.refusals import ArmError
from coe_scaffold.sandbox.store import Transaction
from coe_scaffold.sandbox.world import timestamp

_ENVELOPE = ("id", "name", "type", "apiVersion", "dependsOn", "scope", "condition")
_PARENTS_AZURE_MAKES = frozenset({"default"})
"""Names of parents that exist without being created, such as ``blobServices/default``."""


@dataclass(frozen=True)
class Written:
    """A resource as GET shows it after a write, and whether the write created it."""

    body: Json
    created: bool


def require_subscription(tx: Transaction, scope: Scope) -> None:
    """Raise ArmError unless the scope's subscription is in the tenant (or it has none)."""
    if scope.subscription and tx.get(store.SUBSCRIPTION, scope.subscription) is None:
        raise refusals.subscription_not_found(scope.subscription)


def require_scope(tx: Transaction, scope: Scope, *, writing: bool = False) -> None:
    """Raise ArmError unless a scope exists; for a write also when its group is being deleted."""
    require_subscription(tx, scope)
    if scope.resource_group:
        group = tx.get(store.GROUP, group_of(scope).key)
        if group is None:
            raise refusals.group_not_found(scope.resource_group)
        if writing and group["state"] == "Deleting":
            raise refusals.group_being_deleted(scope.resource_group)
    if scope.kind is ScopeKind.MANAGEMENT_GROUP and tx.get(store.MANAGEMENT_GROUP, scope.name) is None:
        raise ArmError(
            404,
            "NotFound",
            f"The management group '{scope.name}' cannot be found.",
            gateway=False,
        )
    if scope.kind is ScopeKind.RESOURCE and find(tx, scope) is None:
        raise refusals.resource_not_found(scope)


def group_of(scope: Scope) -> Scope:
    """Return the resource group a scope is in."""
    return scope.group(scope.resource_group)


def parent_of(resource: Scope) -> Scope:
    """Return what a resource is directly in: a parent resource, the resource it extends, a group, ..."""
    return hierarchy.parent_of(resource)


def require_parent(tx: Transaction, resource: Scope, *, writing: bool = False) -> None:
    """Raise ArmError unless what a resource is directly in exists; parents that Azure makes count."""
    home = parent_of(resource)
    while home.name.lower() in _PARENTS_AZURE_MAKES and home.kind is ScopeKind.RESOURCE:
        home = parent_of(home)
    if home.kind is not ScopeKind.RESOURCE:
        require_scope(tx, home, writing=writing)
        return
    require_scope(tx, Scope(home.path.rsplit("/providers/", 1)[0] or "/"), writing=writing)
    if find(tx, home) is None:
        extends = len(resource.path.rpartition("/providers/")[2].split("/")) == 3
        raise refusals.resource_not_found(home) if extends else refusals.parent_not_found(home)


def find(tx: Transaction, resource: Scope) -> Json | None:
    """Return a resource as GET shows it, or None; children that stand inside their parent count."""
    document = tx.get(store.RESOURCE, resource.key)
    if document is not None:
        return show(tx, document)
    parent = tx.get(store.RESOURCE, parent_of(resource).key)
    child = INLINE_CHILDREN.get(parent["type"].lower()) if parent else None
    for item in (parent["filled"]["properties"].get(child) or []) if parent and child else []:
        if str(item["id"]).lower() == resource.key:
            return item
    return None


def show(tx: Transaction, document: Json) -> Json:
    """Return a stored resource as GET shows it."""
    body = {"id": document["id"], "name": document["name"], "type": document["type"]}
    body |= merge(document["submitted"], document["filled"])
    child = INLINE_CHILDREN.get(document["type"].lower())
    if child:
        own = {str(item["id"]).lower() for item in body["properties"].get(child, [])}
        below = tx.all(store.RESOURCE, f"{document['id']}/{child}/")
        body["properties"][child] = body["properties"].get(child, []) + [
            show(tx, item) for key, item in below if key not in own
        ]
    return body


def merge(submitted: Json, filled: Json) -> Json:
    """Return what was submitted with what the server filled in laid over it, objects member by member."""
    if isinstance(submitted, Mapping) and isinstance(filled, Mapping):
        joined = dict(submitted)
        for key, value in filled.items():
            joined[key] = merge(submitted[key], value) if key in submitted else value
        return joined
    return filled


def check_locks(tx: Transaction, scope: Scope, operation: str, *, below: bool = False) -> None:
    """Raise ArmError when a lock at or above a scope (or below it) or a stack's deny assignment forbids
    ``write`` or ``delete``.
    """
    denials.check(tx, scope, operation)
    forbidding = ("readonly",) if operation == "write" else ("readonly", "cannotdelete")
    found = []
    for _, lock in tx.all(store.LOCK, f"/subscriptions/{scope.subscription}/"):
        home = Scope(lock["id"].rsplit("/providers/", 1)[0])
        applies = home.contains(scope) or (below and scope.contains(home))
        if applies and lock["properties"]["level"].lower() in forbidding:
            found.append(home.path)
    if found:
        raise refusals.locked(scope, operation, found)


def write(
    tx: Transaction, tenant: str, resource: Scope, body: Mapping[str, Json], api_version: str
) -> Written:
    """Create or replace a resource; raise ArmError when ARM would refuse it."""
    kind = resource.resource_type
    if not known(kind):
        raise ArmError(
            400, "InvalidResourceNamespace", f"The resource namespace '{kind.split('/')[0]}' is invalid."
        )
    require_parent(tx, resource, writing=True)
    check_locks(tx, resource, "write")
    submitted = {key: value for key, value in body.items() if key not in _ENVELOPE}
    existing = tx.get(store.RESOURCE, resource.key)
    kept = None
    if existing:
        _same_location(resource, existing["submitted"], submitted)
    else:
        wanted, kept = retained.recovered(tx, resource, submitted)
        submitted = dict(merge(kept["submitted"], wanted)) if kept else dict(wanted)
        taken.refuse_taken(tx, resource, submitted)
    now = timestamp()
    before = existing or kept
    generation = before["generation"] if before else _next_generation(tx, resource)
    facts = Facts(tenant, generation, lambda path: find(tx, Scope.parse(path)) if path else None)
    filled = fill(resource, submitted, facts)
    document = {
        "id": existing["id"] if existing else resource.path,
        "name": resource.name,
        "type": kind,
        "apiVersion": api_version,
        "submitted": submitted,
        "filled": filled,
        "generation": generation,
        "created": existing["created"] if existing else now,
        "changed": now,
    }
    tx.put(store.RESOURCE, resource.key, document)
    _record_principal(tx, resource, filled)
    return Written(show(tx, document), created=existing is None)


def remove(tx: Transaction, resource: Scope) -> bool:
    """Delete a resource and everything below it; return whether it was there. Raise ArmError when locked."""
    check_locks(tx, resource, "delete", below=True)
    document = tx.get(store.RESOURCE, resource.key)
    if document is not None:
        _forget(tx, document)
    clear(tx, resource)
    if document is not None:
        tx.delete(store.RESOURCE, resource.key)
    return document is not None


def clear(tx: Transaction, scope: Scope) -> None:
    """Delete everything below a scope, without asking locks."""
    for key, document in tx.all(store.RESOURCE, scope.key + "/"):
        _forget(tx, document)
        tx.delete(store.RESOURCE, key)
    deployment = (store.DEPLOYMENT, store.DEPLOYMENT_REQUEST, store.OPERATION, store.CANCELLATION)
    policies = (store.POLICY_ASSIGNMENT, store.POLICY_EXEMPTION)
    for kind in (store.LOCK, store.STACK, store.DENIAL, *policies, *deployment):
        for key, _ in tx.all(kind, scope.key + "/"):
            tx.delete(kind, key)
    for kind in (store.ELIGIBILITY, store.ACTIVE_SCHEDULE):
        for key, _ in (*tx.all(kind, scope.key + "/"), *tx.all(kind, scope.key + "|")):
            tx.delete(kind, key)
    for key, assignment in tx.all(store.ASSIGNMENT, scope.key + "/"):
        forget_assignment(tx, key, assignment)


def forget_assignment(tx: Transaction, key: str, assignment: Json) -> None:
    """Delete a role assignment with its indexes."""
    tx.delete(store.ASSIGNMENT, key)
    tx.delete(store.ASSIGNMENT_NAME, assignment["name"])
    tx.delete(store.ASSIGNMENT_TUPLE, assignment_tuple(assignment["properties"]))


def assignment_tuple(properties: Mapping[str, Json]) -> str:
    """Return ARM's uniqueness key of a role assignment: scope, principal and role GUID, lower-case."""
    role = str(properties["roleDefinitionId"]).rsplit("/", 1)[-1]
    return f"{properties['scope']}|{properties['principalId']}|{role}".lower()


def _same_location(resource: Scope, before: Mapping[str, Json], after: Mapping[str, Json]) -> None:
    old, new = (str(body.get("location") or "").lower().replace(" ", "") for body in (before, after))
    if old and new and old != new:
        raise ArmError(
            409,
            "InvalidResourceLocation",
            f"The resource '{resource.name}' already exists in location '{old}' in resource group "
            f"'{resource.resource_group}'. A resource with the same name cannot be created in location "
            f"'{new}'. Please select a new resource name.",
        )


def _next_generation(tx: Transaction, resource: Scope) -> int:
    generation = int(tx.get(store.GENERATION, resource.key) or 0) + 1
    tx.put(store.GENERATION, resource.key, generation)
    return generation


def _record_principal(tx: Transaction, resource: Scope, filled: Mapping[str, Json]) -> None:
    own = filled.get("properties", {})
    for holder in (own, filled.get("identity", {})):
        if "principalId" in holder:
            known = {"type": "ServicePrincipal", "of": resource.path, "client": holder.get("clientId", "")}
            tx.put(store.PRINCIPAL, holder["principalId"], known)


def _forget(tx: Transaction, document: Json) -> None:
    retained.keep(tx, document)
    tx.delete(store.PRINCIPAL, guid(Scope(document["id"]), document["generation"], "principal"))
