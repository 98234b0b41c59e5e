"""Ensure, not create: desired access against what exists, matched by (scope, principal, role, condition).

=========  ==================================================================================
no-change  the tuple is there and marked as ours
adopt      the tuple is there under another name, unmarked: it serves, nothing is written
create     no assignment of this role to this principal at this scope
modify     ours, but its condition differs
delete     ours, to a group, no longer wanted, inside the declared scopes
foreign    reported and never touched: not ours, or ours at a management group that environments share
=========  ==================================================================================

Assignments to service principals belong to the templates that make them and are left alone.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from heapq import nsmallest

from coe_scaffold.access import DesiredAccess
from coe_scaffold.catalog import function, roles
from coe_scaffold.errors import CoeError
from coe_scaffold.model.access import Assignment, CustomRole, ObservedAssignment, PrincipalType
from coe_scaffold.model.access_json import assignment_to_json, observed_to_json, role_to_json
from coe_scaffold.model.coe import FUNCTION_IDS
from coe_scaffold.model.plan import Action, Step, StepKind
from coe_scaffold.model.schedules import ObservedSchedule
from coe_scaffold.model.scope import Scope

SUBSCRIPTION_LIMIT = 4000
"""Role assignments in one subscription (azure-docs role-based-access-control/troubleshoot-limits.md)."""

MANAGEMENT_GROUP_LIMIT = 500
"""Role assignments at one management group (same source)."""

CONDITION_LIMIT = 8192
"""Bytes of a condition (same source)."""

_WRITE = "Microsoft.Authorization/roleAssignments/write"
_DELETE = "Microsoft.Authorization/roleAssignments/delete"
_DEFINE = "Microsoft.Authorization/roleDefinitions/write"

BY_OTHERS = "not made by coe-scaffold: reported, never touched"
"""Why a step does nothing about what somebody else gave."""
FOREIGN_TOLD = 1000
"""Assignments made by others that a plan lists; the rest is a number, and 'coe access audit' lists all."""

_KIND = f"{StepKind.ROLE_ASSIGNMENT.value}/"
_SUBSCRIPTIONS = "/subscriptions/"

_Key = tuple[str, str, str]


def plan_access(
    desired: DesiredAccess,
    observed_assignments: Iterable[ObservedAssignment],
    observed_roles: Iterable[CustomRole],
    *,
    within: Iterable[Scope],
) -> tuple[Step, ...]:
    """Return the steps from what exists to what should exist: role definitions first, then assignments.

    ``within`` are the environment's own scopes (its subscription): only there may an assignment be
    deleted or somebody else's be reported. Raises CoeError, before anything is written, when a limit of Azure
    would be exceeded.
    """
    wanted = {assignment.key: assignment for assignment in desired.assignments}
    there: dict[_Key, list[ObservedAssignment]] = {}
    mine: list[ObservedAssignment] = []
    foreign: list[ObservedAssignment] = []
    counts: Counter[str] = Counter()
    inside = tuple(scope.key.rstrip("/") + "/" for scope in within)
    shared = frozenset(role.scope.key for role in desired.custom_roles)
    for item in observed_assignments:
        key = item.key
        counts[_container(key[0])] += 1
        if key in wanted:
            there.setdefault(key, []).append(item)
        elif f"{key[0]}/".startswith(inside) or (key[0] in shared and item.ours):
            (mine if item.ours else foreign).append(item)
    steps = [_ensure(wanted[key], sorted(there.get(key, []), key=_by_id)) for key in sorted(wanted)]
    names = {item.role.guid: item.role.name for item in desired.custom_roles}
    groups = {assignment.principal.lower() for assignment in desired.assignments}
    first = nsmallest(
        FOREIGN_TOLD, foreign, key=lambda item: (item.principal.lower() not in groups, _by_id(item))
    )
    told = sorted([*mine, *first], key=_by_id)
    removals = [step for item in told if (step := _unwanted(item, names, shared))]
    if len(foreign) > FOREIGN_TOLD:
        removals.append(_more(len(foreign) - FOREIGN_TOLD))
    _check_limits(counts, steps, removals)
    _check_conditions(desired.assignments)
    return (*_role_steps(desired.custom_roles, observed_roles), *steps, *removals)


def _ensure(want: Assignment, there: list[ObservedAssignment]) -> Step:
    if not there:
        return _assignment_step(want, Action.CREATE, want.reason, needs=_WRITE)
    same = [item for item in there if _same_condition(item.condition, want.condition)]
    ours = next((item for item in same if item.ours), None)
    if ours:
        return _assignment_step(want, Action.NO_CHANGE, "as wanted", before=ours)
    if same:
        return _assignment_step(
            want, Action.ADOPT, "exists, made by somebody else: it serves and stays as it is", before=same[0]
        )
    marked = next((item for item in there if item.ours), None)
    if marked:
        return _assignment_step(want, Action.MODIFY, "its condition differs", before=marked, needs=_WRITE)
    return _assignment_step(
        want,
        Action.FOREIGN,
        "somebody else's assignment of this role has another condition: remove it, or give it this one",
        before=there[0],
    )


def _assignment_step(
    want: Assignment,
    action: Action,
    reason: str,
    *,
    before: ObservedAssignment | None = None,
    needs: str = "",
) -> Step:
    return Step(
        id=f"{StepKind.ROLE_ASSIGNMENT}/{want.name}",
        kind=StepKind.ROLE_ASSIGNMENT,
        action=action,
        scope=want.scope,
        title=f"{function(want.function).title} → {want.role.name} on {want.scope.name}",
        reason=reason,
        needs=needs,
        before=None if before is None else observed_to_json(before),
        after=assignment_to_json(want),
        function=want.function,
    )


def _unwanted(item: ObservedAssignment, names: Mapping[str, str], shared: frozenset[str]) -> Step | None:
    """Return the step for an assignment nobody asked for; None for a template's own."""
    if not item.ours:
        return _foreign(item, names)
    if item.principal_type != PrincipalType.GROUP.value:
        return None
    action, reason, needs = Action.DELETE, "no longer wanted", _DELETE
    if item.scope.key in shared:
        action, needs = Action.FOREIGN, ""
        reason = "no longer wanted here; other environments share the scope, so remove it by hand"
    came_from = function_of(item.description)
    return Step(
        id=f"{_KIND}{item.id.key}",
        kind=StepKind.ROLE_ASSIGNMENT,
        action=action,
        scope=item.scope,
        title=titled(item, came_from, names),
        reason=reason,
        needs=needs,
        before=observed_to_json(item),
        function=came_from,
    )


def _foreign(item: ObservedAssignment, names: Mapping[str, str]) -> Step:
    """Return the step for somebody else's assignment."""
    return Step(
        id=f"{_KIND}{item.id.key}",
        kind=StepKind.ROLE_ASSIGNMENT,
        action=Action.FOREIGN,
        scope=item.scope,
        title=titled(item, "", names),
        reason=BY_OTHERS,
        before=observed_to_json(item),
    )


def _more(count: int) -> Step:
    """Return the step that counts the assignments made by others which are not listed."""
    return Step(
        id=f"{_KIND}others",
        kind=StepKind.ROLE_ASSIGNMENT,
        action=Action.FOREIGN,
        scope=Scope.tenant(),
        title=f"{count} more assignments made by others",
        reason="'coe access audit' lists them",
    )


def titled(
    item: ObservedAssignment | ObservedSchedule, made_for: str, custom_roles: Mapping[str, str]
) -> str:
    """Return who has which role where, for people.

    ``made_for`` is the function it was made for, empty for none; ``custom_roles`` are names by GUID in
    lower case.
    """
    who = function(made_for).title if made_for else f"{item.principal_type} {item.principal}".strip()
    known = roles().get(item.role)
    role = known.name if known else custom_roles.get(item.role.lower()) or item.role
    return f"{who} → {role} on {item.scope.name}"


def function_of(description: str) -> str:
    """Return the function an assignment of ours was made for, as its description says, or an empty string."""
    parts = description.split(":", 2)
    found = parts[1].strip() if len(parts) > 2 else ""
    return found if found in FUNCTION_IDS else ""


def _role_steps(wanted: Iterable[CustomRole], observed: Iterable[CustomRole]) -> list[Step]:
    there = {item.role.guid.lower(): item for item in observed}
    steps = []
    for role in sorted(wanted, key=lambda item: item.role.guid):
        before = there.get(role.role.guid.lower())
        action, reason = Action.CREATE, role.description
        if before is not None:
            differs = _permissions(before) != _permissions(role)
            action = Action.MODIFY if differs else Action.NO_CHANGE
            reason = "its permissions differ" if differs else "as wanted"
        steps.append(
            Step(
                id=f"{StepKind.ROLE_DEFINITION}/{role.role.guid}",
                kind=StepKind.ROLE_DEFINITION,
                action=action,
                scope=role.scope,
                title=f"Custom role {role.role.name} in {role.scope.name}",
                reason=reason,
                needs=_DEFINE if action.writes else "",
                before=None if before is None else role_to_json(before),
                after=role_to_json(role),
            )
        )
    return steps


def _permissions(role: CustomRole) -> tuple[frozenset[str], ...]:
    lists = (role.actions, role.not_actions, role.data_actions, role.not_data_actions)
    return tuple(frozenset(action.lower() for action in actions) for actions in lists)


def _same_condition(one: str, other: str) -> bool:
    return one == other or "".join(one.split()) == "".join(other.split())


def _by_id(item: ObservedAssignment) -> str:
    return item.id.key


def _check_limits(present: Counter[str], steps: list[Step], removals: list[Step]) -> None:
    """Raise when creating would exceed Azure's limits; deletions are not counted, they come later."""
    created = Counter(_container(step.scope.key) for step in steps if step.action is Action.CREATE)
    if not created:
        return
    problems = []
    for container, count in sorted(created.items()):
        limit = MANAGEMENT_GROUP_LIMIT if "/managementgroups/" in container else SUBSCRIPTION_LIMIT
        if present[container] + count > limit:
            problems.append(
                f"{container}: {present[container]} role assignments exist, {count} more are wanted, "
                f"Azure takes {limit}"
            )
    if problems:
        orphans = sum(step.action is Action.DELETE for step in removals)
        raise CoeError(
            "more role assignments than Azure takes",
            detail="\n".join(problems),
            fix=f"Remove what nobody needs ({orphans} of ours could go), or assign to fewer, larger groups.",
            code="RoleAssignmentLimitExceeded",
        )


def _check_conditions(assignments: Iterable[Assignment]) -> None:
    for assignment in assignments:
        size = len(assignment.condition.encode())
        if size > CONDITION_LIMIT:
            raise CoeError(
                f"the condition of {assignment.role.name} on {assignment.scope} has {size} bytes",
                detail=f"Azure takes {CONDITION_LIMIT}.",
                fix="Let fewer projects share the resource.",
                code="COE-ACC-003",
            )


def _container(key: str) -> str:
    """Return what Azure counts assignments by: the subscription, or the management group itself."""
    end = key.find("/", len(_SUBSCRIPTIONS)) if key.startswith(_SUBSCRIPTIONS) else -1
    return key if end < 0 else key[:end]
