"""Management locks. CanNotDelete and ReadOnly are enforced on resources, groups and role assignments."""

from __future__ import annotations

from collections.abc import Mapping

from coe_scaffold.model.json import Json
from coe_scaffold.model.scope import Scope
from coe_scaffold.sandbox import estate, store
from coe_scaffold.sandbox.refusals import ArmError, bad_request
from coe_scaffold.sandbox.routing import Call, Reply, Route, page
from coe_scaffold.sandbox.store import Transaction

TYPE = "Microsoft.Authorization/locks"
_LEVELS = {"cannotdelete": "CanNotDelete", "readonly": "ReadOnly"}


def put(call: Call) -> Reply:
    """Create or update a lock: 201 or 200."""
    with call.world.store.transaction() as tx:
        body, created = write(tx, call.scope, call.params["name"], call.content())
    return Reply(201 if created else 200, body)


def get(call: Call) -> Reply:
    """Return a lock, or 404 LockNotFound."""
    with call.world.store.transaction() as tx:
        estate.require_scope(tx, call.scope)
        lock = tx.get(store.LOCK, call.scope.child(TYPE, call.params["name"]).key)
    if lock is None:
        raise ArmError(404, "LockNotFound", f"The lock '{call.params['name']}' could not be found.")
    return Reply(200, lock["shown"])


def list_locks(call: Call) -> Reply:
    """List the locks at a scope and below it, or with ``atScope()`` at it and above it."""
    scope = call.scope
    at_scope = "atscope()" in call.query.get("$filter", "").lower()
    with call.world.store.transaction() as tx:
        estate.require_scope(tx, scope)
        locks = [lock["shown"] for _, lock in tx.all(store.LOCK, f"/subscriptions/{scope.subscription}/")]
    homes = [(Scope(lock["id"].rsplit("/providers/", 1)[0]), lock) for lock in locks]
    return page(
        call, [lock for home, lock in homes if (home.contains(scope) if at_scope else scope.contains(home))]
    )


def delete(call: Call) -> Reply:
    """Delete a lock: 200, or 204 when it is not there."""
    with call.world.store.transaction() as tx:
        estate.require_scope(tx, call.scope)
        gone = tx.delete(store.LOCK, call.scope.child(TYPE, call.params["name"]).key)
    return Reply(200 if gone else 204)


def write(tx: Transaction, scope: Scope, name: str, body: Mapping[str, Json]) -> tuple[Json, bool]:
    """Create or update a lock; return it as GET shows it and whether it is new."""
    estate.require_scope(tx, scope, writing=True)
    properties = dict(body.get("properties") or {})
    level = _LEVELS.get(str(properties.get("level", "")).lower())
    if level is None:
        raise bad_request(
            f"The lock level '{properties.get('level', '')}' is invalid: CanNotDelete or ReadOnly."
        )
    lock = scope.child(TYPE, name)
    shown = {"properties": {**properties, "level": level}, "id": lock.path, "type": TYPE, "name": name}
    created = tx.get(store.LOCK, lock.key) is None
    tx.put(store.LOCK, lock.key, {**shown, "shown": shown, "submitted": {"properties": properties}})
    return shown, created


_LOCKS = "{scope}/providers/Microsoft.Authorization/locks"

ROUTES = (
    Route("PUT", _LOCKS + "/{name}", put),
    Route("GET", _LOCKS + "/{name}", get),
    Route("DELETE", _LOCKS + "/{name}", delete),
    Route("GET", _LOCKS, list_locks),
)
