"""Role assignments and the provider's rules: one per (scope, principal, role), names unique in the tenant."""

from __future__ import annotations

import re
import uuid
from collections.abc import Mapping

from coe_scaffold.model.json import Json
from coe_scaffold.model.scope import Scope
from coe_scaffold.sandbox import actors, directory, estate, hierarchy, store
from coe_scaffold.sandbox.authorship import caller as caller
from coe_scaffold.sandbox.faults import Faults
from coe_scaffold.sandbox.refusals import ArmError
from coe_scaffold.sandbox.routing import Call, Reply, Route, page
from coe_scaffold.sandbox.settling import settle
from coe_scaffold.sandbox.store import Transaction
from coe_scaffold.sandbox.surfaces import roles
from coe_scaffold.sandbox.world import World, timestamp

TYPE = "Microsoft.Authorization/roleAssignments"
LIMIT = 4000
"""Role assignments in a subscription and below it."""
_SINCE = {
    "principalType": "2018-01-01-preview",
    "condition": "2020-03-01-preview",
    "conditionVersion": "2020-03-01-preview",
    "delegatedManagedIdentityResourceId": "2020-03-01-preview",
    "description": "2020-03-01-preview",
}
"""First api-versions of members that came later."""


def put(call: Call) -> Reply:
    """Create a role assignment, or change its description or condition: 201 either way."""
    with call.world.store.transaction() as tx:
        shown = write(tx, call.world, call.scope, call.params["name"], call.content())
    return Reply(201, _dated(call, {**shown, "properties": {**shown["properties"], "createdBy": None}}))


def get(call: Call) -> Reply:
    """Return a role assignment, or 404 RoleAssignmentNotFound."""
    with call.world.store.transaction() as tx:
        estate.require_scope(tx, call.scope)
        assignment = tx.get(store.ASSIGNMENT, call.scope.child(TYPE, call.params["name"]).key)
    if assignment is None:
        raise ArmError(
            404,
            "RoleAssignmentNotFound",
            f"The role assignment '{call.params['name']}' is not found.",
            gateway=False,
        )
    return Reply(200, _dated(call, _shown(assignment)))


def delete(call: Call) -> Reply:
    """Delete a role assignment: 200 with its body, 204 when it is not there."""
    identifier = call.scope.child(TYPE, call.params["name"])
    with call.world.store.transaction() as tx:
        estate.require_scope(tx, call.scope)
        assignment = tx.get(store.ASSIGNMENT, identifier.key)
        if assignment is None:
            return Reply(204)
        estate.check_locks(tx, identifier, "delete")
        estate.forget_assignment(tx, identifier.key, assignment)
    return Reply(200, _dated(call, _shown(assignment)))


def list_assignments(call: Call) -> Reply:
    """List what applies at a scope: at it, above it and, unless ``atScope()`` is asked for, below it."""
    at_scope, wanted = _filter(call.query.get("$filter", ""))
    scope = call.scope
    with call.world.store.transaction() as tx:
        settle(tx)
        estate.require_scope(tx, scope)
        found: dict[str, Json] = {}
        for home in hierarchy.chain(tx, scope):
            found |= dict(tx.all(store.ASSIGNMENT, _home(home)))
        if not at_scope:
            found |= dict(tx.all(store.ASSIGNMENT, scope.key.rstrip("/") + "/"))
    return page(
        call,
        [
            _dated(call, _shown(item))
            for item in found.values()
            if wanted is None or item["properties"]["principalId"].lower() in wanted
        ],
    )


def write(tx: Transaction, world: World, scope: Scope, name: str, body: Mapping[str, Json]) -> Json:
    """Create or update a role assignment; return it as GET shows it."""
    properties = body.get("properties") or {}
    guid = _guid(name)
    estate.require_scope(tx, scope, writing=True)
    role = str(properties.get("roleDefinitionId") or "").rsplit("/", 1)[-1].lower()
    principal = str(properties.get("principalId") or "").lower()
    if roles.find(tx, role) is None:
        raise roles.missing(role)
    _check_principal(tx, world.tenant, world.faults, principal, properties.get("principalType"))
    wanted = {**_normal(properties, scope, role), "principalId": principal}
    existing = _existing(tx, scope, guid, wanted)
    estate.check_locks(tx, scope, "write")
    if existing is None:
        _check_limit(tx, scope)
    now = timestamp()
    shown_type = properties.get("principalType") or (directory.find(tx, principal) or {}).get("type")
    shown = {
        "properties": {
            **wanted,
            "principalType": shown_type or "User",
            "createdOn": existing["properties"]["createdOn"] if existing else now,
            "updatedOn": now,
            "createdBy": caller(world.tenant),
            "updatedBy": caller(world.tenant),
        },
        "id": scope.child(TYPE, guid).path,
        "type": TYPE,
        "name": guid,
    }
    tx.put(store.ASSIGNMENT, scope.child(TYPE, guid).key, {**shown, "submitted": dict(body)})
    tx.put(store.ASSIGNMENT_NAME, guid, shown["id"])
    tx.put(store.ASSIGNMENT_TUPLE, estate.assignment_tuple(wanted), shown["id"])
    return shown


def _check_limit(tx: Transaction, scope: Scope) -> None:
    if not scope.subscription:
        return
    if tx.count(store.ASSIGNMENT, f"/subscriptions/{scope.subscription}/") >= LIMIT:
        raise ArmError(
            400,
            "RoleAssignmentLimitExceeded",
            "No more role assignments can be created (code: RoleAssignmentLimitExceeded).",
            gateway=False,
        )


def _guid(name: str) -> str:
    try:
        return str(uuid.UUID(name))
    except ValueError:
        raise ArmError(
            400,
            "InvalidRoleAssignmentId",
            f"The role assignment ID '{name}' is not valid. The role assignment ID must be a GUID.",
            gateway=False,
        ) from None


def _is_guid(text: str) -> bool:
    try:
        uuid.UUID(text)
    except ValueError:
        return False
    return True


def _normal(properties: Mapping[str, Json], scope: Scope, role: str) -> dict[str, Json]:
    prefix = f"/subscriptions/{scope.subscription}" if scope.subscription else ""
    return {
        "roleDefinitionId": f"{prefix}/providers/{roles.TYPE}/{role}",
        "scope": scope.path,
        "condition": properties.get("condition"),
        "conditionVersion": properties.get("conditionVersion"),
        "delegatedManagedIdentityResourceId": properties.get("delegatedManagedIdentityResourceId"),
        "description": properties.get("description"),
    }


def _check_principal(tx: Transaction, tenant: str, faults: Faults, principal: str, kind: Json) -> None:
    if not _is_guid(principal):
        raise ArmError(
            400,
            "InvalidPrincipalId",
            f"The Principal ID '{principal}' is not valid. Principal ID must be a GUID.",
            gateway=False,
        )
    known = directory.find(tx, principal)
    if known is None or (kind != "ServicePrincipal" and faults.unreplicated(principal)):
        raise ArmError(
            400,
            "PrincipalNotFound",
            f"Principal {principal.replace('-', '')} does not exist in the directory {tenant}. Check that "
            "you have the correct principal ID. If you are creating this principal and then immediately "
            "assigning a role, this error might be related to a replication delay. In this case, set the "
            "role assignment principalType property to a value, such as ServicePrincipal, User, or Group.  "
            "See https://aka.ms/docs-principaltype",
            gateway=False,
        )
    if kind and known["type"] and str(kind).lower() != known["type"].lower():
        raise ArmError(
            400,
            "UnmatchedPrincipalType",
            f"The PrincipalId '{principal}' has type '{known['type']}' , which is different from specified "
            f"PrinciaplType '{kind}'.",
            gateway=False,
        )


def _existing(tx: Transaction, scope: Scope, guid: str, wanted: Mapping[str, Json]) -> Json | None:
    """Return the assignment that a PUT would update, or None; raise ArmError when one stands in its way."""
    named = tx.get(store.ASSIGNMENT_NAME, guid)
    if named is not None:
        existing = tx.get(store.ASSIGNMENT, str(named))
        if existing and estate.assignment_tuple(existing["properties"]) == estate.assignment_tuple(wanted):
            return existing
        raise ArmError(
            400,
            "RoleAssignmentUpdateNotPermitted",
            "Tenant ID, application ID, principal ID, and scope are not allowed to be updated.",
            gateway=False,
        )
    other = tx.get(store.ASSIGNMENT_TUPLE, estate.assignment_tuple(wanted))
    if other is not None:
        raise ArmError(
            409,
            "RoleAssignmentExists",
            "The role assignment already exists. The ID of the conflicting role assignment is "
            f"{str(other).rsplit('/', 1)[-1].replace('-', '')}.",
            gateway=False,
        )
    return None


def _shown(assignment: Json) -> Json:
    return {key: assignment[key] for key in ("properties", "id", "type", "name")}


def _dated(call: Call, assignment: Json) -> Json:
    """Return an assignment without what the call's api-version does not know."""
    hidden = {name for name, since in _SINCE.items() if call.api_version < since}
    kept = {key: value for key, value in assignment["properties"].items() if key not in hidden}
    return {**assignment, "properties": kept}


def _home(scope: Scope) -> str:
    return f"{scope.key.rstrip('/')}/providers/{TYPE}/"


def _filter(text: str) -> tuple[bool, frozenset[str] | None]:
    """Return whether only at the scope, and of whom; ``assignedTo`` counts the caller's groups."""
    at_scope = False
    principals: frozenset[str] | None = None
    for clause in filter(None, re.split(r"(?i)\s+and\s+", text.strip())):
        if clause.lower() == "atscope()":
            at_scope = True
        elif match := re.fullmatch(r"(?i)principalId eq '([^']*)'|assignedTo\('([^']*)'\)", clause):
            one = (match[1] or match[2]).lower()
            own = tuple(item.lower() for item in actors.current().principals)
            principals = frozenset(own if match[2] and own[:1] == (one,) else (one,))
        else:
            raise ArmError(
                400,
                "UnsupportedQuery",
                f"The filter '{text}' is not supported. Supported filters are either 'atScope()' or "
                "'principalId eq '{value}' or assignedTo('{value}')'.",
                gateway=False,
            )
    return at_scope, principals


_ASSIGNMENTS = "{scope}/providers/Microsoft.Authorization/roleAssignments"

ROUTES = (
    Route("PUT", _ASSIGNMENTS + "/{name}", put),
    Route("GET", _ASSIGNMENTS + "/{name}", get),
    Route("DELETE", _ASSIGNMENTS + "/{name}", delete),
    Route("GET", _ASSIGNMENTS, list_assignments),
)
