"""What the caller may do at a scope, and what stands below it."""

from __future__ import annotations

from coe_scaffold.model.json import Json
from coe_scaffold.model.scope import Scope
from coe_scaffold.sandbox import authorisation, estate, store
from coe_scaffold.sandbox.routing import Call, Reply, Route, page


def list_permissions(call: Call) -> Reply:
    """List the permission blocks that the caller's role assignments give it."""
    with call.world.store.transaction() as tx:
        estate.require_scope(tx, call.scope)
        return page(call, authorisation.permissions(tx, call.scope))


def list_children(call: Call) -> Reply:
    """List what is directly below a subscription or group: where a role can be activated."""
    with call.world.store.transaction() as tx:
        estate.require_scope(tx, call.scope)
        groups = [
            {"id": group["id"], "name": group["name"], "type": "resourcegroup"}
            for _, group in tx.all(store.GROUP, f"{call.scope.key}/")
        ]
        resources: list[Json] = [
            {"id": item["id"], "name": Scope(item["id"]).name, "type": item["type"]}
            for _, item in tx.all(store.RESOURCE, f"{call.scope.key}/")
            if estate.parent_of(Scope(item["id"])) == call.scope
        ]
    return page(call, [*groups, *(resources if call.scope.resource_group else [])])


def list_classic(call: Call) -> Reply:
    """List the classic administrators: there are none since the service retired them."""
    with call.world.store.transaction() as tx:
        estate.require_subscription(tx, call.scope)
    return page(call, [])


_AUTHORISATION = "{scope}/providers/Microsoft.Authorization/"

ROUTES = (
    Route("GET", _AUTHORISATION + "permissions", list_permissions),
    Route("GET", _AUTHORISATION + "eligibleChildResources", list_children),
    Route("GET", _AUTHORISATION + "classicAdministrators", list_classic),
)
