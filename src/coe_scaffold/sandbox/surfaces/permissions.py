"""What the caller may do at a scope, as the authorization API tells it. The sandbox's caller may do all."""

from __future__ import annotations

from coe_scaffold.sandbox import estate
from coe_scaffold.sandbox.routing import Call, Reply, Route, page


def list_permissions(call: Call) -> Reply:
    """List the permissions of the caller at a scope: one block for each role held there."""
    with call.world.store.transaction() as tx:
        estate.require_scope(tx, call.scope)
    return page(call, [{"actions": ["*"], "notActions": [], "dataActions": [], "notDataActions": []}])


ROUTES = (Route("GET", "{scope}/providers/Microsoft.Authorization/permissions", list_permissions),)
