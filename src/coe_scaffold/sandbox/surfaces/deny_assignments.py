"""Deny assignments, which only deployment stacks make here: read."""

from __future__ import annotations

from coe_scaffold.model.scope import Scope
from coe_scaffold.sandbox import denials, estate, store
from coe_scaffold.sandbox.refusals import ArmError, not_modelled
from coe_scaffold.sandbox.routing import Call, Reply, Route, page


def list_denials(call: Call) -> Reply:
    """List the deny assignments at a scope, above and below it; with ``atScope()`` none below."""
    asked = call.query.get("$filter", "")
    if asked and asked.lower() != "atscope()":
        raise not_modelled(f"the filter '{asked}' on deny assignments")
    with call.world.store.transaction() as tx:
        estate.require_scope(tx, call.scope)
        found = [one for _, one in tx.all(store.DENIAL)]
    shown = [
        denials.shown(one)
        for one in found
        if Scope(one["at"]).contains(call.scope) or (not asked and call.scope.contains(Scope(one["at"])))
    ]
    return page(call, shown)


def get(call: Call) -> Reply:
    """Return one deny assignment, or 404 DenyAssignmentNotFound."""
    name = call.params["name"]
    with call.world.store.transaction() as tx:
        estate.require_scope(tx, call.scope)
        found = tx.get(store.DENIAL, call.scope.path)
    if found is None or denials.shown(found)["name"].lower() != name.lower():
        message = f"The deny assignment with ID '{name}' is not found."
        raise ArmError(404, "DenyAssignmentNotFound", message)
    return Reply(200, denials.shown(found))


ROUTES = (
    Route("GET", f"{{scope}}/providers/{denials.TYPE}", list_denials),
    Route("GET", f"{{scope}}/providers/{denials.TYPE}/{{name}}", get),
)
