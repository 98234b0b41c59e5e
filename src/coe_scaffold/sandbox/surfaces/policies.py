"""Policy assignments: written, shown as each api-version does, and enforced when resources are written."""

from __future__ import annotations

from collections.abc import Mapping

from coe_scaffold.model.json import Json
from coe_scaffold.model.scope import Scope
from coe_scaffold.sandbox import estate, hierarchy, store
from coe_scaffold.sandbox.authorship import SYSTEM_DATA, metadata, system_data
from coe_scaffold.sandbox.filled import guid
from coe_scaffold.sandbox.refusals import ArmError, bad_request, not_modelled
from coe_scaffold.sandbox.routing import Call, Reply, Route, page
from coe_scaffold.sandbox.store import Transaction
from coe_scaffold.sandbox.world import World

TYPE = "Microsoft.Authorization/policyAssignments"
_ENFORCEMENT = "2019-01-01"
"""First api-version with ``enforcementMode`` and ``metadata``."""
_PRICED = ("2018-05-01", "2020-03-01")
"""The api-versions from the first to before the second show ``sku``."""
_VERSIONED = "2024-05-01"
"""First api-version with ``definitionVersion``, which assignments of built-in definitions have."""


def put(call: Call) -> Reply:
    """Create or update a policy assignment: 201 either way."""
    with call.world.store.transaction() as tx:
        shown = write(tx, call.world, call.scope, call.params["name"], call.content())[0]
    return Reply(201, dated(call, shown))


def get(call: Call) -> Reply:
    """Return a policy assignment, or 404 PolicyAssignmentNotFound."""
    with call.world.store.transaction() as tx:
        estate.require_scope(tx, call.scope)
        found = tx.get(store.POLICY_ASSIGNMENT, call.scope.child(TYPE, call.params["name"]).key)
    if found is None:
        raise ArmError(
            404,
            "PolicyAssignmentNotFound",
            f"The policy assignment '{call.params['name']}' is not found.",
            gateway=False,
        )
    return Reply(200, dated(call, found["shown"]))


def patch(call: Call) -> Reply:
    """Change the identity, location or selectors of a policy assignment."""
    identifier = call.scope.child(TYPE, call.params["name"])
    content = call.content()
    with call.world.store.transaction() as tx:
        found = tx.get(store.POLICY_ASSIGNMENT, identifier.key)
        if found is None:
            raise ArmError(
                404,
                "PolicyAssignmentNotFound",
                f"The policy assignment '{identifier.name}' is not found.",
                gateway=False,
            )
        body = dict(found["submitted"])
        body |= {key: content[key] for key in ("identity", "location") if key in content}
        body["properties"] = {**body.get("properties", {}), **(content.get("properties") or {})}
        return Reply(200, dated(call, write(tx, call.world, call.scope, identifier.name, body)[0]))


def delete(call: Call) -> Reply:
    """Delete a policy assignment: 200 with its body, or 204 when it is not there."""
    identifier = call.scope.child(TYPE, call.params["name"])
    with call.world.store.transaction() as tx:
        estate.require_scope(tx, call.scope)
        found = tx.get(store.POLICY_ASSIGNMENT, identifier.key)
        if found is None:
            return Reply(204)
        estate.check_locks(tx, identifier, "delete")
        tx.delete(store.POLICY_ASSIGNMENT, identifier.key)
        if principal := _principal(found["shown"]):
            tx.delete(store.PRINCIPAL, principal)
    return Reply(200, dated(call, found["shown"]))


def list_assignments(call: Call) -> Reply:
    """List what applies at a scope, above and below it; ``atScope()`` leaves out what is below."""
    text = call.query.get("$filter", "").strip().lower()
    if text not in ("", "atscope()", "atexactscope()") and not text.startswith("policydefinitionid eq "):
        raise not_modelled(f'the filter "{text}" of policy assignments')
    with call.world.store.transaction() as tx:
        estate.require_scope(tx, call.scope)
        homes = [call.scope] if text == "atexactscope()" else hierarchy.chain(tx, call.scope)
        found: dict[str, Json] = {}
        for home in homes:
            found |= dict(tx.all(store.POLICY_ASSIGNMENT, home.child(TYPE, "x").key[:-1]))
        if text in ("",) or text.startswith("policy"):
            found |= dict(tx.all(store.POLICY_ASSIGNMENT, call.scope.key.rstrip("/") + "/"))
    shown = [item["shown"] for item in found.values()]
    if text.startswith("policy"):
        wanted = text.partition(" eq ")[2].strip("'")
        shown = [item for item in shown if item["properties"]["policyDefinitionId"].lower() == wanted]
    return page(call, [dated(call, item) for item in shown])


def write(
    tx: Transaction, world: World, scope: Scope, name: str, body: Mapping[str, Json]
) -> tuple[Json, bool]:
    """Create or update a policy assignment; return it as GET shows it and whether it is new."""
    estate.require_scope(tx, scope, writing=True)
    identifier = scope.child(TYPE, name)
    estate.check_locks(tx, identifier, "write")
    properties = {key: value for key, value in (body.get("properties") or {}).items() if value is not None}
    definition = str(properties.get("policyDefinitionId") or "")
    if not definition:
        raise bad_request("The policy assignment has no 'policyDefinitionId'.", "InvalidPolicyAssignment")
    existing = tx.get(store.POLICY_ASSIGNMENT, identifier.key)
    before = existing["shown"] if existing else None
    if _built_in(definition):
        properties.setdefault("definitionVersion", "1.*.*")
    shown: dict[str, Json] = {
        **_placed(tx, world, identifier, body, before),
        "properties": {
            "enforcementMode": "Default",
            **properties,
            "scope": scope.path,
            "metadata": metadata(world, properties.get("metadata"), before),
        },
        "id": identifier.path,
        "type": TYPE,
        "name": name,
        "systemData": system_data(before),
    }
    tx.put(store.POLICY_ASSIGNMENT, identifier.key, {"shown": shown, "submitted": dict(body)})
    return shown, existing is None


def dated(call: Call, shown: Json) -> Json:
    """Return an assignment as the call's api-version shows it."""
    version = call.api_version
    body = {key: value for key, value in shown.items() if key != "systemData" or version >= SYSTEM_DATA}
    hidden: set[str] = set()
    if version < _ENFORCEMENT:
        hidden |= {"enforcementMode", "metadata"}
    if version < _VERSIONED:
        hidden |= {"definitionVersion", "effectiveDefinitionVersion", "latestDefinitionVersion"}
    body["properties"] = {key: value for key, value in body["properties"].items() if key not in hidden}
    if _PRICED[0] <= version < _PRICED[1]:
        body["sku"] = {"name": "A0", "tier": "Free"}
    return body


def _built_in(definition: str) -> bool:
    return definition.lower().startswith("/providers/microsoft.authorization/")


def _placed(
    tx: Transaction, world: World, identifier: Scope, body: Mapping[str, Json], before: Json | None
) -> dict[str, Json]:
    """Return the identity and location of an assignment.

    A system-assigned identity joins the directory, and leaves it when it is taken away: the next one is new.
    """
    placed = {key: body[key] for key in ("identity", "location") if body.get(key)}
    principal = _principal(before)
    if str(placed.get("identity", {}).get("type", "")).lower() != "systemassigned":
        if principal:
            tx.delete(store.PRINCIPAL, principal)
        return placed
    if not principal:
        generation = int(tx.get(store.GENERATION, identifier.key) or 0) + 1
        tx.put(store.GENERATION, identifier.key, generation)
        principal = guid(identifier, generation, "principal")
        tx.put(store.PRINCIPAL, principal, {"type": "ServicePrincipal", "of": identifier.path})
    placed["identity"] = {**placed["identity"], "principalId": principal, "tenantId": world.tenant}
    return placed


def _principal(shown: Json | None) -> str:
    return str(((shown or {}).get("identity") or {}).get("principalId") or "")


_POLICIES = "{scope}/providers/Microsoft.Authorization/policyAssignments"

ROUTES = (
    Route("PUT", _POLICIES + "/{name}", put),
    Route("GET", _POLICIES + "/{name}", get),
    Route("PATCH", _POLICIES + "/{name}", patch),
    Route("DELETE", _POLICIES + "/{name}", delete),
    Route("GET", _POLICIES, list_assignments),
)
