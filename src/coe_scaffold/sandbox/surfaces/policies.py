"""Policy assignments, recorded and shown. Policies are not evaluated: nothing is denied or audited."""

from __future__ import annotations

from collections.abc import Mapping

from coe_scaffold.model.json import Json
from coe_scaffold.model.scope import Scope
from coe_scaffold.sandbox import estate, store
from coe_scaffold.sandbox.filled import guid
from coe_scaffold.sandbox.refusals import ArmError, bad_request
from coe_scaffold.sandbox.routing import Call, Reply, Route, page
from coe_scaffold.sandbox.store import Transaction
from coe_scaffold.sandbox.surfaces.assignments import caller
from coe_scaffold.sandbox.world import World, timestamp

TYPE = "Microsoft.Authorization/policyAssignments"


def put(call: Call) -> Reply:
    """Create or update a policy assignment: 201 either way."""
    with call.world.store.transaction() as tx:
        return Reply(201, write(tx, call.world, call.scope, call.params["name"], call.content())[0])


def get(call: Call) -> Reply:
    """Return a policy assignment, or 404 PolicyAssignmentNotFound."""
    with call.world.store.transaction() as tx:
        estate.require_scope(tx, call.scope)
        found = tx.get(store.POLICY_ASSIGNMENT, call.scope.child(TYPE, call.params["name"]).key)
    if found is None:
        raise ArmError(
            404,
            "PolicyAssignmentNotFound",
            f"The policy assignment '{call.params['name']}' is not found.",
            gateway=False,
        )
    return Reply(200, found["shown"])


def delete(call: Call) -> Reply:
    """Delete a policy assignment: 200 with its body, or 204 when it is not there."""
    identifier = call.scope.child(TYPE, call.params["name"])
    with call.world.store.transaction() as tx:
        estate.require_scope(tx, call.scope)
        found = tx.get(store.POLICY_ASSIGNMENT, identifier.key)
        if found is None:
            return Reply(204)
        estate.check_locks(tx, identifier, "delete")
        tx.delete(store.POLICY_ASSIGNMENT, identifier.key)
    return Reply(200, found["shown"])


def list_assignments(call: Call) -> Reply:
    """List the policy assignments at a scope and below it."""
    with call.world.store.transaction() as tx:
        estate.require_scope(tx, call.scope)
        found = tx.all(store.POLICY_ASSIGNMENT, call.scope.key.rstrip("/") + "/")
    return page(call, [item["shown"] for _, item in found])


def write(
    tx: Transaction, world: World, scope: Scope, name: str, body: Mapping[str, Json]
) -> tuple[Json, bool]:
    """Create or update a policy assignment; return it as GET shows it and whether it is new."""
    estate.require_scope(tx, scope, writing=True)
    estate.check_locks(tx, scope, "write")
    properties = body.get("properties") or {}
    if not properties.get("policyDefinitionId"):
        raise bad_request("The policy assignment has no 'policyDefinitionId'.", "InvalidPolicyAssignment")
    identifier = scope.child(TYPE, name)
    existing = tx.get(store.POLICY_ASSIGNMENT, identifier.key)
    created = existing["shown"]["properties"]["metadata"]["createdOn"] if existing else timestamp()
    metadata = {
        **(properties.get("metadata") or {}),
        "createdBy": caller(world.tenant),
        "createdOn": created,
        "updatedBy": caller(world.tenant) if existing else None,
        "updatedOn": timestamp() if existing else None,
    }
    shown = {
        **_placed(tx, world, identifier, body),
        "properties": {"enforcementMode": "Default", **properties, "scope": scope.path, "metadata": metadata},
        "id": identifier.path,
        "type": TYPE,
        "name": name,
    }
    tx.put(store.POLICY_ASSIGNMENT, identifier.key, {"shown": shown, "submitted": dict(body)})
    return shown, existing is None


def _placed(tx: Transaction, world: World, identifier: Scope, body: Mapping[str, Json]) -> dict[str, Json]:
    """Return the identity and location of an assignment; a system-assigned identity joins the directory."""
    placed = {key: body[key] for key in ("identity", "location") if body.get(key)}
    if str(placed.get("identity", {}).get("type", "")).lower() == "systemassigned":
        principal = guid(identifier, 1, "principal")
        placed["identity"] = {**placed["identity"], "principalId": principal, "tenantId": world.tenant}
        tx.put(store.PRINCIPAL, principal, {"type": "ServicePrincipal", "of": identifier.path})
    return placed


_POLICIES = "{scope}/providers/Microsoft.Authorization/policyAssignments"

ROUTES = (
    Route("PUT", _POLICIES + "/{name}", put),
    Route("GET", _POLICIES + "/{name}", get),
    Route("DELETE", _POLICIES + "/{name}", delete),
    Route("GET", _POLICIES, list_assignments),
)
