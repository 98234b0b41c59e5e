"""Azure RBAC of the caller: which action a request needs, and whether its role assignments permit it.

The sandbox's own token is an owner of everything. A token that acts as principals has what is assigned to
them at a scope or above it. Texts are ARM's own. Conditions are evaluated for role assignments that are
written or deleted; a condition that speaks of another action is refused as not modelled.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from functools import cache

from coe_scaffold.access.abac import Attributes, assignment_attributes, holds
from coe_scaffold.access.effective import matches
from coe_scaffold.catalog import name_questions
from coe_scaffold.model.json import Json
from coe_scaffold.model.scope import Scope, ScopeKind
from coe_scaffold.sandbox import actors, hierarchy, store
from coe_scaffold.sandbox.refusals import ArmError, not_modelled
from coe_scaffold.sandbox.store import Transaction
from coe_scaffold.sandbox.surfaces import roles

_VERBS = {"GET": "read", "HEAD": "read", "PUT": "write", "PATCH": "write", "DELETE": "delete"}
_GROUPS = "Microsoft.Resources/subscriptions/resourceGroups"
_ROLE_ASSIGNMENTS = "microsoft.authorization/roleassignments"
_ASSIGN = "Microsoft.ManagedIdentity/userAssignedIdentities/assign/action"
_OPEN = re.compile(
    r"(?i)/(operationresults|operationstatuses|deploymentStackOperation\w+)/|^/(subscriptions|tenants)$"
    r"|/Microsoft\.Authorization/permissions$|^/providers/Microsoft\.Authorization/role"
)
"""What every caller may ask for."""


def require(tx: Transaction, method: str, path: str, body: Json = None) -> None:
    """Raise ArmError 403 AuthorizationFailed when the caller may not make a request."""
    if actors.current().owner or _OPEN.search(path):
        return
    action, scope = needed(method, path)
    check(tx, action, scope, body)


def needed(method: str, path: str) -> tuple[str, Scope]:
    """Return the action that a request needs, and the scope it is checked at."""
    parts = path.strip("/").split("/")
    if asks := _name_questions().get("/".join(parts[2:]).lower()):
        return asks, Scope("/" + "/".join(parts[:2]))
    verb = _VERBS.get(method, "")
    lowered = [part.lower() for part in parts]
    if "providers" not in lowered:
        scope = Scope(path)
        if scope.kind is ScopeKind.SUBSCRIPTION:
            return f"Microsoft.Resources/subscriptions/{verb or 'write'}", scope
        group = Scope.parse("/" + "/".join(parts[:4]))
        if len(parts) == 3:
            return f"{_GROUPS}/read", Scope("/" + "/".join(parts[:2]))
        if method == "POST" or (len(parts) > 4 and verb != "read"):
            return f"{_GROUPS}/{parts[-1]}/action", group
        return f"{_GROUPS}/{verb}", group
    last = len(lowered) - 1 - lowered[::-1].index("providers")
    tail = parts[last + 1 :]
    if len(tail) < 2 and verb == "read" and len(parts) <= 4:  # the providers themselves, not what they hold
        return "Microsoft.Resources/subscriptions/providers/read", Scope("/" + "/".join(parts[:last]))
    if method == "POST" and len(tail) % 2 == 0 and len(tail) > 1:
        kind = "/".join([tail[0], *tail[1:-1:2]])
        return f"{kind}/{tail[-1]}/action", Scope("/" + "/".join(parts[:-1]))
    kind = "/".join([tail[0], *tail[1::2]])
    whole = parts if len(tail) % 2 else parts[:last]
    return f"{kind}/{verb}", Scope("/" + "/".join(whole))


@cache
def _name_questions() -> dict[str, str]:
    """Return the action that each question for a name takes, by its path below the subscription."""
    return {
        f"providers/{question.path}".lower(): question.needs
        for question in name_questions().values()
        if question.method == "POST"
    }


def check(tx: Transaction, action: str, scope: Scope, body: Json = None) -> None:
    """Raise ArmError 403 AuthorizationFailed unless the caller may do an action at a scope."""
    if not may(tx, action, scope, body):
        who = actors.shown()
        raise ArmError(
            403,
            "AuthorizationFailed",
            f"The client '{who}' with object id '{who}' does not have authorization to perform action "
            f"'{action}' over scope '{scope.path}' or the scope is invalid. If access was recently granted, "
            "please refresh your credentials.",
        )


def check_linked(tx: Transaction, resource: Scope, body: Mapping[str, Json]) -> None:
    """Raise ArmError 403 LinkedAuthorizationFailed when the caller may not assign a named identity."""
    identity = body.get("identity")
    named = identity.get("userAssignedIdentities") if isinstance(identity, Mapping) else None
    for path in named or ():
        if not may(tx, _ASSIGN, Scope.parse(path)):
            who = actors.shown()
            raise ArmError(
                403,
                "LinkedAuthorizationFailed",
                f"The client '{who}' with object id '{who}' has permission to perform action "
                f"'{resource.resource_type}/write' on scope '{resource.path}'; however, it does not have "
                f"permission to perform action(s) '{_ASSIGN}' on the linked scope(s) '{path}' (respectively) "
                "or the linked scope(s) are invalid.",
            )


def may(tx: Transaction, action: str, scope: Scope, body: Json = None) -> bool:
    """Return whether the caller may do an action at a scope; ``body`` is what would be written."""
    if actors.current().owner:
        return True
    doubtful = False
    for block, conditions in _blocks(tx, scope):
        speaking = [one for one in conditions if re.search(rf"(?i)\{{\s*'{re.escape(action)}'", one)]
        if not _permits(block, action):
            continue
        attributes = _asked(tx, action, scope, body) if speaking else {}
        if attributes is None:
            doubtful = True
        elif all(holds(one, action, attributes) for one in speaking):
            return True
    if doubtful:
        raise not_modelled(f"the condition under which '{action}' is granted at '{scope}'")
    return False


def _asked(tx: Transaction, action: str, scope: Scope, body: Json) -> Attributes | None:
    """Return what conditions on role assignments look at; None for another action."""
    kind, _, verb = action.lower().rpartition("/")
    if kind != _ROLE_ASSIGNMENTS:
        return None
    if verb == "delete":
        body = tx.get(store.ASSIGNMENT, scope.key)
    given = body.get("properties") if isinstance(body, Mapping) else None
    properties = given if isinstance(given, Mapping) else {}
    named = {
        name.lower(): value.rpartition("/")[2] if name == "roleDefinitionId" else value
        for name in ("roleDefinitionId", "principalId", "principalType")
        if isinstance(value := properties.get(name), str)
    }
    return assignment_attributes(verb, named)


def permissions(tx: Transaction, scope: Scope) -> list[Json]:
    """Return the caller's permission blocks at a scope."""
    if actors.current().owner:
        return [{"actions": ["*"], "notActions": []}]
    return [_shown(block) for block, _ in _blocks(tx, scope)]


def _shown(block: Mapping[str, Json]) -> Json:
    data = {key: block[key] for key in ("dataActions", "notDataActions") if block.get(key)}
    return {"actions": block.get("actions") or [], "notActions": block.get("notActions") or [], **data}


def _blocks(tx: Transaction, scope: Scope) -> Iterator[tuple[Mapping[str, Json], tuple[str, ...]]]:
    """Yield the caller's permission blocks at a scope, each with the conditions it is held under."""
    mine = {item.lower() for item in actors.current().principals}
    for home in hierarchy.chain(tx, scope):
        prefix = f"{home.key.rstrip('/')}/providers/microsoft.authorization/roleassignments/"
        for _, assignment in tx.all(store.ASSIGNMENT, prefix):
            properties = assignment["properties"]
            if str(properties["principalId"]).lower() not in mine:
                continue
            role = roles.find(tx, str(properties["roleDefinitionId"]).rpartition("/")[2])
            for block in role["properties"]["permissions"] if role else ():
                both = (properties.get("condition"), block.get("condition"))
                yield block, tuple(str(one) for one in both if one)


def _permits(block: Mapping[str, Json], action: str) -> bool:
    return any(matches(pattern, action) for pattern in block.get("actions") or []) and not any(
        matches(pattern, action) for pattern in block.get("notActions") or []
    )
