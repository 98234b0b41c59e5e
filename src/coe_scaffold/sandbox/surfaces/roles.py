"""Role definitions: the shipped catalogue of built-in roles, and custom roles, created and deleted."""

from __future__ import annotations

import re
import uuid
from collections.abc import Mapping

from coe_scaffold.catalog import Permission, RoleDefinition, roles
from coe_scaffold.model.json import Json
from coe_scaffold.model.scope import Scope
from coe_scaffold.sandbox import estate, refusals, store
from coe_scaffold.sandbox.refusals import ArmError
from coe_scaffold.sandbox.routing import Call, Reply, Route, page
from coe_scaffold.sandbox.store import Transaction
from coe_scaffold.sandbox.world import timestamp

TYPE = "Microsoft.Authorization/roleDefinitions"
_DATA_SINCE = "2018-01-01-preview"
"""First api-version with data actions."""
_BLOCK = ("actions", "notActions", "dataActions", "notDataActions")


def put(call: Call) -> Reply:
    """Create or update a custom role: 201 either way."""
    with call.world.store.transaction() as tx:
        role = write(tx, call.scope, call.params["name"], call.content())
    return Reply(201, _dated(call, role))


def get(call: Call) -> Reply:
    """Return a role definition, or 404 RoleDefinitionDoesNotExist."""
    with call.world.store.transaction() as tx:
        estate.require_scope(tx, call.scope)
        role = find(tx, call.params["name"])
    if role is None:
        raise missing(call.params["name"], status=404)
    return Reply(200, _dated(call, role))


def list_roles(call: Call) -> Reply:
    """List the roles assignable at a scope; filters: roleName eq, type eq, atScopeAndBelow()."""
    name, kind = _filter(call.query.get("$filter", ""))
    with call.world.store.transaction() as tx:
        estate.require_scope(tx, call.scope)
        custom = [body["shown"] for _, body in tx.all(store.ROLE) if _assignable(body, call.scope)]
    built_in = [] if kind == "customrole" else list(roles().named(name) if name else roles())
    found = (
        [] if kind == "builtinrole" else [r for r in custom if not name or _name(r).lower() == name.lower()]
    )
    return page(call, [_dated(call, role) for role in [*map(_built_in, built_in), *found]])


def delete(call: Call) -> Reply:
    """Delete a custom role: 200 with its body, 204 when it is not there, 400 while it is assigned."""
    guid = call.params["name"]
    with call.world.store.transaction() as tx:
        estate.require_scope(tx, call.scope)
        if guid in roles():
            raise refusals.not_modelled(f"deleting the built-in role {guid}")
        role = tx.get(store.ROLE, guid)
        if role is None:
            return Reply(204)
        if any(key.endswith(f"|{guid.lower()}") for key, _ in tx.all(store.ASSIGNMENT_TUPLE)):
            raise ArmError(
                400,
                "RoleDefinitionHasAssignments",
                "There are existing role assignments referencing role (code: RoleDefinitionHasAssignments).",
                gateway=False,
            )
        tx.delete(store.ROLE, guid)
    return Reply(200, _dated(call, role["shown"]))


def write(tx: Transaction, scope: Scope, name: str, body: Mapping[str, Json]) -> Json:
    """Create or update a custom role; return it as GET shows it."""
    estate.require_scope(tx, scope)
    guid = _guid(name)
    if guid in roles():
        raise refusals.not_modelled(f"changing the built-in role {guid}")
    properties = body.get("properties") or {}
    role_name = str(properties.get("roleName") or "")
    for key, other in tx.all(store.ROLE):
        if key != guid and _name(other["shown"]).lower() == role_name.lower():
            raise ArmError(
                409,
                "RoleDefinitionWithSameNameExists",
                f"A role definition cannot be updated with a name that already exists: '{role_name}'.",
                gateway=False,
            )
    existing = tx.get(store.ROLE, guid)
    now = timestamp()
    shown = {
        "properties": {
            "roleName": role_name,
            "type": "CustomRole",
            "description": properties.get("description") or "",
            "assignableScopes": list(properties.get("assignableScopes") or [scope.path]),
            "permissions": [_block(block) for block in properties.get("permissions") or []],
            "createdOn": existing["shown"]["properties"]["createdOn"] if existing else now,
            "updatedOn": now,
            "createdBy": None,
            "updatedBy": None,
        },
        "type": TYPE,
        "name": guid,
    }
    tx.put(store.ROLE, guid, {"shown": shown, "submitted": dict(body), "scope": scope.path})
    return shown


def find(tx: Transaction, guid: str) -> Json | None:
    """Return a built-in or custom role by GUID, or None."""
    custom = tx.get(store.ROLE, guid)
    if custom is not None:
        return custom["shown"]
    role = roles().get(guid)
    return _built_in(role) if role else None


def missing(guid: str, *, status: int = 400) -> ArmError:
    """Return the refusal of a role definition that is not there."""
    return ArmError(
        status,
        "RoleDefinitionDoesNotExist",
        f"The specified role definition with ID '{guid}' does not exist.",
        gateway=False,
    )


def _guid(name: str) -> str:
    try:
        return str(uuid.UUID(name))
    except ValueError:
        raise ArmError(
            400, "BadRequestFormat", "The request was incorrectly formatted.", gateway=False
        ) from None


def _block(block: Mapping[str, Json]) -> Json:
    return {key: list(block.get(key) or []) for key in _BLOCK}


def _built_in(role: RoleDefinition) -> Json:
    published = f"{roles().date}T00:00:00.0000000Z"
    return {
        "properties": {
            "roleName": role.name,
            "type": "BuiltInRole",
            "description": "",
            "assignableScopes": ["/"],
            "permissions": [_permission(block) for block in role.permissions],
            "createdOn": published,
            "updatedOn": published,
            "createdBy": None,
            "updatedBy": None,
        },
        "type": TYPE,
        "name": role.guid,
    }


def _permission(block: Permission) -> Json:
    body: dict[str, Json] = {
        "actions": list(block.actions),
        "notActions": list(block.not_actions),
        "dataActions": list(block.data_actions),
        "notDataActions": list(block.not_data_actions),
    }
    if block.condition:
        body |= {"condition": block.condition, "conditionVersion": "2.0"}
    return body


def _placed(role: Json, scope: Scope) -> Json:
    home = f"/subscriptions/{scope.subscription}" if scope.subscription else ""
    ordered = {"properties": role["properties"], "id": f"{home}/providers/{TYPE}/{role['name']}"}
    return {**ordered, "type": TYPE, "name": role["name"]}


def _dated(call: Call, role: Json) -> Json:
    """Return a role definition as the call's scope and api-version show it."""
    placed = _placed(role, call.scope)
    if call.api_version >= _DATA_SINCE:
        return placed
    kept = [
        {key: value for key, value in block.items() if key not in ("dataActions", "notDataActions")}
        for block in placed["properties"]["permissions"]
    ]
    return {**placed, "properties": {**placed["properties"], "permissions": kept}}


def _name(role: Json) -> str:
    return str(role["properties"]["roleName"])


def _assignable(role: Json, scope: Scope) -> bool:
    scopes = [Scope.parse(path) for path in role["shown"]["properties"]["assignableScopes"]]
    return any(own.contains(scope) or scope.contains(own) or not own.subscription for own in scopes)


def _filter(text: str) -> tuple[str, str]:
    name = kind = ""
    for clause in filter(None, re.split(r"(?i)\s+and\s+", text.strip())):
        if match := re.fullmatch(r"(?i)roleName eq '([^']*)'", clause):
            name = match[1]
        elif match := re.fullmatch(r"(?i)type eq '(BuiltInRole|CustomRole)'", clause):
            kind = match[1].lower()
        elif clause.lower() not in ("atscopeandbelow()", "atscope()"):
            raise refusals.not_modelled(f'the filter "{text}" of role definitions')
    return name, kind


_ROLES = "{scope}/providers/Microsoft.Authorization/roleDefinitions"

ROUTES = (
    Route("PUT", _ROLES + "/{name}", put),
    Route("GET", _ROLES + "/{name}", get),
    Route("DELETE", _ROLES + "/{name}", delete),
    Route("GET", _ROLES, list_roles),
)
