"""The caller's own permissions at a scope."""

from __future__ import annotations

from coe_scaffold.sandbox import authorisation, estate
from coe_scaffold.sandbox.routing import Call, Reply, Route, page


def list_permissions(call: Call) -> Reply:
    """List the permission blocks that the caller's role assignments give it."""
    with call.world.store.transaction() as tx:
        estate.require_scope(tx, call.scope)
        return page(call, authorisation.permissions(tx, call.scope))


ROUTES = (Route("GET", "{scope}/providers/Microsoft.Authorization/permissions", list_permissions),)
