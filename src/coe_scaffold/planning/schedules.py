"""Eligible and time-bound roles: desired against the schedules that exist, only the difference asked for.

As for role assignments: no-change, adopt, create, modify (condition, or its end is near), delete (ours only),
foreign. What activating an eligible role takes is compared with its role management policy.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from datetime import date, timedelta

from coe_scaffold.access import DesiredAccess
from coe_scaffold.catalog import function
from coe_scaffold.model.access import Assignment, Mode, PrincipalType, arm_guid
from coe_scaffold.model.plan import Action, Step, StepKind
from coe_scaffold.model.schedules import ActivationRules, ObservedSchedule, RolePolicy, ScheduledRole
from coe_scaffold.model.schedules_json import (
    policy_to_json,
    rules_to_json,
    schedule_to_json,
    scheduled_to_json,
)
from coe_scaffold.model.scope import Scope
from coe_scaffold.model.settings import AccessSettings
from coe_scaffold.planning.access import BY_OTHERS, function_of, titled

KINDS = {Mode.ELIGIBLE: StepKind.ROLE_ELIGIBILITY, Mode.TIME_BOUND: StepKind.ROLE_SCHEDULE}
"""The kind of step that gives a role in each mode that ends."""

_NEEDS = {
    Mode.ELIGIBLE: "Microsoft.Authorization/roleEligibilityScheduleRequests/write",
    Mode.TIME_BOUND: "Microsoft.Authorization/roleAssignmentScheduleRequests/write",
}
_POLICY = "Microsoft.Authorization/roleManagementPolicies/write"

_Key = tuple[Mode, tuple[str, str, str]]


def plan_schedules(
    desired: DesiredAccess,
    observed: Iterable[ObservedSchedule],
    rules: Mapping[tuple[str, str], ActivationRules | None],
    *,
    within: Iterable[Scope],
    terms: AccessSettings,
    today: date,
) -> tuple[Step, ...]:
    """Return the steps for activation rules, then for eligible and time-bound roles.

    ``rules`` are those that exist, by the key of :class:`RolePolicy`, None or absent where the scope does
    not exist yet; ``within`` are the environment's own scopes, as in ``plan_access``; ``terms`` say for how
    long roles are given and when they are renewed.
    """
    wanted: dict[_Key, Assignment] = {(item.mode, item.key): item for item in desired.scheduled}
    there: dict[_Key, ObservedSchedule] = {}
    others = []
    inside = tuple(scope.key.rstrip("/") + "/" for scope in within)
    shared = frozenset(role.scope.key for role in desired.custom_roles)
    for item in sorted(observed, key=lambda item: item.id.key):
        if item.activated:
            continue
        if (item.mode, item.key) in wanted:
            there.setdefault((item.mode, item.key), item)
        elif f"{item.scope.key}/".startswith(inside) or (item.scope.key in shared and item.ours):
            others.append(item)
    names = {item.role.guid: item.role.name for item in desired.custom_roles}
    return (
        *(_policy(policy, rules.get(policy.key)) for policy in desired.policies),
        *(_ensure(wanted[key], there.get(key), terms, today) for key in sorted(wanted)),
        *(step for item in others if (step := _unwanted(item, names, shared))),
    )


def ends_soon(schedule: ObservedSchedule, today: date, *, days: int) -> bool:
    """Return whether a schedule ends within a number of days from today."""
    return bool(schedule.ends) and date.fromisoformat(schedule.ends[:10]) - today <= timedelta(days=days)


def _policy(policy: RolePolicy, there: ActivationRules | None) -> Step:
    action, reason = Action.MODIFY, "differs from what coe.yaml asks for"
    if there is None:
        action, reason = Action.CREATE, "what activating it takes"
    elif there == policy.rules:
        action, reason = Action.NO_CHANGE, "as wanted"
    role = policy.role.name or policy.role.guid
    return Step(
        id=f"{StepKind.ROLE_POLICY}/{arm_guid(*policy.key)}",
        kind=StepKind.ROLE_POLICY,
        action=action,
        scope=policy.scope,
        title=f"Activating {role} on {policy.scope.name}: {_told(policy.rules)}",
        reason=reason,
        needs=_POLICY if action.writes else "",
        before=None if there is None else rules_to_json(there),
        after=policy_to_json(policy),
    )


def _told(rules: ActivationRules) -> str:
    approval = "approval" if rules.approvers else "no approval"
    factor = "MFA, " if "MultiFactorAuthentication" in rules.requires else ""
    return f"at most {rules.longest.removeprefix('PT').lower()}, {factor}{approval}"


def _ensure(want: Assignment, there: ObservedSchedule | None, terms: AccessSettings, today: date) -> Step:
    days = terms.eligible_days if want.mode is Mode.ELIGIBLE else terms.active_days
    if there is None:
        return _step(want, Action.CREATE, f"{want.reason}; for {days} days", after=ScheduledRole(want, days))
    same = "".join(there.condition.split()) == "".join(want.condition.split())
    soon = ends_soon(there, today, days=terms.renew_days)
    plain = ScheduledRole(want, days, there.id.name)
    if not there.ours:
        reason = "exists, made by somebody else: it serves and stays as it is"
        if not same:
            reason = "somebody else's has another condition: remove it, or give it this one"
        elif soon:
            reason += f"; it ends on {there.ends[:10]}"
        return _step(want, Action.ADOPT if same else Action.FOREIGN, reason, before=there, after=plain)
    if not same:
        return _step(want, Action.MODIFY, "its condition differs", before=there, after=plain)
    if soon:
        renewed = ScheduledRole(want, days, there.id.name, extends=True)
        reason = f"ends on {there.ends[:10]}: renewed for {days} days"
        return _step(want, Action.MODIFY, reason, before=there, after=renewed)
    return _step(want, Action.NO_CHANGE, "as wanted", before=there, after=plain)


def _step(
    want: Assignment,
    action: Action,
    reason: str,
    *,
    after: ScheduledRole,
    before: ObservedSchedule | None = None,
) -> Step:
    kind = KINDS[want.mode]
    return Step(
        id=f"{kind}/{want.name}",
        kind=kind,
        action=action,
        scope=want.scope,
        title=f"{function(want.function).title} → {want.role.name} on {want.scope.name}",
        reason=reason,
        needs=_NEEDS[want.mode] if action.writes else "",
        before=None if before is None else schedule_to_json(before),
        after=scheduled_to_json(after),
        function=want.function,
    )


def _unwanted(item: ObservedSchedule, names: Mapping[str, str], shared: frozenset[str]) -> Step:
    action, reason = Action.FOREIGN, BY_OTHERS
    if item.ours and item.principal_type == PrincipalType.GROUP.value:
        action, reason = Action.DELETE, "no longer wanted"
        if item.scope.key in shared:
            action = Action.FOREIGN
            reason = "no longer wanted here; other environments share the scope, so remove it by hand"
    kind, came_from = KINDS[item.mode], function_of(item.justification)
    return Step(
        id=f"{kind}/{item.id.key}",
        kind=kind,
        action=action,
        scope=item.scope,
        title=titled(item, came_from, names),
        reason=reason,
        needs=_NEEDS[item.mode] if action.writes else "",
        before=schedule_to_json(item),
        function=came_from,
    )


def withdrawals(schedules: Iterable[ObservedSchedule], names: Mapping[str, str]) -> Iterator[Step]:
    """Yield a step that takes back each schedule, whoever it is for: for the end of an environment.

    ``names`` are those of custom roles by GUID in lower case.
    """
    for item in sorted(schedules, key=lambda item: item.id.key):
        came_from = function_of(item.justification)
        yield Step(
            id=f"unschedule/{item.mode}/{item.id.name.lower()}",
            kind=KINDS[item.mode],
            action=Action.DELETE,
            scope=item.scope,
            title=f"{titled(item, came_from, names)} ({item.mode})",
            reason="made by this tool",
            needs=_NEEDS[item.mode],
            before=schedule_to_json(item),
            function=came_from,
        )
