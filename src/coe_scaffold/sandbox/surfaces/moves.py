"""Moving resources between groups: 202 with Location, then 204. Role assignments do not move with them."""

from __future__ import annotations

from coe_scaffold.model.json import Json
from coe_scaffold.model.scope import Scope
from coe_scaffold.sandbox import estate, store
from coe_scaffold.sandbox.refusals import ArmError, bad_request, resource_not_found
from coe_scaffold.sandbox.routing import Call, Reply, Route
from coe_scaffold.sandbox.store import Transaction
from coe_scaffold.sandbox.world import World

MOVE = "ResourceMoveJob"


def move(call: Call) -> Reply:
    """Check a move and start it."""
    job = _begin(call, start=True)
    call.jobs.launch(job)
    subscription = call.params["subscription"]
    return Reply(202, None, {"Location": call.url(f"/subscriptions/{subscription}/operationresults/{job}")})


def validate(call: Call) -> Reply:
    """Check a move: 204 when it is possible."""
    _begin(call, start=False)
    return Reply(204)


def carry_out(world: World, target: str, payload: Json) -> Json:
    """Do the work behind a move."""
    goal = Scope(target)
    with world.store.transaction() as tx:
        for path in payload:
            resource = Scope(path)
            new = goal.path + resource.path[len(estate.group_of(resource).path) :]
            for key, document in tx.all(store.RESOURCE, resource.key):
                if key != resource.key and not key.startswith(resource.key + "/"):
                    continue
                moved = new + document["id"][len(resource.path) :]
                tx.delete(store.RESOURCE, key)
                tx.put(store.RESOURCE, moved, {**document, "id": moved})
    return None


WORK = {MOVE: carry_out}
"""What does the long-running work of moves."""


def _begin(call: Call, *, start: bool) -> str:
    group = Scope.subscription_of(call.params["subscription"]).group(call.params["group"])
    paths = call.content().get("resources")
    target = Scope.parse(str(call.content().get("targetResourceGroup") or "/"))
    if not isinstance(paths, list) or not paths or not target.resource_group:
        raise bad_request("A move needs 'resources' and a 'targetResourceGroup'.", "InvalidRequestContent")
    with call.world.store.transaction() as tx:
        estate.require_scope(tx, group, writing=True)
        estate.require_scope(tx, target, writing=True)
        for path in paths:
            _check(tx, group, target, Scope.parse(str(path)))
        return call.jobs.start(tx, MOVE, target.path, paths) if start else ""


def _check(tx: Transaction, group: Scope, target: Scope, resource: Scope) -> None:
    if not group.contains(resource):
        raise bad_request(
            f"The resource '{resource}' is not in the group '{group.name}'.", "InvalidResourceMoveRequest"
        )
    if tx.get(store.RESOURCE, resource.key) is None:
        raise resource_not_found(resource)
    goal = Scope(target.path + resource.path[len(group.path) :])
    if tx.get(store.RESOURCE, goal.key) is not None:
        raise ArmError(
            409,
            "ResourceMoveFailed",
            f"A resource named '{resource.name}' of type '{resource.resource_type}' is in the target group.",
        )
    estate.check_locks(tx, group, "write")
    estate.check_locks(tx, target, "write")


_GROUP = "/subscriptions/{subscription}/resourceGroups/{group}"

ROUTES = (
    Route("POST", _GROUP + "/moveResources", move),
    Route("POST", _GROUP + "/validateMoveResources", validate),
)
