"""What-if results of deployment stacks: resources that a PUT fills and POST whatIf tells in detail.

PUT answers 201 or 200 with Azure-AsyncOperation, whatIf 202 with Location, as the service's published
examples of api-version 2025-07-01 do. Nothing is written but the result itself.
"""

from __future__ import annotations

import uuid

from coe_scaffold.model.json import Json
from coe_scaffold.model.scope import Scope
from coe_scaffold.sandbox import estate, refusals, stack_prospect, stacks, store
from coe_scaffold.sandbox.refusals import ArmError
from coe_scaffold.sandbox.routing import Call, Reply, Route, page
from coe_scaffold.sandbox.stacks import Wish
from coe_scaffold.sandbox.store import Transaction
from coe_scaffold.sandbox.surfaces.stacks import content_of, operation, wish_of
from coe_scaffold.sandbox.world import World, timestamp

TYPE = "Microsoft.Resources/deploymentStacksWhatIfResults"
WHAT_IF = "StackWhatIfJob"
DETAILS = "StackWhatIfDetailsJob"
_FIRST = "2025-07-01"
_NEEDED = ("deploymentStackResourceId", "retentionInterval", "actionOnUnmanage", "denySettings")


def put(call: Call) -> Reply:
    """Start a what-if: 201 for a new name, else 200."""
    if call.api_version < _FIRST:
        raise refusals.not_modelled(f"api-version {call.api_version} of what-if results")
    content = content_of(call)
    with call.world.store.transaction() as tx:
        wish = wish_of(call, tx, content)
        for name in _NEEDED:
            if wish.properties.get(name) is None:
                raise refusals.bad_request(f"The request content was invalid: '{name}' is missing.")
        identifier = _id(call)
        existing = tx.get(store.STACK_WHAT_IF, identifier.key)
        turn = str(uuid.uuid4())
        entry: dict[str, Json] = {
            "id": identifier.path,
            "name": call.params["name"],
            "wish": {**wish.payload(), "template": {}, "parameters": {}, "body": _without_template(wish)},
            "turn": turn,
            "state": "initializing",
            "created": existing["created"] if existing else timestamp(),
            "modified": timestamp(),
            "compared": "",
            "changes": None,
            "error": None,
        }
        tx.put(store.STACK_WHAT_IF, identifier.key, entry)
        job = call.jobs.start(tx, WHAT_IF, identifier.path, {"wish": wish.payload(), "turn": turn}, key=turn)
    call.jobs.launch(job)
    headers = {"Azure-AsyncOperation": operation(call, wish.location, "Status", job)}
    return Reply(200 if existing else 201, _shown(entry, None), headers)


def get(call: Call) -> Reply:
    """Return a result, its changes without the properties."""
    with call.world.store.transaction() as tx:
        entry = _find(call, tx)
    return Reply(200, _shown(entry, stack_prospect.brief(entry["changes"]) if entry["changes"] else None))


def list_results(call: Call) -> Reply:
    """List the results of a scope."""
    with call.world.store.transaction() as tx:
        estate.require_scope(tx, call.scope)
        found = tx.all(store.STACK_WHAT_IF, call.scope.child(TYPE, "x").key[:-1])
    return page(call, [_shown(entry, None) for _, entry in found])


def delete(call: Call) -> Reply:
    """Delete a result: 200, or 204 when it is not there."""
    with call.world.store.transaction() as tx:
        estate.require_scope(tx, call.scope)
        found = tx.get(store.STACK_WHAT_IF, _id(call).key)
        tx.delete(store.STACK_WHAT_IF, _id(call).key)
    return Reply(200 if found else 204)


def what_if(call: Call) -> Reply:
    """Ask for a result with the changes of every property: 202 with Location."""
    with call.world.store.transaction() as tx:
        entry = _find(call, tx)
        job = call.jobs.start(tx, DETAILS, entry["id"])
    call.jobs.launch(job)
    return Reply(202, None, {"Location": operation(call, entry["wish"]["location"], "Results", job)})


def work_out(world: World, target: str, payload: Json) -> Json:
    """Do the work behind PUT: evaluate and compare. What another PUT has asked for since then stands."""
    wish = Wish(**payload["wish"])
    with world.store.transaction() as tx:
        stack = tx.get(store.STACK, str(wish.properties["deploymentStackResourceId"]).lower())
    found: dict[str, Json] = {"compared": stack["modified"] if stack else ""}
    refused = None
    try:
        found |= {"state": "succeeded", "changes": stack_prospect.changes(world, wish, stack)}
    except ArmError as error:
        refused = error
        found |= {"state": "failed", "error": error.error()}
    with world.store.transaction() as tx:
        entry = tx.get(store.STACK_WHAT_IF, target)
        if entry is not None and entry["turn"] == payload["turn"]:
            tx.put(store.STACK_WHAT_IF, target, {**entry, **found})
    if refused is not None:
        raise ArmError(400, refused.error()["code"], refused.error()["message"])
    return None


def _without_template(wish: Wish) -> Json:
    """Return what was sent without what is not shown again: nobody reads it twice."""
    properties = {
        key: value for key, value in wish.properties.items() if key not in ("template", "parameters")
    }
    return {**wish.body, "properties": properties}


def details(world: World, target: str, _: Json) -> Json:
    """Do the work behind POST whatIf."""
    with world.store.transaction() as tx:
        entry = tx.get(store.STACK_WHAT_IF, target)
    if entry is None:
        raise ArmError(404, "NotFound", f"The what-if result '{target}' is not there any more.")
    return _shown(entry, entry["changes"])


WORK = {WHAT_IF: work_out, DETAILS: details}
"""What does each kind of long-running work of what-if results."""


def _shown(entry: Json, changes: Json | None) -> Json:
    wish = Wish(**entry["wish"])
    properties: dict[str, Json] = {
        "deploymentStackResourceId": wish.properties["deploymentStackResourceId"],
        "retentionInterval": wish.properties["retentionInterval"],
        "actionOnUnmanage": stacks.actions_of(wish, wish.version),
        "denySettings": stacks.deny_of(wish, wish.version),
        "parameters": {},
        "provisioningState": entry["state"],
        "correlationId": wish.correlation,
    }
    if entry["compared"]:
        properties["deploymentStackLastModified"] = entry["compared"]
    if changes is not None:
        properties["changes"] = changes
    if entry["error"]:
        properties["error"] = entry["error"]
    placed = {"id": entry["id"], "type": TYPE, "name": entry["name"]}
    location = {"location": wish.body["location"]} if wish.body.get("location") else {}
    return {**location, "systemData": stacks.system_data(entry), "properties": properties, **placed}


def _id(call: Call) -> Scope:
    return call.scope.child(TYPE, call.params["name"])


def _find(call: Call, tx: Transaction) -> Json:
    estate.require_scope(tx, call.scope)
    entry = tx.get(store.STACK_WHAT_IF, _id(call).key)
    if entry is None:
        raise ArmError(
            404,
            "ResourceNotFound",
            f"The resource '{call.params['name']}' was not found. For more details please go to "
            "https://aka.ms/ARMResourceNotFoundFix",
        )
    return entry


_ALL = "{scope}/providers/Microsoft.Resources/deploymentStacksWhatIfResults"
_ONE = _ALL + "/{name}"

ROUTES = (
    Route("PUT", _ONE, put),
    Route("GET", _ONE, get),
    Route("DELETE", _ONE, delete),
    Route("POST", _ONE + "/whatIf", what_if),
    Route("GET", _ALL, list_results),
)
