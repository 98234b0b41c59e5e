"""Carries a deployment out: the evaluator's runtime that writes real state, one transaction a resource."""

from __future__ import annotations

import hashlib
import uuid
from dataclasses import dataclass, field

from coe_scaffold.model.json import Json, JsonObject, Value, unknowns
from coe_scaffold.model.resources import Resource, ResourceGraph
from coe_scaffold.model.scope import Scope
from coe_scaffold.sandbox import deployments, estate, keys, refusals, rollback, store, writing
from coe_scaffold.sandbox.deployments import Request
from coe_scaffold.sandbox.refusals import ArmError
from coe_scaffold.sandbox.store import Transaction
from coe_scaffold.sandbox.world import World, timestamp
from coe_scaffold.template import DeploymentContext


class _Canceled(Exception):  # noqa: N818 - not an error: somebody asked for it
    """The deployment was cancelled."""


@dataclass
class _Level:
    """One deployment in the making, and how many operations it has."""

    id: Scope
    count: int = 0
    outputs: list[Json] = field(default_factory=list)


class Rollout:
    """Implements template.Runtime by writing to the sandbox."""

    def __init__(self, world: World, deployment: Scope) -> None:
        self._world = world
        self._root = deployment
        self.levels = [_Level(deployment)]

    def begin(self, context: DeploymentContext, template: JsonObject, parameters: JsonObject) -> None:
        """Record a nested deployment that starts, and its operation in the one around it."""
        request = Request(
            context.name, context.scope.path, str(context.location), dict(template), dict(parameters)
        )
        entry = deployments.record(request, ResourceGraph(()), job="", state="Running")
        with self._world.store.transaction() as tx:
            self.check(tx)
            estate.require_scope(tx, context.scope, writing=True)
            reset(tx, request.id)
            tx.put(store.DEPLOYMENT, request.id.key, entry)
            tx.put(store.DEPLOYMENT_REQUEST, request.id.key, request.payload())
            self._operation(tx, request.id, "Running")
        self.levels.append(_Level(request.id))

    def end(self, context: DeploymentContext, outputs: JsonObject) -> None:
        """Record that a nested deployment is through."""
        level = self.levels.pop()
        with self._world.store.transaction() as tx:
            _close(tx, level, "Succeeded", outputs=shown_outputs(outputs), outputResources=level.outputs)
            self.levels[-1].count -= 1
            self._operation(tx, level.id, "Succeeded")
        self.levels[-1].outputs += level.outputs

    def create(self, resource: Resource) -> None:
        """Create or update a resource; raise ArmError when ARM would refuse it."""
        level = self.levels[-1]
        try:
            if any(unknowns(resource.body)):
                raise ArmError(
                    400,
                    "InvalidTemplateDeployment",
                    f"The sandbox cannot tell a value that '{resource.id}' needs: "
                    f"{', '.join(sorted({item.expression for item in unknowns(resource.body)}))}.",
                )
            with self._world.store.transaction() as tx:
                self.check(tx)
                new = writing.create(tx, self._world, resource)
                self._operation(tx, resource.id, "Succeeded", code="Created" if new else "OK")
        except ArmError as error:
            with self._world.store.transaction() as tx:
                self._operation(tx, resource.id, "Failed", code=_STATUS.get(error.status, ""), error=error)
            raise
        level.outputs.append({"id": resource.id.path})

    def reference(self, resource_id: Scope, api_version: str, *, full: bool) -> Value:
        """Return a resource's properties or, with ``full``, all of it; raise ArmError if it is not there."""
        with self._world.store.transaction() as tx:
            found = writing.shown(tx, resource_id)
        if found is None:
            raise refusals.resource_not_found(resource_id)
        if full:
            return {**found, "apiVersion": api_version, "resourceId": resource_id.path}
        return found.get("properties", {})

    def invoke(self, function: str, resource_id: Scope, api_version: str, body: Value) -> Value:
        """Return what a ``list*`` function answers."""
        with self._world.store.transaction() as tx:
            if writing.shown(tx, resource_id) is None:
                raise refusals.resource_not_found(resource_id)
        return keys.invoke(resource_id, function)

    def fail(self, cause: Json) -> Json:
        """Mark every deployment in the making as failed, the innermost first; return the outermost error."""
        with self._world.store.transaction() as tx:
            while True:
                level = self.levels.pop()
                error = deployments.failed(level.id, [cause])
                _close(tx, level, "Failed", error=error)
                if not self.levels:
                    return error
                self.levels[-1].count -= 1
                cause = deployments.nested_failure(level.id, error)
                self._operation(tx, level.id, "Failed", code="Conflict", error=cause)

    def cancel(self) -> None:
        """Mark every deployment in the making as cancelled."""
        with self._world.store.transaction() as tx:
            for level in self.levels:
                _close(tx, level, "Canceled")

    def check(self, tx: Transaction) -> None:
        """Stop when somebody has asked for it."""
        if tx.get(store.CANCELLATION, self._root.key):
            raise _Canceled

    def _operation(
        self, tx: Transaction, target: Scope, state: str, *, code: str = "OK", error: ArmError | Json = None
    ) -> None:
        level = self.levels[-1]
        level.count += 1
        properties: dict[str, Json] = {
            "provisioningOperation": "Create",
            "provisioningState": state,
            "timestamp": timestamp(),
            "duration": "PT0S",
            "trackingId": str(uuid.uuid5(uuid.NAMESPACE_URL, f"{level.id.key}|{target.key}")),
            "targetResource": {
                "id": target.path,
                "resourceType": target.resource_type,
                "resourceName": target.name,
            },
        }
        if state != "Running":
            properties["statusCode"] = code
        if error is not None:
            body = error.error() if isinstance(error, ArmError) else error
            properties["statusMessage"] = {"status": "Failed", "error": body}
        _put_operation(tx, level.id, level.count, target.key, properties)


def carry_out(world: World, target: str, _: Json) -> Json:
    """Do the work behind PUT of a deployment: evaluate, write, and record how it ended."""
    identifier = Scope(target)
    with world.store.transaction() as tx:
        payload = tx.get(store.DEPLOYMENT_REQUEST, identifier.key)
        entry = tx.get(store.DEPLOYMENT, identifier.key)
        if payload is None or entry is None or entry["state"] not in deployments.ACTIVE:
            return None
        reset(tx, identifier)
        tx.put(store.DEPLOYMENT, identifier.key, {**entry, "state": "Running"})
    _deploy(world, identifier, Request(**payload))
    with world.store.transaction() as tx:
        failed = tx.get(store.DEPLOYMENT, identifier.key)
        earlier = rollback.request(tx, failed) if failed and failed["state"] == "Failed" else None
        if earlier:
            reset(tx, earlier.id)
    if earlier:
        _deploy(world, earlier.id, earlier)
        with world.store.transaction() as tx:
            outcome = tx.get(store.DEPLOYMENT, earlier.id.key)
            rollback.note(tx, identifier, outcome["state"] if outcome else "Failed")
    return None


def _deploy(world: World, identifier: Scope, request: Request) -> None:
    rollout = Rollout(world, identifier)
    try:
        with world.store.transaction() as tx:
            rollout.check(tx)
        graph = deployments.graph_of(world, request, rollout)
        if request.mode.lower() == "complete":
            _remove_others(world, request, graph)
        _succeed(world, rollout, graph)
    except _Canceled:
        rollout.cancel()
    except ArmError as error:
        rollout.fail(error.error())
    except Exception as error:  # a defect must end the deployment, or its client waits for ever
        rollout.fail({"code": "InternalServerError", "message": f"The sandbox failed: {error!r}"})
        raise


def reset(tx: Transaction, deployment: Scope) -> None:
    """Forget the operations of an earlier run of a deployment."""
    for key, _ in tx.all(store.OPERATION, f"{deployment.key}/"):
        tx.delete(store.OPERATION, key)


def shown_outputs(outputs: JsonObject) -> Json:
    """Return outputs as ARM shows them: types capitalised, secure values left out."""
    shown: dict[str, Json] = {}
    for name, item in outputs.items():
        kind = str(item.get("type", "object"))
        shown[name] = {"type": kind[:1].upper() + kind[1:]}
        if kind.lower() not in ("securestring", "secureobject"):
            shown[name]["value"] = item.get("value")
    return shown


def _succeed(world: World, rollout: Rollout, graph: ResourceGraph) -> None:
    level = rollout.levels[0]
    open_ = [item.expression for item in unknowns(graph.outputs)]
    if open_:
        raise ArmError(
            400,
            "DeploymentOutputEvaluationFailed",
            f"Unable to evaluate template outputs: the sandbox cannot tell {', '.join(sorted(set(open_)))}.",
        )
    with world.store.transaction() as tx:
        rollout.check(tx)
        outputs = shown_outputs(graph.outputs)
        _put_operation(tx, level.id, level.count + 1, "outputs", _output_operation())
        _close(tx, level, "Succeeded", outputs=outputs, outputResources=level.outputs)


def _remove_others(world: World, request: Request, graph: ResourceGraph) -> None:
    """Delete what a deployment of mode Complete does not name: top-level resources of its own group."""
    scope = Scope(request.scope)
    kept = {resource.id.key for resource in graph.resources}
    with world.store.transaction() as tx:
        for key, _ in tx.all(store.RESOURCE, f"{scope.key}/"):
            resource = Scope(key)
            if key not in kept and estate.parent_of(resource) == scope:
                estate.remove(tx, resource)


def _close(tx: Transaction, level: _Level, state: str, **members: Json) -> None:
    entry = tx.get(store.DEPLOYMENT, level.id.key)
    if entry is not None:
        tx.put(store.DEPLOYMENT, level.id.key, deployments.finish(entry, state, **members))


def _output_operation() -> dict[str, Json]:
    return {
        "provisioningOperation": "EvaluateDeploymentOutput",
        "provisioningState": "Succeeded",
        "timestamp": timestamp(),
        "duration": "PT0S",
        "trackingId": str(uuid.uuid4()),
        "statusCode": "OK",
    }


def _put_operation(
    tx: Transaction, deployment: Scope, number: int, about: str, properties: dict[str, Json]
) -> None:
    operation = hashlib.sha256(f"{deployment.key}|{about}".encode()).hexdigest()[:16].upper()
    body = {
        "id": f"{deployment.path}/operations/{operation}",
        "operationId": operation,
        "properties": properties,
    }
    tx.put(store.OPERATION, f"{deployment.key}/{number:06d}", body)


_STATUS = {400: "BadRequest", 403: "Forbidden", 404: "NotFound", 409: "Conflict", 501: "NotImplemented"}
