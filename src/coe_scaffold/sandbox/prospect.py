"""Evaluates a deployment against the state as it is, without writing: what-if and validate."""

from __future__ import annotations

from dataclasses import dataclass, field

from coe_scaffold.model.json import Json, JsonObject, Value
from coe_scaffold.model.resources import Resource
from coe_scaffold.model.scope import Scope, ScopeKind
from coe_scaffold.sandbox import deployments, estate, keys, store, writing
from coe_scaffold.sandbox.comparing import change, written
from coe_scaffold.sandbox.deployments import Request
from coe_scaffold.sandbox.refusals import ArmError
from coe_scaffold.sandbox.world import World
from coe_scaffold.template import DeploymentContext, OfflineRuntime


@dataclass(frozen=True)
class Nested:
    """A nested deployment: its id, template and parameters."""

    id: Scope
    template: JsonObject = field(hash=False)
    parameters: JsonObject = field(hash=False)

    def shown(self) -> dict[str, Json]:
        """Return it as old api-versions show what they validated."""
        inside = {"mode": "Incremental", "template": self.template, "parameters": self.parameters}
        placed = {"id": self.id.path, "name": self.id.name, "type": deployments.TYPE}
        return {**placed, "properties": written(inside)}


class Prospect:
    """Implements template.Runtime by reading: what exists is looked up, what does not is predicted.

    ``nested`` are the nested deployments it went through, by lower-case id.
    """

    def __init__(self, world: World) -> None:
        self._world = world
        self._predicted = OfflineRuntime()
        self._bodies: dict[str, JsonObject] = {}
        self.nested: dict[str, Nested] = {}

    def begin(self, context: DeploymentContext, template: JsonObject, parameters: JsonObject) -> None:
        """Remember a nested deployment that starts."""
        self._predicted.begin(context, template, parameters)
        nested = context.scope.child(deployments.TYPE, context.name)
        self.nested[nested.key] = Nested(nested, template, parameters)

    def end(self, context: DeploymentContext, outputs: JsonObject) -> None:
        """A nested deployment is through: nothing to do."""
        self._predicted.end(context, outputs)

    def create(self, resource: Resource) -> None:
        """Remember what would be written."""
        self._predicted.create(resource)
        self._bodies[resource.id.key] = resource.body

    def reference(self, resource_id: Scope, api_version: str, *, full: bool) -> Value:
        """Return a resource as it would be: stored, with what would be written laid over it."""
        with self._world.store.transaction() as tx:
            found = writing.shown(tx, resource_id)
        if found is None:
            return self._predicted.reference(resource_id, api_version, full=full)
        future = estate.merge(found, self._bodies.get(resource_id.key, {}))
        if full:
            return {**future, "apiVersion": api_version, "resourceId": resource_id.path}
        return future.get("properties", {})

    def invoke(self, function: str, resource_id: Scope, api_version: str, body: Value) -> Value:
        """Return what a ``list*`` function answers, or an Unknown for a resource that is not there yet."""
        with self._world.store.transaction() as tx:
            exists = writing.shown(tx, resource_id) is not None
        if exists:
            return keys.invoke(resource_id, function)
        return self._predicted.invoke(function, resource_id, api_version, body)


def what_if(world: World, target: str, payload: Json) -> Json:
    """Do the work behind what-if: one change per resource, and Ignore for the others in its group."""
    request = Request(**payload)
    try:
        graph = deployments.graph_of(world, request, Prospect(world), begins=True)
    except ArmError as error:
        return {"status": "Failed", "error": error.error()}
    with world.store.transaction() as tx:
        found = [change(resource, writing.submitted(tx, resource)) for resource in graph.resources]
        scope = Scope(request.scope)
        named = {str(item["resourceId"]).lower() for item in found}
        if scope.kind is ScopeKind.RESOURCE_GROUP:
            other = "Delete" if request.mode.lower() == "complete" else "Ignore"
            for key, document in tx.all(store.RESOURCE, f"{scope.key}/"):
                if key not in named and estate.parent_of(Scope(key)) == scope:
                    found.append(_untouched(document, other))
    found.sort(key=lambda item: str(item["resourceId"]).lower())
    return {"status": "Succeeded", "properties": {"correlationId": request.correlation, "changes": found}}


def validate(world: World, target: str, payload: Json, *, whole: bool = False) -> Json:
    """Evaluate a request and return ARM's answer to validate; raise ArmError when it is refused.

    ``whole`` shows the resources as old api-versions do: with all they are made of.
    """
    request = Request(**payload)
    prospect = Prospect(world)
    graph = deployments.graph_of(world, request, prospect, begins=True)
    entry = deployments.record(request, graph, job="", state="Succeeded")
    named = {resource.id.key for resource in graph.resources}
    nested = [one for key, one in prospect.nested.items() if key not in named]
    if whole:
        shown = [*map(_submitted, graph.resources), *(one.shown() for one in nested)]
    else:
        ids = [*(resource.id for resource in graph.resources), *(one.id for one in nested)]
        shown = [{"id": identifier.path} for identifier in ids]
    return deployments.show(entry, validated=shown)


def _submitted(resource: Resource) -> Json:
    body = {key: value for key, value in written(resource.body).items() if key not in ("dependsOn", "scope")}
    placed = {"id": resource.id.path, "name": resource.id.name, "type": resource.type}
    return {"properties": {}, **body, **placed, "apiVersion": resource.api_version}


def _untouched(document: Json, kind: str) -> Json:
    before = {
        "apiVersion": document["apiVersion"],
        "id": document["id"],
        "name": document["name"],
        "type": document["type"],
        **document["submitted"],
    }
    after = {} if kind == "Delete" else {"after": before}
    return {"resourceId": document["id"], "changeType": kind, "before": before, **after}
