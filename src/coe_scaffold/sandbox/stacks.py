"""Deployment stacks: their records, how ARM shows them, and the work behind PUT and DELETE."""

from __future__ import annotations

import secrets
import string
import uuid
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime

from coe_scaffold.model.json import Json
from coe_scaffold.model.resources import ResourceGraph
from coe_scaffold.model.scope import Scope, ScopeKind
from coe_scaffold.sandbox import actors, denials, deployments, rollout, store, unmanaging
from coe_scaffold.sandbox.deployments import Request
from coe_scaffold.sandbox.refusals import ArmError
from coe_scaffold.sandbox.store import Transaction
from coe_scaffold.sandbox.world import World, timestamp

TYPE = "Microsoft.Resources/deploymentStacks"
DONE = ("succeeded", "failed", "canceled")
CORRELATED = "2024-03-01"
"""First api-version that shows ``correlationId``."""
_COMPLETE = "2025-07-01"
"""First api-version that always shows what it has beyond the earlier ones, defaults too."""
ACTIONS = {"delete": "Delete", "detach": "Detach", "fail": "Fail"}
MODES = {"none": "None", "denydelete": "DenyDelete", "denywriteanddelete": "DenyWriteAndDelete"}
"""Words for what becomes of a resource and for what is denied, in lower case, and as validate spells them."""


@dataclass(frozen=True)
class Wish:
    """A stack as it was sent, template resolved. ``scope`` and ``target`` (where it deploys) are paths.

    ``version`` is the api-version it was sent with.
    """

    name: str
    scope: str
    target: str
    location: str
    body: Json
    template: Json
    parameters: Json
    correlation: str
    version: str = ""

    @property
    def id(self) -> Scope:
        """The stack's resource id."""
        return Scope(self.scope).child(TYPE, self.name)

    @property
    def properties(self) -> Mapping[str, Json]:
        """The submitted properties."""
        properties: Mapping[str, Json] = self.body["properties"]
        return properties

    def payload(self) -> Json:
        """Return the wish as JSON."""
        return dict(vars(self))

    def deployment(self, name: str) -> Request:
        """Return the deployment that makes the stack's resources."""
        target = Scope(self.target)
        location = "" if target.kind is ScopeKind.RESOURCE_GROUP else self.location or "westus"
        return Request(
            name, self.target, location, self.template, self.parameters, correlation=self.correlation
        )


def begin(wish: Wish, existing: Json | None) -> dict[str, Json]:
    """Return the record of a stack that starts to deploy."""
    created = existing["created"] if existing else timestamp()
    return {
        "id": wish.id.path,
        "name": wish.name,
        "wish": wish.payload(),
        "state": "initializing",
        "created": created,
        "modified": timestamp(),
        "started": datetime.now(UTC).timestamp(),
        "deployment": "",
        "resources": [],
        "before": existing["resources"] if existing else [],
        "detached": [],
        "deleted": [],
        "failed": [],
        "error": None,
        "outputs": None,
    }


def show(entry: Mapping[str, Json], version: str) -> Json:
    """Return a record as GET shows it: the caller's casing of what was sent, ARM's members around it."""
    wish = Wish(**entry["wish"])
    done = entry["state"] in DONE
    properties: dict[str, Json] = {
        key: wish.properties[key]
        for key in ("description", "debugSetting", "templateLink", "parametersLink", "deploymentScope")
        if wish.properties.get(key) is not None
    }
    properties["actionOnUnmanage"] = actions_of(wish, version)
    properties["denySettings"] = deny_of(wish, version)
    if done and entry["deployment"]:
        properties["deploymentId"] = entry["deployment"]
    if done:
        properties["duration"] = f"PT{entry['duration']:.7f}S"
    if entry["outputs"] is not None and "outputs" in wish.template:
        properties["outputs"] = {deployments.camel(key): value for key, value in entry["outputs"].items()}
    properties["parameters"] = _parameters(wish, done=done)
    properties["resources"] = entry["resources"] if done else []
    properties["provisioningState"] = entry["state"]
    properties["detachedResources"] = entry["detached"]
    properties["deletedResources"] = entry["deleted"]
    properties["failedResources"] = entry["failed"]
    if entry["error"]:
        properties["error"] = entry["error"]
    if version >= CORRELATED:
        properties["correlationId"] = wish.correlation
    body: dict[str, Json] = {}
    for key in ("location", "tags"):
        if wish.body.get(key) is not None:
            body[key] = wish.body[key]
    placed = {"id": entry["id"], "type": TYPE, "name": entry["name"]}
    return {**body, "properties": properties, "systemData": system_data(entry), **placed}


def system_data(entry: Mapping[str, Json]) -> Json:
    """Return who made a record and when."""
    author = actors.shown()
    return {
        "createdBy": author,
        "createdByType": "User",
        "createdAt": entry["created"],
        "lastModifiedBy": author,
        "lastModifiedByType": "User",
        "lastModifiedAt": entry["modified"],
    }


def validated(wish: Wish, graph: ResourceGraph, shown: Json) -> Json:
    """Return the answer of validate: enumerations and types capitalised, as the service does there."""
    actions = {
        key: ACTIONS.get(str(value).lower(), value) for key, value in actions_of(wish, wish.version).items()
    }
    deny = deny_of(wish, wish.version)
    properties: dict[str, Json] = {"validatedResources": [{"id": item.id.path} for item in graph.resources]}
    for key in ("description", "deploymentScope"):
        if wish.properties.get(key) is not None:
            properties[key] = wish.properties[key]
    properties["actionOnUnmanage"] = actions
    properties["denySettings"] = {**deny, "mode": MODES.get(str(deny["mode"]).lower(), deny["mode"])}
    if "parameters" in shown["properties"]:
        properties["parameters"] = shown["properties"]["parameters"]
    if wish.version >= _COMPLETE:
        properties["deploymentExtensions"] = []
    properties["correlationId"] = wish.correlation
    return {"properties": properties, "id": wish.id.path, "type": TYPE, "name": wish.name}


def carry_out(world: World, target: str, _: Json) -> Json:
    """Do the work behind PUT: deploy, then delete or detach what is no longer in the template."""
    with world.store.transaction() as tx:
        entry = tx.get(store.STACK, target)
        if entry is None or entry["state"] in DONE:
            return None
        wish = Wish(**entry["wish"])
        request = wish.deployment(entry["deployment"].rpartition("/")[2] or _deployment_name(wish.name))
        _save(tx, entry, state="deploying", deployment=request.id.path)
        record = deployments.record(request, ResourceGraph(()), job="", state="Accepted")
        tx.put(store.DEPLOYMENT, request.id.key, record)
        tx.put(store.DEPLOYMENT_REQUEST, request.id.key, request.payload())
    with actors.on_behalf_of_stack(entry["id"]):
        rollout.carry_out(world, request.id.path, None)
        with world.store.transaction() as tx:
            outcome = tx.get(store.DEPLOYMENT, request.id.key)
        if outcome is None or outcome["state"] != "Succeeded":
            _fail(world, entry, outcome, request)
            return None
        made = [item["id"] for item in outcome.get("outputResources", [])]
        kept = {path.lower() for path in made}
        gone = [item["id"] for item in entry["before"] if item["id"].lower() not in kept]
        if gone:
            with world.store.transaction() as tx:
                _save(tx, entry, state="deletingResources")
        fate = unmanaging.release(world, gone, actions_of(wish))
    with world.store.transaction() as tx:
        deny = deny_of(wish)
        managed = [_managed(path, deny) for path in made] + fate.still_managed(entry["before"])
        denials.replace(tx, entry["id"], [item["id"] for item in managed], deny)
        _save(
            tx,
            entry,
            state="failed" if fate.failed else "succeeded",
            error=unmanaging.error(fate) if fate.failed else None,
            resources=managed,
            detached=fate.detached,
            deleted=fate.deleted,
            failed=fate.failed,
            outputs=outcome.get("outputs"),
            duration=datetime.now(UTC).timestamp() - entry["started"],
        )
    return None


def remove(world: World, target: str, payload: Json) -> Json:
    """Do the work behind DELETE: release what the stack manages, then forget the stack."""
    with world.store.transaction() as tx:
        entry = tx.get(store.STACK, target)
    if entry is None:
        return None
    with actors.on_behalf_of_stack(entry["id"]):
        paths = [item["id"] for item in entry["resources"]]
        fate = unmanaging.release(world, paths, payload)
    with world.store.transaction() as tx:
        if fate.failed:
            error = unmanaging.error(fate)
            _save(
                tx, entry, state="failed", error=error, failed=fate.failed, deleted=fate.deleted, duration=0.0
            )
            raise ArmError(409, error["code"], error["message"], details=error["details"])
        forget(tx, target)
    return None


def forget(tx: Transaction, target: str) -> None:
    """Delete a stack's record with its deny assignments."""
    denials.replace(tx, target, [], {"mode": "none"})
    tx.delete(store.STACK, target)


def _fail(world: World, entry: Json, outcome: Json | None, request: Request) -> None:
    inner = (outcome or {}).get("error") or deployments.failed(request.id, [])
    error = {
        "code": "DeploymentStackDeploymentFailed",
        "message": f"One or more resources could not be deployed. Correlation id: '{request.correlation}'.",
        "details": [inner],
    }
    with world.store.transaction() as tx:
        elapsed = datetime.now(UTC).timestamp() - entry["started"]
        _save(tx, entry, state="failed", error=error, resources=entry["before"], duration=elapsed)


def _save(tx: Transaction, entry: Json, **members: Json) -> None:
    stored = tx.get(store.STACK, entry["id"])
    if stored is not None:
        entry.update(members)
        tx.put(store.STACK, entry["id"], {**stored, **members})


def _managed(path: str, deny: Mapping[str, Json]) -> Json:
    return {"status": "managed", "denyStatus": deny_status(path, deny), "id": path}


def deny_status(path: str, deny: Mapping[str, Json]) -> str:
    """Return what a stack's deny settings come to for one resource, as ARM lists it."""
    mode = str(deny["mode"])
    if mode.lower() == "none":
        return "none"
    return mode if denials.supported(Scope(path)) else "notSupported"


def actions_of(wish: Wish, version: str = "") -> dict[str, Json]:
    """Return a wish's actionOnUnmanage with the defaults that ARM shows in an api-version."""
    given = wish.properties.get("actionOnUnmanage") or {}
    recent = {"resourcesWithoutDeleteSupport": "fail"} if version >= _COMPLETE else {}
    return {
        "resources": "detach",
        "resourceGroups": "detach",
        "managementGroups": "detach",
        **recent,
        **given,
    }


def deny_of(wish: Wish, version: str = "") -> dict[str, Json]:
    """Return a wish's denySettings with the defaults that ARM shows in an api-version."""
    recent: dict[str, Json] = (
        {"excludedPrincipals": [], "excludedActions": []} if version >= _COMPLETE else {}
    )
    given = wish.properties.get("denySettings") or {}
    return {"mode": "none", "applyToChildScopes": False, **recent, **given}


def _parameters(wish: Wish, *, done: bool) -> Json:
    declared = wish.template.get("parameters") or {}
    linked = wish.properties.get("templateLink") is not None
    shown: dict[str, Json] = {}
    for name, item in (wish.parameters or {}).items():
        kind = str((declared.get(name) or {}).get("type", "object"))
        if linked and not done:
            shown[name] = {}
            continue
        secure = kind.lower() in ("securestring", "secureobject")
        kept = {"value": item["value"]} if "value" in item and not (secure and done) else {}
        reference = {"reference": item["reference"]} if "reference" in item else {}
        shown[name] = {**kept, **reference, "type": kind[:1].upper() + kind[1:] if linked else kind}
    return shown


def _deployment_name(stack: str) -> str:
    moment = datetime.now(UTC).strftime("%y%m%d%H")
    letters = string.ascii_lowercase + string.digits
    return f"{stack[:50]}-{moment}{''.join(secrets.choice(letters) for _ in range(5))}"


def correlation(given: str) -> str:
    """Return a correlation id of the caller's, or a new one."""
    return given or str(uuid.uuid4())


def listed(entries: Sequence[Json], version: str) -> list[Json]:
    """Return records as a list shows them."""
    return [show(entry, version) for entry in entries]
