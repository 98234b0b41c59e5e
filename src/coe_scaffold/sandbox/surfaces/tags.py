"""The tags of a resource, group or subscription as one object that is read, replaced, merged and deleted."""

from __future__ import annotations

from collections.abc import Mapping

from coe_scaffold.model.json import Json
from coe_scaffold.model.scope import Scope, ScopeKind
from coe_scaffold.sandbox import estate, refusals, store
from coe_scaffold.sandbox.routing import Call, Reply, Route
from coe_scaffold.sandbox.store import Transaction

TYPE = "Microsoft.Resources/tags"


def get(call: Call) -> Reply:
    """Return the tags of a scope."""
    with call.world.store.transaction() as tx:
        return Reply(200, _shown(call.scope, _holder(tx, call.scope)[2]))


def put(call: Call) -> Reply:
    """Replace all tags."""
    wanted = call.content().get("properties", {}).get("tags") or {}
    with call.world.store.transaction() as tx:
        return Reply(200, write(tx, call.scope, wanted))


def patch(call: Call) -> Reply:
    """Merge, replace or delete tags, as ``operation`` says."""
    given = call.content().get("properties", {}).get("tags") or {}
    operation = str(call.content().get("operation", ""))
    with call.world.store.transaction() as tx:
        before = _holder(tx, call.scope)[2]
        match operation.lower():
            case "merge":
                after = {**before, **given}
            case "replace":
                after = dict(given)
            case "delete":
                after = {key: value for key, value in before.items() if given.get(key, object()) != value}
            case _:
                raise refusals.bad_request(f"The operation '{operation}' on tags is invalid.")
        return Reply(200, write(tx, call.scope, after))


def delete(call: Call) -> Reply:
    """Remove all tags."""
    with call.world.store.transaction() as tx:
        write(tx, call.scope, {})
    return Reply(200)


def write(tx: Transaction, scope: Scope, tags: Mapping[str, Json]) -> Json:
    """Set the tags of a scope and return them as GET shows them."""
    kind, document, _ = _holder(tx, scope)
    estate.check_locks(tx, scope, "write")
    document["submitted"]["tags"] = dict(tags)
    tx.put(kind, scope.subscription if kind == store.SUBSCRIPTION else scope.key, document)
    return _shown(scope, tags)


def _holder(tx: Transaction, scope: Scope) -> tuple[str, Json, Mapping[str, Json]]:
    estate.require_scope(tx, scope)
    match scope.kind:
        case ScopeKind.SUBSCRIPTION:
            kind, key = store.SUBSCRIPTION, scope.subscription
        case ScopeKind.RESOURCE_GROUP:
            kind, key = store.GROUP, scope.key
        case ScopeKind.RESOURCE:
            kind, key = store.RESOURCE, scope.key
        case _:
            raise refusals.not_modelled(f"tags at '{scope.path}'")
    document = tx.get(kind, key)
    if document is None:
        raise refusals.not_modelled(f"tags of '{scope.path}', which stands inside its parent")
    return kind, document, document["submitted"].get("tags") or {}


def _shown(scope: Scope, tags: Mapping[str, Json]) -> Json:
    return {
        "id": f"{scope.path}/providers/Microsoft.Resources/tags/default",
        "name": "default",
        "type": TYPE,
        "properties": {"tags": dict(tags)},
    }


_TAGS = "{scope}/providers/Microsoft.Resources/tags/default"

ROUTES = (
    Route("GET", _TAGS, get),
    Route("PUT", _TAGS, put),
    Route("PATCH", _TAGS, patch),
    Route("DELETE", _TAGS, delete),
)
