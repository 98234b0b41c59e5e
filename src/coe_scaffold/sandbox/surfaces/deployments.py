"""Deployments at every scope: PUT and what-if are asynchronous, validate answers at once."""

from __future__ import annotations

import secrets

from coe_scaffold.model.json import Json
from coe_scaffold.model.resources import ResourceGraph
from coe_scaffold.model.scope import Scope, ScopeKind
from coe_scaffold.sandbox import (
    actors,
    authorisation,
    deployments,
    estate,
    prospect,
    refusals,
    rollout,
    store,
    writing,
)
from coe_scaffold.sandbox.deployments import ACTIVE, Request
from coe_scaffold.sandbox.refusals import ArmError
from coe_scaffold.sandbox.routing import Call, Reply, Route, dated
from coe_scaffold.sandbox.store import Transaction
from coe_scaffold.sandbox.surfaces import deployment_request
from coe_scaffold.sandbox.surfaces.async_results import DEPLOYMENT_DELETION, VALIDATION, WHAT_IF
from coe_scaffold.sandbox.surfaces.groups import TYPED
from coe_scaffold.sandbox.world import World

DEPLOYMENT = "DeploymentJob"
_PATIENCE = 0.3
"""Seconds for which a deployment waits for its client to ask after it, or to cancel it."""
QUOTA = 800
"""Deployments in the history of a scope."""


def put(call: Call) -> Reply:
    """Start a deployment: 201 for a new name, else 200, with Azure-AsyncOperation."""
    request = deployment_request.of(call)
    with call.world.store.transaction() as tx:
        _check(tx, request)
    graph = deployments.graph_of(call.world, request, begins=True)
    _authorise(call, graph)
    job = f"0{secrets.randbelow(10**19):019d}"
    entry = deployments.record(request, graph, job=job, state="Accepted")
    with call.world.store.transaction() as tx:
        existing = _check(tx, request)
        _refuse_active(call, tx, existing)
        if existing is None:
            _check_quota(call, tx)
        if existing and existing["location"].lower() != request.location.lower():
            raise ArmError(
                409,
                "InvalidDeploymentLocation",
                f"Invalid deployment location '{request.location}'. The deployment '{request.name}' already "
                f"exists in location '{existing['location']}'.",
            )
        rollout.reset(tx, request.id)
        tx.delete(store.CANCELLATION, request.id.key)
        tx.put(store.DEPLOYMENT, request.id.key, entry)
        tx.put(store.DEPLOYMENT_REQUEST, request.id.key, request.payload())
        call.jobs.start(tx, DEPLOYMENT, request.id.path, key=job)
    call.jobs.launch(job, patience=_PATIENCE)
    status = call.url(f"{request.id.path}/operationStatuses/{job}")
    return Reply(200 if existing else 201, shown(call, entry), {"Azure-AsyncOperation": status})


def get(call: Call) -> Reply:
    """Return a deployment, or 404 DeploymentNotFound."""
    with call.world.store.transaction() as tx:
        return Reply(200, shown(call, _find(call, tx)))


def shown(call: Call, entry: Json) -> Json:
    """Return a deployment as GET shows it in the call's api-version."""
    return dated(call, deployments.show(entry), "type", TYPED)


def head(call: Call) -> Reply:
    """Return 204 when the deployment is there, else 404."""
    with call.world.store.transaction() as tx:
        found = tx.get(store.DEPLOYMENT, _id(call).key)
    return Reply(204) if found else Reply(404, None, {"x-ms-failure-cause": "gateway"})


def status(call: Call) -> Reply:
    """Answer a poll: the status alone, and a failure's error with HTTP 200."""
    call.jobs.expect(call.params["job"])
    with call.world.store.transaction() as tx:
        job = call.jobs.look(tx, call.params["job"])
        entry = _find(call, tx)
    if entry["state"] in ACTIVE and job and job["status"] == "Failed":  # its end could not be written down
        return Reply(200, {"status": "Failed", "error": job["error"]})
    body: dict[str, Json] = {"status": entry["state"]}
    if entry["state"] == "Failed":
        body["error"] = entry["error"]
    return Reply(200, body)


def validate(call: Call) -> Reply:
    """Check a deployment: 200 with what it would create; 202 + Location for validationLevel Template."""
    request = deployment_request.of(call)
    with call.world.store.transaction() as tx:
        _check(tx, request)
    if request.level.lower() == "template":
        return _later(call, VALIDATION, request)
    found = prospect.validate(call.world, request.id.path, request.payload(), whole=call.api_version < TYPED)
    return Reply(200, dated(call, found, "type", TYPED))


def what_if(call: Call) -> Reply:
    """Ask what a deployment would change: 202 + Location, then the changes."""
    request = deployment_request.of(call)
    with call.world.store.transaction() as tx:
        _check(tx, request)
    return _later(call, WHAT_IF, request)


def cancel(call: Call) -> Reply:
    """Cancel a running deployment: 204, or 409 DeploymentCannotBeCancelled."""
    with call.world.store.transaction() as tx:
        entry = _find(call, tx)
        if entry["state"] not in ACTIVE:
            raise ArmError(
                409,
                "DeploymentCannotBeCancelled",
                f"The deployment '{entry['name']}' cannot be cancelled because it has provisioning state "
                f"'{entry['state']}'.",
            )
        tx.put(store.CANCELLATION, _id(call).key, True)  # noqa: FBT003 - a JSON document
    return Reply(204)


def delete(call: Call) -> Reply:
    """Delete a deployment's record, not its resources: 202 + Location, or 204 when it is not there."""
    identifier = _id(call)
    with call.world.store.transaction() as tx:
        estate.require_scope(tx, call.scope)
        entry = tx.get(store.DEPLOYMENT, identifier.key)
        if entry is None:
            return Reply(204)
        _refuse_active(call, tx, entry)
        estate.check_locks(tx, identifier, "delete")
        job = call.jobs.start(tx, DEPLOYMENT_DELETION, identifier.path)
    call.jobs.launch(job)
    return Reply(202, None, {"Location": _results(call, job)})


def forget(world: World, target: str, _: Json) -> Json:
    """Do the work behind DELETE of a deployment."""
    identifier = Scope(target)
    with world.store.transaction() as tx:
        rollout.reset(tx, identifier)
        tx.delete(store.CANCELLATION, identifier.key)
        tx.delete(store.DEPLOYMENT_REQUEST, identifier.key)
        tx.delete(store.DEPLOYMENT, identifier.key)
    return None


WORK = {
    DEPLOYMENT: rollout.carry_out,
    DEPLOYMENT_DELETION: forget,
    WHAT_IF: prospect.what_if,
    VALIDATION: prospect.validate,
}
"""What does each kind of long-running work of deployments."""


def _later(call: Call, kind: str, request: Request) -> Reply:
    with call.world.store.transaction() as tx:
        job = call.jobs.start(tx, kind, request.id.path, request.payload())
    call.jobs.launch(job)
    return Reply(202, None, {"Location": _results(call, job)})


def _results(call: Call, job: str) -> str:
    if call.scope.subscription:
        return call.url(f"/subscriptions/{call.scope.subscription}/operationresults/{job}")
    return call.url(f"/providers/Microsoft.Resources/operationResults/{job}")


def _check_quota(call: Call, tx: Transaction) -> None:
    """Refuse deployments beyond ARM's limit; in a group, ARM deletes old ones by itself before it is met."""
    if call.scope.kind is ScopeKind.RESOURCE_GROUP:
        return
    count = tx.count(store.DEPLOYMENT, call.scope.child(deployments.TYPE, "x").key[:-1])
    if count >= QUOTA:
        raise ArmError(
            409,
            "DeploymentQuotaExceeded",
            f"Creating the deployment '{call.params['name']}' would exceed the quota of '{QUOTA}'. The "
            f"current deployment count is '{count}'. Please delete some deployments before creating a new "
            "one, or see https://aka.ms/800LimitFix for information on managing deployment limits.",
        )


def _authorise(call: Call, graph: ResourceGraph) -> None:
    """Refuse a template with a resource that its caller may not write, as ARM does before it starts."""
    with call.world.store.transaction() as tx:
        for resource in graph.resources:
            group = "Microsoft.Resources/subscriptions/resourceGroups"
            kind = group if resource.type.lower() == writing.GROUP else resource.type
            if not authorisation.may(tx, f"{kind}/write", resource.id, resource.body):
                who = actors.shown()
                raise ArmError(
                    403,
                    "InvalidTemplateDeployment",
                    f"Deployment failed with multiple errors: 'Authorization failed for template resource "
                    f"'{resource.name}' of type '{resource.type}'. The client '{who}' with object id '{who}' "
                    f"does not have permission to perform action '{kind}/write' at scope "
                    f"'{resource.id.path}'.'",
                )


def _check(tx: Transaction, request: Request) -> Json | None:
    """Raise ArmError when the scope is not there; return the record of an earlier deployment."""
    estate.require_scope(tx, Scope(request.scope), writing=True)
    return tx.get(store.DEPLOYMENT, request.id.key)


def _refuse_active(call: Call, tx: Transaction, existing: Json | None) -> None:
    if existing and existing["state"] in ACTIVE:
        call.jobs.look(tx, existing["job"])
        raise ArmError(
            409,
            "DeploymentActive",
            f"The deployment with resource id '{existing['id']}' cannot be saved, because this would "
            "overwrite an existing deployment which is still active. Please see "
            "https://aka.ms/arm-deploy-resources for usage details.",
        )


def _id(call: Call) -> Scope:
    return call.scope.child(deployments.TYPE, call.params["name"])


def _find(call: Call, tx: Transaction) -> Json:
    estate.require_scope(tx, call.scope)
    entry = tx.get(store.DEPLOYMENT, _id(call).key)
    if entry is None:
        raise refusals.deployment_not_found(call.params["name"])
    if entry["state"] in ACTIVE and entry["job"]:
        call.jobs.look(tx, entry["job"])
    return entry


_ONE = "{scope}/providers/Microsoft.Resources/deployments/{name}"

ROUTES = (
    Route("PUT", _ONE, put),
    Route("GET", _ONE, get),
    Route("HEAD", _ONE, head),
    Route("DELETE", _ONE, delete),
    Route("GET", _ONE + "/operationStatuses/{job}", status),
    Route("POST", _ONE + "/validate", validate),
    Route("POST", _ONE + "/whatIf", what_if),
    Route("POST", _ONE + "/cancel", cancel),
)
