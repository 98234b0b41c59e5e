"""Audit of what is held for a while: eligible and time-bound roles against the matrix, and their ends."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import date, timedelta

from coe_scaffold.access.audit_rules import finding_of
from coe_scaffold.access.desired import DesiredAccess
from coe_scaffold.access.effective import RoleLookup
from coe_scaffold.catalog import function, roles, titles
from coe_scaffold.model.access import Assignment, Mode
from coe_scaffold.model.finding import Finding, Severity
from coe_scaffold.model.schedules import ActivationRules, ObservedSchedule
from coe_scaffold.model.scope import Scope
from coe_scaffold.model.settings import RowChange


@dataclass(frozen=True)
class ScheduleScope:
    """What an audit of schedules looks at.

    ``within`` are the environment's own scopes; ``functions`` maps a group's id in lower case to its
    function; ``rules`` are the activation rules that exist, by the key of a role policy; ``renew_days`` is
    how near an end is told; ``principals`` are the ids known to exist, or None when nobody looked.
    """

    within: tuple[Scope, ...]
    lookup: RoleLookup = field(hash=False)
    functions: Mapping[str, tuple[str, ...]] = field(hash=False)
    rules: Mapping[tuple[str, str], ActivationRules | None] = field(hash=False)
    today: date
    renew_days: int
    principals: frozenset[str] | None = None


def audit_schedules(
    desired: DesiredAccess, observed: Iterable[ObservedSchedule], scope: ScheduleScope
) -> tuple[Finding, ...]:
    """Return what is wrong with the eligible and time-bound roles that exist, sorted by rule and subject."""
    present = [item for item in observed if not item.activated]
    wanted = {(item.mode, item.key): item for item in desired.scheduled}
    findings = [
        *_missing(wanted, present),
        *_unwanted(wanted, present, scope),
        *_ends(wanted, present, scope),
        *_orphans(present, scope),
        *_activation(desired, scope),
    ]
    return tuple(sorted(findings, key=lambda item: (item.rule, item.subject.lower(), item.message)))


def named_roles(changes: Iterable[RowChange]) -> Iterator[Finding]:
    """Yield the overrides that call a role by a name it does not have: the GUID counts, the name misleads."""
    for change in changes:
        known = roles().get(change.new_role or change.role)
        if known and change.name and change.name.lower() != known.name.lower():
            message = f"{change.location} says '{change.name}', the role is called '{known.name}'"
            fix = "Write the new name; roles are always found by their GUID."
            found = finding_of("COE-AUD-14", Severity.LOW, known.guid, message, fix)
            yield replace(found, location=change.location)


def _missing(
    wanted: Mapping[tuple[Mode, tuple[str, str, str]], Assignment], present: list[ObservedSchedule]
) -> Iterator[Finding]:
    there = {(item.mode, item.key) for item in present}
    for key, want in wanted.items():
        if key not in there:
            message = f"{function(want.function).title} lacks {want.role.name} ({want.mode}): {want.reason}"
            yield finding_of("COE-AUD-01", Severity.MEDIUM, want.scope, message, "Run 'coe apply'.")


def _unwanted(
    wanted: Mapping[tuple[Mode, tuple[str, str, str]], Assignment],
    present: list[ObservedSchedule],
    scope: ScheduleScope,
) -> Iterator[Finding]:
    for item in present:
        if (item.mode, item.key) in wanted or not any(own.contains(item.scope) for own in scope.within):
            continue
        who = scope.functions.get(item.principal.lower(), ())
        role = scope.lookup(item.role)
        name = role.name if role else item.role
        if who:
            message = f"{titles(who)} is given {name} ({item.mode}), which no row gives it here"
            yield finding_of("COE-AUD-03", Severity.MEDIUM, item.scope, message, "Take it back.")
        else:
            message = f"{item.principal_type or 'principal'} {item.principal} is given {name} ({item.mode})"
            fix = "Take it back, or give the right to a function through the matrix."
            yield finding_of("COE-AUD-02", Severity.MEDIUM, item.scope, message, fix)


def _ends(
    wanted: Mapping[tuple[Mode, tuple[str, str, str]], Assignment],
    present: list[ObservedSchedule],
    scope: ScheduleScope,
) -> Iterator[Finding]:
    soon = scope.today + timedelta(days=scope.renew_days)
    for item in present:
        role = scope.lookup(item.role)
        name = role.name if role else item.role
        who = scope.functions.get(item.principal.lower(), ())
        title = titles(who) if who else item.principal
        ours = any(own.contains(item.scope) for own in scope.within) or (item.mode, item.key) in wanted
        if ours and not item.ends:
            message = f"{title} is {item.mode} for {name} without an end"
            yield finding_of("COE-AUD-12", Severity.MEDIUM, item.scope, message, "Give it an end.")
        elif ours and date.fromisoformat(item.ends[:10]) <= soon:
            message = f"{title}: {name} ({item.mode}) ends on {item.ends[:10]}"
            fix = "Run 'coe apply': it renews what is still wanted."
            yield finding_of("COE-AUD-12", Severity.LOW, item.scope, message, fix)


def _orphans(present: list[ObservedSchedule], scope: ScheduleScope) -> Iterator[Finding]:
    for item in present:
        if scope.principals is not None and item.principal.lower() not in scope.principals:
            role = scope.lookup(item.role)
            name = role.name if role else item.role
            message = f"{name} ({item.mode}) is given to {item.principal}, which no longer exists"
            yield finding_of("COE-AUD-06", Severity.MEDIUM, item.scope, message, "Take it back.")


def _activation(desired: DesiredAccess, scope: ScheduleScope) -> Iterator[Finding]:
    for policy in desired.policies:
        there = scope.rules.get(policy.key)
        if there is None or there == policy.rules:
            continue
        lacks = sorted(set(policy.rules.requires) - set(there.requires))
        if policy.rules.approvers and not there.approvers:
            lacks.append("approval")
        if there.longest != policy.rules.longest:
            lacks.append(f"at most {policy.rules.longest} (now {there.longest})")
        if policy.rules.approvers and there.approvers and there.approvers != policy.rules.approvers:
            lacks.append("the right approvers")
        if lacks:
            severity = Severity.LOW if lacks[0].startswith("at most") else Severity.HIGH
            message = f"{policy.role.name}: activating it lacks {', '.join(lacks)}"
            yield finding_of("COE-AUD-13", severity, policy.scope, message, "Run 'coe apply'.")
