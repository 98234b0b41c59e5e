"""Deployment stacks at resource group, subscription and management group scope.

PUT answers 201 or 200 with Azure-AsyncOperation; validate 202 with Location; DELETE 200 when everything is
detached, else 202 with Azure-AsyncOperation. Poll statuses are in lower case, as the service writes them.
"""

from __future__ import annotations

import uuid
from collections.abc import Mapping

from coe_scaffold.model.json import Json
from coe_scaffold.model.scope import Scope, ScopeKind
from coe_scaffold.sandbox import deployments, estate, links, refusals, stacks, store, unmanaging
from coe_scaffold.sandbox.prospect import Prospect
from coe_scaffold.sandbox.refusals import ArmError
from coe_scaffold.sandbox.routing import Call, Reply, Route, page
from coe_scaffold.sandbox.stacks import Wish
from coe_scaffold.sandbox.store import Transaction
from coe_scaffold.sandbox.world import World

STACK = "StackJob"
STACK_DELETION = "StackDeletionJob"
STACK_VALIDATION = "PreflightStackJob"
_FIRST = "2022-08-01-preview"
"""The oldest api-version modelled: earlier ones had another shape and are gone from the service."""


def put(call: Call) -> Reply:
    """Start a stack: 201 for a new name, else 200."""
    content = content_of(call)
    with call.world.store.transaction() as tx:
        wish = wish_of(call, tx, content)
        existing = tx.get(store.STACK, wish.id.key)
        if existing and existing["state"] not in stacks.DONE:
            raise ArmError(
                409,
                "DeploymentStackInNonTerminalState",
                f"The deployment stack '{existing['id']}' is not in a terminal state and cannot be "
                f"updated. Its state is '{existing['state']}'.",
                gateway=False,
            )
        if existing:
            _refuse_out_of_sync(call, existing, wish.properties.get("bypassStackOutOfSyncError"))
        entry = stacks.begin(wish, existing)
        tx.put(store.STACK, wish.id.key, entry)
        job = call.jobs.start(tx, STACK, wish.id.path, key=str(uuid.uuid4()))
    call.jobs.launch(job)
    headers = {"Azure-AsyncOperation": operation(call, wish.location, "Status", job)}
    return Reply(200 if existing else 201, stacks.show(entry, call.api_version), headers)


def get(call: Call) -> Reply:
    """Return a stack, or 404: its code depends on the scope, as with the service."""
    with call.world.store.transaction() as tx:
        return Reply(200, stacks.show(_find(call, tx), call.api_version))


def list_stacks(call: Call) -> Reply:
    """List the stacks of a scope."""
    with call.world.store.transaction() as tx:
        estate.require_scope(tx, call.scope)
        found = tx.all(store.STACK, call.scope.child(stacks.TYPE, "x").key[:-1])
    return page(call, [stacks.show(entry, call.api_version) for _, entry in found])


def delete(call: Call) -> Reply:
    """Delete a stack: 200 when nothing has to be deleted with it, 204 when it is not there, else 202."""
    actions = {
        key.rpartition(".")[2][:1].lower() + key.rpartition(".")[2][1:]: value
        for key, value in call.query.items()
        if key.lower().startswith("unmanageaction.")
    }
    with call.world.store.transaction() as tx:
        estate.require_scope(tx, call.scope)
        entry = tx.get(store.STACK, call.scope.child(stacks.TYPE, call.params["name"]).key)
        if entry is None:
            return Reply(204)
        _refuse_out_of_sync(call, entry, call.query.get("bypassStackOutOfSyncError"))
        if not unmanaging.wants_deletion(entry["resources"], actions) and not _asks(actions):
            stacks.forget(tx, entry["id"])
            return Reply(200)
        location = entry["wish"]["location"]
        tx.put(store.STACK, entry["id"], {**entry, "state": "deleting"})
        job = call.jobs.start(tx, STACK_DELETION, entry["id"], actions, key=str(uuid.uuid4()))
    call.jobs.launch(job)
    return Reply(202, None, {"Azure-AsyncOperation": operation(call, location, "Status", job)})


def validate(call: Call) -> Reply:
    """Check a stack: 202 with Location, then 200 or 400."""
    content = content_of(call)
    with call.world.store.transaction() as tx:
        wish = wish_of(call, tx, content)
        job = call.jobs.start(tx, STACK_VALIDATION, wish.id.path, wish.payload())
    call.jobs.launch(job)
    return Reply(202, None, {"Location": operation(call, wish.location, "Results", job)})


def export(call: Call) -> Reply:
    """Return the template of a stack, or the link it was made from."""
    with call.world.store.transaction() as tx:
        wish = Wish(**_find(call, tx)["wish"])
    link = wish.properties.get("templateLink")
    return Reply(200, {"template": wish.template} | ({"templateLink": link} if link else {}))


def status(call: Call) -> Reply:
    """Answer a poll of a deployment or deletion: HTTP 200 with the state in lower case."""
    with call.world.store.transaction() as tx:
        record = call.jobs.look(tx, call.params["job"])
        if record is None:
            raise ArmError(404, "NotFound", f"The operation '{call.params['job']}' is not known.")
        kinds = (store.STACK, store.STACK_WHAT_IF)
        found = (tx.members(kind, record["target"], "state", "error") for kind in kinds)
        entry = next((members for members in found if members), None)
    body: dict[str, Json] = {"id": call.path, "name": call.params["job"]}
    if record["status"] == "Running":
        if record["kind"] == STACK_DELETION:
            return Reply(200, {**body, "status": "deleting"})
        state = str(entry["state"]) if entry else "initializing"
        return Reply(200, {**body, "status": "initializing" if state in stacks.DONE else state})
    error = record.get("error") or (entry or {}).get("error")
    if error:
        return Reply(200, {**body, "status": "failed", "error": error})
    return Reply(200, {**body, "status": "succeeded"})


def result(call: Call) -> Reply:
    """Answer a poll of a validation: 202 with Location while it runs, then 200 or 400."""
    with call.world.store.transaction() as tx:
        record = call.jobs.look(tx, call.params["job"])
    if record is None:
        raise ArmError(404, "NotFound", f"The operation '{call.params['job']}' is not known.")
    if record["status"] == "Running":
        return Reply(202, None, {"Location": call.url(call.path)})
    if record["status"] == "Failed":
        return Reply(record["code"], {"error": record["error"], "properties": {}})
    return Reply(200, record["result"])


def check(world: World, target: str, payload: Json) -> Json:
    """Do the work behind validate."""
    wish = Wish(**payload)
    request = wish.deployment(f"{wish.name[:50]}-validate")
    graph = deployments.graph_of(world, request, Prospect(world), begins=True)
    shown = deployments.show(deployments.record(request, graph, job="", state="Succeeded"))
    return stacks.validated(wish, graph, shown)


WORK = {STACK: stacks.carry_out, STACK_DELETION: stacks.remove, STACK_VALIDATION: check}
"""What does each kind of long-running work of stacks."""


def _refuse_out_of_sync(call: Call, entry: Json, bypass: Json) -> None:
    """Raise ArmError when the list of a stack is doubted (a fault) and the caller does not go on anyway.

    When Azure doubts a list by itself is not published; the refusal is Microsoft Learn's, "Create and deploy
    Azure deployment stacks in Bicep: handle the stack-out-of-sync error".
    """
    if call.world.faults.plan.out_of_sync and str(bypass).lower() != "true":
        raise ArmError(
            409,
            "DeploymentStackOutOfSync",
            f"The deployment stack '{entry['name']}' might not have an accurate list of managed resources. "
            "Check that the list has no additional values, so that nothing is deleted by accident. To bypass "
            "this warning, set 'bypassStackOutOfSyncError'.",
            gateway=False,
        )


def _asks(actions: Mapping[str, str]) -> bool:
    return any(str(value).lower() == "delete" for value in actions.values())


def content_of(call: Call) -> links.Content:
    """Return a stack's template and parameters; raise ArmError for a scope or link that is not there."""
    if call.api_version < _FIRST:
        raise refusals.not_modelled(f"api-version {call.api_version} of deployment stacks")
    with call.world.store.transaction() as tx:
        estate.require_scope(tx, call.scope, writing=call.method == "PUT")
    properties = call.content().get("properties")
    if not isinstance(properties, Mapping):
        raise refusals.bad_request("The request content was invalid: 'properties' is missing.")
    return links.resolve(call.world.store, properties)


def _check_words(properties: Mapping[str, Json]) -> None:
    """Raise ArmError for an action or a deny mode that there is not."""
    actions = properties.get("actionOnUnmanage") or {}
    given = [(f"actionOnUnmanage.{key}", value, stacks.ACTIONS) for key, value in actions.items()]
    mode = (properties.get("denySettings") or {}).get("mode", "none")
    for path, value, known in (*given, ("denySettings.mode", mode, stacks.MODES)):
        if str(value).lower() not in known:
            raise refusals.bad_request(
                "The request content was invalid and could not be deserialized: 'Error converting value "
                f"\"{value}\". Path 'properties.{path}'.'."
            )


def wish_of(call: Call, tx: Transaction, content: links.Content) -> Wish:
    """Return a stack as the call's body describes it; raise ArmError for what is missing."""
    properties = call.content()["properties"]
    _check_words(properties)
    location = str(call.content().get("location") or "")
    if not location and call.scope.kind is not ScopeKind.RESOURCE_GROUP:
        raise ArmError(
            400,
            "LocationRequired",
            "The location property is required for this definition.",
        )
    target = Scope.parse(str(properties.get("deploymentScope") or call.scope.path))
    estate.require_scope(tx, target, writing=True)
    group = tx.get(store.GROUP, estate.group_of(call.scope).key) if call.scope.resource_group else None
    return Wish(
        name=call.params["name"],
        scope=call.scope.path,
        target=target.path,
        location=location or (group["submitted"]["location"] if group else ""),
        body=dict(call.content()),
        template=content.template,
        parameters=content.parameters,
        correlation=call.correlation,
        version=call.api_version,
    )


def _find(call: Call, tx: Transaction) -> Json:
    estate.require_scope(tx, call.scope)
    identifier = call.scope.child(stacks.TYPE, call.params["name"])
    entry = tx.get(store.STACK, identifier.key)
    if entry is not None:
        return entry
    if call.scope.kind is ScopeKind.RESOURCE_GROUP:
        raise ArmError(
            404,
            "DeploymentStackResourceNotFound",
            f"The deployment stack '{identifier.path}' could not be found.",
            gateway=False,
        )
    raise ArmError(
        404,
        "ResourceNotFound",
        f"The resource '{identifier.name}' was not found. For more details please go to "
        "https://aka.ms/ARMResourceNotFoundFix",
    )


def operation(call: Call, location: str, what: str, job: str) -> str:
    """Return the URL at which long-running work of stacks is asked for: its ``Status`` or its ``Results``."""
    home = f"/subscriptions/{call.scope.subscription}" if call.scope.subscription else ""
    place = f"locations/{location.lower().replace(' ', '') or 'global'}"
    return call.url(f"{home}/providers/Microsoft.Resources/{place}/deploymentStackOperation{what}/{job}")


_ALL = "{scope}/providers/Microsoft.Resources/deploymentStacks"
_ONE = _ALL + "/{name}"
_PLACE = "{scope}/providers/Microsoft.Resources/locations/{location}"

ROUTES = (
    Route("PUT", _ONE, put),
    Route("GET", _ONE, get),
    Route("DELETE", _ONE, delete),
    Route("POST", _ONE + "/validate", validate),
    Route("POST", _ONE + "/exportTemplate", export),
    Route("GET", _ALL, list_stacks),
    Route("GET", _PLACE + "/deploymentStackOperationStatus/{job}", status),
    Route("GET", _PLACE + "/deploymentStackOperationResults/{job}", result),
)
