"""Deployment requests and records: what is sent, what it would make, and how ARM shows it."""

from __future__ import annotations

import hashlib
import json
import uuid
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

from coe_scaffold.errors import CompileError
from coe_scaffold.model.json import Json, Value
from coe_scaffold.model.resources import Declared, Need, ResourceGraph
from coe_scaffold.model.scope import Scope, ScopeKind
from coe_scaffold.sandbox import namespaces, store
from coe_scaffold.sandbox.refusals import ArmError
from coe_scaffold.sandbox.store import Transaction
from coe_scaffold.sandbox.world import World, timestamp
from coe_scaffold.template import DeploymentContext, Runtime, evaluate

TYPE = "Microsoft.Resources/deployments"
ACTIVE = ("Accepted", "Running")


@dataclass(frozen=True)
class Request:
    """One deployment as it was sent. ``scope`` is a path, ``links`` are shown as they are.

    ``on_error`` names the earlier deployment that is done again when this one fails.
    """

    name: str
    scope: str
    location: str
    template: Mapping[str, Any] = field(hash=False)
    parameters: Mapping[str, Any] = field(hash=False)
    mode: str = "Incremental"
    level: str = ""
    tags: Mapping[str, str] = field(default_factory=dict, hash=False)
    correlation: str = ""
    links: Mapping[str, Json] = field(default_factory=dict, hash=False)
    on_error: Json = field(default=None, hash=False)

    @property
    def id(self) -> Scope:
        """The deployment's resource id."""
        return Scope(self.scope).child(TYPE, self.name)

    def payload(self) -> Json:
        """Return the request as JSON."""
        return dict(vars(self))


def graph_of(
    world: World, request: Request, runtime: Runtime | None = None, *, begins: bool = False
) -> ResourceGraph:
    """Evaluate a request; raise ArmError 400 with ARM's code when the template or a parameter is refused.

    ``begins`` is for the start of a deployment, and for those that never run.
    """
    with world.store.transaction() as tx:
        context = _context(world, tx, request)
    try:
        return evaluate(request.template, request.parameters, context, runtime, begins=begins)
    except CompileError as error:
        raise invalid(error) from error


def invalid(error: CompileError) -> ArmError:
    """Return the refusal of a template, with the place of each problem (line 0: not known)."""
    first = error.problems[0] if error.problems else None
    code = error.code or (first.code if first else "") or "InvalidTemplate"
    text = "; ".join(problem.message for problem in error.problems) or error.summary
    message = f"Deployment template validation failed: '{text}'." if code == "InvalidTemplate" else text
    places = [problem.file.strip("/").replace("/", ".") for problem in error.problems]
    information = [
        {
            "type": "TemplateViolation",
            "info": {"lineNumber": 0, "linePosition": 0, "path": f"properties.template.{place}".rstrip(".")},
        }
        for place in places
    ]
    return ArmError(400, code, message, information=information)


def record(request: Request, graph: ResourceGraph, *, job: str, state: str) -> dict[str, Json]:
    """Return the stored record of a deployment that starts."""
    return {
        "id": request.id.path,
        "name": request.name,
        "scope": request.scope,
        "location": request.location,
        "tags": dict(request.tags),
        "job": job,
        "state": state,
        "started": datetime.now(UTC).timestamp(),
        "timestamp": timestamp(),
        "duration": "PT0S",
        "mode": request.mode,
        "level": request.level,
        "correlation": request.correlation or str(uuid.uuid4()),
        "templateHash": template_hash(request.template),
        "parameters": _parameters(request.template, request.parameters),
        "links": dict(request.links),
        "onError": request.on_error,
        "declaresOutputs": "outputs" in request.template,
        "providers": _providers(graph.declared),
        "dependencies": _dependencies(graph.declared),
    }


def finish(entry: dict[str, Json], state: str, **members: Json) -> dict[str, Json]:
    """Return a record that has come to an end (``Succeeded``, ``Failed``, ``Canceled``)."""
    seconds = max(datetime.now(UTC).timestamp() - entry["started"], 0.0)
    return {**entry, "state": state, "timestamp": timestamp(), "duration": f"PT{seconds:.7f}S", **members}


def show(entry: Mapping[str, Json], *, validated: Json | None = None) -> Json:
    """Return a record as GET shows it, or with ``validated`` as the answer of validate."""
    properties: dict[str, Json] = {
        **entry.get("links", {}),
        "templateHash": entry["templateHash"],
        **({"parameters": _named(entry["parameters"])} if entry["parameters"] is not None else {}),
        "mode": entry["mode"],
        "provisioningState": entry["state"],
        "timestamp": entry["timestamp"],
        "duration": entry["duration"],
        "correlationId": entry["correlation"],
        "providers": entry["providers"],
        "dependencies": entry["dependencies"],
    }
    if entry.get("onError"):
        properties["onErrorDeployment"] = entry["onError"]
    for key in ("outputs", "outputResources", "error"):
        if key in entry and (key != "outputs" or entry["declaresOutputs"]):
            properties[key] = _named(entry[key]) if key == "outputs" else entry[key]
    if validated is not None:
        properties["validatedResources"] = validated
    if entry["level"]:
        properties["validationLevel"] = entry["level"]
    body: dict[str, Json] = {"id": entry["id"], "name": entry["name"], "type": TYPE}
    if entry["location"]:
        body["location"] = entry["location"]
    if entry["tags"]:
        body["tags"] = entry["tags"]
    return {**body, "properties": properties}


def camel(name: str) -> str:
    """Return the name of a parameter or output as the service writes it: the leading capitals in lower case,
    but the last one before a small letter.
    """
    letters = list(name)
    for index, letter in enumerate(letters):
        if not letter.isupper():
            break
        if index and index + 1 < len(letters) and not letters[index + 1].isupper():
            break
        letters[index] = letter.lower()
    return "".join(letters)


def template_hash(template: Mapping[str, Any]) -> str:
    """Return the compiler's own hash when the template carries one, else a stable 64-bit decimal."""
    generator = (template.get("metadata") or {}).get("_generator") or {}
    if generator.get("templateHash"):
        return str(generator["templateHash"])
    text = json.dumps(template, sort_keys=True, separators=(",", ":"))
    return str(int.from_bytes(hashlib.sha256(text.encode()).digest()[:8], "big"))


def failed(target: Scope, details: Iterable[Json]) -> Json:
    """Return ARM's error of a deployment in which something failed."""
    return {
        "code": "DeploymentFailed",
        "target": target.path,
        "message": "At least one resource deployment operation failed. Please list deployment operations for "
        "details. Please see https://aka.ms/arm-deployment-operations for usage details.",
        "details": list(details),
    }


def nested_failure(target: Scope, inner: Json) -> Json:
    """Return ARM's error of the operation that was a nested deployment."""
    return {
        "code": "ResourceDeploymentFailure",
        "target": target.path,
        "message": "The resource write operation failed to complete successfully, because it reached "
        "terminal provisioning state 'Failed'.",
        "details": [inner],
    }


def _context(world: World, tx: Transaction, request: Request) -> DeploymentContext:
    scope = Scope(request.scope)
    subscription = tx.get(store.SUBSCRIPTION, scope.subscription) if scope.subscription else None
    group = tx.get(store.GROUP, scope.key) if scope.resource_group else None
    return DeploymentContext(
        name=request.name,
        scope=scope,
        location=request.location,
        tenant=world.tenant,
        now=datetime.now(UTC),
        new_guid=lambda: str(uuid.uuid4()),
        subscription_name=subscription["displayName"] if subscription else "",
        group_location=group["submitted"]["location"] if group else "",
        provider=lambda namespace: namespaces.types_of(namespace, {}),
    )


def _named(values: Mapping[str, Json]) -> Json:
    return {camel(name): value for name, value in values.items()}


def _parameters(template: Mapping[str, Any], given: Mapping[str, Any]) -> Json:
    """Return every declared parameter with its value or default."""
    if "parameters" not in template:
        return None
    shown: dict[str, Json] = {}
    for name, declared in (template.get("parameters") or {}).items():
        kind = str(declared.get("type", "object"))
        shown[name] = {"type": kind[:1].upper() + kind[1:]}
        if kind.lower() in ("securestring", "secureobject"):
            continue
        item = given.get(name) or {"value": declared.get("defaultValue")}
        if "value" in item:
            shown[name]["value"] = item["value"]
        elif "reference" in item:
            shown[name]["reference"] = item["reference"]
    return shown


def _providers(resources: Iterable[Declared]) -> Json:
    found: dict[str, dict[str, list[Value]]] = {}
    for resource in resources:
        namespace, _, kind = resource.type.partition("/")
        place = resource.location
        places = found.setdefault(namespace, {}).setdefault(kind, [])
        value = place.lower().replace(" ", "") if isinstance(place, str) else None
        if value not in places:
            places.append(value)
    return [
        {
            "namespace": namespace,
            "resourceTypes": [{"resourceType": kind, "locations": places} for kind, places in kinds.items()],
        }
        for namespace, kinds in found.items()
    ]


def _dependencies(resources: Iterable[Declared]) -> Json:
    """Return what waits for what: once as declared, and once more for each call that asks with a version."""
    shown = []
    for resource in resources:
        needed = [
            {**_target(need.target), **_version(need)}
            for need in resource.needs
            if need.target != resource.id
        ]
        if needed:
            shown.append({"dependsOn": needed, **_target(resource.id)})
    return shown


def _target(resource: Scope) -> dict[str, Json]:
    kind = resource.resource_type
    group = "Microsoft.Resources/resourceGroups"
    name = "/".join(resource.path.rpartition("/providers/")[2].split("/")[2::2]) or resource.name
    if resource.kind is ScopeKind.RESOURCE_GROUP:
        return {"id": resource.path, "resourceType": group, "resourceName": resource.name}
    return {"id": resource.path, "resourceType": kind, "resourceName": name}


def _version(need: Need) -> dict[str, Json]:
    shown: dict[str, Json] = {"apiVersion": need.api_version} if need.api_version else {}
    return shown | ({"actionName": need.action} if need.action else {})
