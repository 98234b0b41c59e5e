"""Deny assignments that deployment stacks put on what they manage, and their enforcement."""

from __future__ import annotations

import uuid
from collections.abc import Mapping, Sequence
from fnmatch import fnmatchcase

from coe_scaffold.model.json import Json
from coe_scaffold.model.scope import Scope
from coe_scaffold.sandbox import actors, store
from coe_scaffold.sandbox.refusals import ArmError
from coe_scaffold.sandbox.store import Transaction

TYPE = "Microsoft.Authorization/denyAssignments"
_UNSUPPORTED = ("microsoft.management/managementgroups", "microsoft.resources/tags")


def supported(resource: Scope) -> bool:
    """Return whether Azure can put a deny assignment on something."""
    return bool(resource.subscription) and resource.resource_type.lower() not in _UNSUPPORTED


def replace(tx: Transaction, stack: str, managed: Sequence[str], settings: Mapping[str, Json]) -> None:
    """Make the deny assignments of a stack those of its settings on what it manages."""
    for key, denial in tx.all(store.DENIAL):
        if str(denial["stack"]).lower() == stack.lower():
            tx.delete(store.DENIAL, key)
    if str(settings.get("mode", "none")).lower() == "none":
        return
    for path in managed:
        if supported(Scope(path)):
            tx.put(store.DENIAL, path, {"stack": stack, "at": path, **settings})


def shown(denial: Mapping[str, Json]) -> Json:
    """Return a deny assignment as the authorization API shows it."""
    number = _number(denial)
    deleting = str(denial["mode"]).lower() != "denywriteanddelete"
    excluded = [{"id": str(item), "type": "SystemDefined"} for item in denial.get("excludedPrincipals") or []]
    return {
        "id": f"{denial['at']}/providers/{TYPE}/{number}",
        "type": TYPE,
        "name": str(number),
        "properties": {
            "denyAssignmentName": _name(denial),
            "description": "",
            "permissions": [
                {
                    "actions": ["*/delete"] if deleting else ["*/delete", "*/write"],
                    "notActions": list(denial.get("excludedActions") or []),
                    "dataActions": [],
                    "notDataActions": [],
                }
            ],
            "scope": denial["at"],
            "doNotApplyToChildScopes": not denial.get("applyToChildScopes"),
            "principals": [{"id": str(uuid.UUID(int=0)), "type": "SystemDefined"}],
            "excludePrincipals": excluded,
            "isSystemProtected": True,
        },
    }


def check(tx: Transaction, scope: Scope, operation: str) -> None:
    """Raise ArmError 403 when a deny assignment forbids ``write`` or ``delete`` at a scope."""
    actor = actors.current()
    action = f"{scope.resource_type}/{operation}"
    path = scope.path
    while path and path != "/":
        denial = tx.get(store.DENIAL, path)
        applies = denial is not None and (path.lower() == scope.key or denial.get("applyToChildScopes"))
        if denial is not None and applies and _forbids(denial, actor, action, operation):
            raise _refusal(denial, scope, action)
        path = path.rpartition("/")[0]


def _forbids(denial: Mapping[str, Json], actor: actors.Actor, action: str, operation: str) -> bool:
    if actor.stack and actor.stack.lower() == str(denial["stack"]).lower():
        return False
    mode = str(denial["mode"]).lower()
    if mode != "denywriteanddelete" and operation != "delete":
        return False
    excluded = {str(item).lower() for item in denial.get("excludedPrincipals") or []}
    if excluded & {item.lower() for item in actor.principals}:
        return False
    actions = [str(item).lower() for item in denial.get("excludedActions") or []]
    return not any(fnmatchcase(action.lower(), pattern) for pattern in actions)


def _refusal(denial: Mapping[str, Json], scope: Scope, action: str) -> ArmError:
    who = actors.shown()
    return ArmError(
        403,
        "DenyAssignmentAuthorizationFailed",
        f"The client '{who}' with object id '{who}' has permission to perform action '{action}' on scope "
        f"'{scope.path}'; however, the access is denied because of the deny assignment with name "
        f"'{_name(denial)}' and Id '{_number(denial).hex}' at scope '{denial['at']}'.",
    )


def _name(denial: Mapping[str, Json]) -> str:
    return f"Deny assignment '{_number(denial)}' created by Deployment Stack '{denial['stack']}'."


def _number(denial: Mapping[str, Json]) -> uuid.UUID:
    return uuid.uuid5(uuid.NAMESPACE_URL, f"{denial['stack']}|{denial['at']}".lower())
