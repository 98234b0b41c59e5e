"""Audit: role assignments that exist against what the matrix asks for.

COE-AUD-01 missing · 02 rogue: nobody asked for it · 03 over-privileged: a function holds more than its rows ·
04 standing where the matrix says eligible or time-bound · 05 condition differs ·
06 orphaned: principal gone · 07 duplicate: the same tuple twice, or inherited ·
08 given to a user instead of a group · 09 may assign any role · 10 unknown role · 11 custom role differs ·
15 a deny assignment takes what the matrix gives · 16 more than three owners of a subscription
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field

from coe_scaffold.access.audit_rules import finding_of
from coe_scaffold.access.conditions import delegation_problems
from coe_scaffold.access.denial import concerns, covers, forbids
from coe_scaffold.access.desired import DesiredAccess
from coe_scaffold.access.effective import Placement, RoleLookup, expand, permits
from coe_scaffold.catalog import RoleDefinition, function, titles
from coe_scaffold.model.access import (
    Assignment,
    CustomRole,
    DenyAssignment,
    ObservedAssignment,
    PrincipalType,
)
from coe_scaffold.model.finding import Finding, Severity
from coe_scaffold.model.scope import Scope

_Key = tuple[str, str, str]
_ASSIGN = "Microsoft.Authorization/roleAssignments/write"
_CHANGES = ("/write", "/delete", "/action")

OWNER = "8e3af657-a8ff-443c-a75c-2fe8c4bcb635"
MOST_OWNERS = 3
"""Owners of a subscription (azure-docs role-based-access-control/best-practices.md)."""


@dataclass(frozen=True)
class AuditScope:
    """What an audit looks at. ``within`` are the environment's own scopes.

    ``templates`` are the (scope, role) of assignments the templates make, to identities whose ids only
    Azure knows; ``principals`` are the ids known to exist, or None when nobody looked; ``functions`` maps
    the id of a group to the functions that it fills. All in lower case. ``denials`` are the deny assignments
    that hold there, ``placement`` says under which management groups a subscription is.
    """

    within: tuple[Scope, ...]
    lookup: RoleLookup = field(hash=False)
    functions: Mapping[str, tuple[str, ...]] = field(hash=False)
    templates: frozenset[tuple[str, str]] = frozenset()
    principals: frozenset[str] | None = None
    denials: tuple[DenyAssignment, ...] = ()
    placement: Placement = field(default_factory=dict, hash=False)


def audit(
    desired: DesiredAccess,
    observed: Iterable[ObservedAssignment],
    observed_roles: Iterable[CustomRole],
    scope: AuditScope,
) -> tuple[Finding, ...]:
    """Return what is wrong with the access that exists, sorted by rule and subject."""
    present = sorted(observed, key=lambda item: item.id.key)
    findings = [
        *_missing(desired, present),
        *_differing(desired, present),
        *_unwanted(desired, present, scope),
        *_unsound(present, scope),
        *_duplicates(present, scope),
        *_custom_roles(desired, observed_roles),
        *_denied(desired, scope),
        *_owners(present, scope),
    ]
    return tuple(sorted(findings, key=lambda item: (item.rule, item.subject.lower(), item.message)))


def _missing(desired: DesiredAccess, present: list[ObservedAssignment]) -> Iterator[Finding]:
    keys = {item.key for item in present}
    for want in desired.assignments:
        if want.key not in keys:
            message = f"{function(want.function).title} lacks {want.role.name}: {want.reason}"
            yield finding_of("COE-AUD-01", Severity.MEDIUM, want.scope, message, "Run 'coe apply'.")


def _differing(desired: DesiredAccess, present: list[ObservedAssignment]) -> Iterator[Finding]:
    wanted = {item.key: item for item in desired.assignments}
    for item in present:
        want = wanted.get(item.key)
        if want and "".join(want.condition.split()) != "".join(item.condition.split()):
            message = (
                f"{function(want.function).title} holds {want.role.name} under "
                f"{'another' if item.condition else 'no'} condition"
            )
            yield finding_of(
                "COE-AUD-05", Severity.HIGH, item.scope, message, "Give it the wanted condition."
            )


def _unwanted(
    desired: DesiredAccess, present: list[ObservedAssignment], scope: AuditScope
) -> Iterator[Finding]:
    wanted = {item.key for item in desired.assignments}
    shared = {role.scope.key for role in desired.custom_roles}
    scheduled: dict[_Key, Assignment] = {item.key: item for item in desired.scheduled}
    for item in present:
        if item.key in wanted or _from_template(item, scope) or not _concerns(item, scope, shared):
            continue
        name = _role_name(item.role, scope.lookup)
        planned = scheduled.get(item.key)
        who = scope.functions.get(item.principal.lower(), ())
        if planned:
            message = (
                f"{function(planned.function).title} holds {name} all the time; it should be {planned.mode}"
            )
            yield finding_of(
                "COE-AUD-04", Severity.HIGH, item.scope, message, "Remove it and make the group eligible."
            )
        elif who:
            message = f"{titles(who)} holds {name}, which no row of the matrix gives it here"
            severity = _severity(scope.lookup(item.role))
            yield finding_of("COE-AUD-03", severity, item.scope, message, "Remove the assignment.")
        else:
            message = f"{item.principal_type or 'principal'} {item.principal} holds {name}"
            severity = _severity(scope.lookup(item.role))
            fix = "Remove it, or give the right to a function through the matrix."
            yield finding_of("COE-AUD-02", severity, item.scope, message, fix)


def _unsound(present: list[ObservedAssignment], scope: AuditScope) -> Iterator[Finding]:
    known = scope.principals
    for item in present:
        role = scope.lookup(item.role)
        name = role.name if role else item.role
        gone = item.principal_type.lower() == "unknown" or (
            known is not None and item.principal.lower() not in known
        )
        if gone:
            message = f"{name} is assigned to {item.principal}, which no longer exists"
            yield finding_of("COE-AUD-06", Severity.MEDIUM, item.scope, message, "Remove the assignment.")
        if item.principal_type == PrincipalType.USER.value:
            message = f"user {item.principal} holds {name}"
            yield finding_of("COE-AUD-08", Severity.MEDIUM, item.scope, message, "Give the role to a group.")
        if role is None:
            message = f"role {item.role} is neither built in as of our catalogue nor one of ours"
            yield finding_of(
                "COE-AUD-10", Severity.LOW, item.scope, message, "Look at what the role permits."
            )
        elif permits(role, _ASSIGN, unconditioned=True):
            wrong = delegation_problems(item.condition)
            if wrong:
                message = f"{item.principal} holds {name}: {'; '.join(wrong)}"
                fix = "Add a condition that lists role ids and principal type for write and delete."
                yield finding_of("COE-AUD-09", Severity.HIGH, item.scope, message, fix)


def _duplicates(present: list[ObservedAssignment], scope: AuditScope) -> Iterator[Finding]:
    by_holder: dict[tuple[str, str], list[ObservedAssignment]] = {}
    for item in present:
        by_holder.setdefault((item.principal.lower(), item.role.lower()), []).append(item)
    for held in by_holder.values():
        ordered = sorted(held, key=lambda item: (len(item.scope.key), item.scope.key, item.id.key))
        for number, item in enumerate(ordered):
            above = next((other for other in ordered[:number] if other.scope.contains(item.scope)), None)
            if above and above.condition in ("", item.condition):
                message = (
                    f"{item.principal} already holds {_role_name(item.role, scope.lookup)} at {above.scope}"
                )
                fix = "Remove one of the two."
                yield finding_of("COE-AUD-07", Severity.LOW, item.scope, message, fix)


def _custom_roles(desired: DesiredAccess, observed: Iterable[CustomRole]) -> Iterator[Finding]:
    there = {item.role.guid.lower(): item for item in observed}
    for want in desired.custom_roles:
        found = there.get(want.role.guid.lower())
        if found and _permissions(found) != _permissions(want):
            added = sorted(_permissions(found) - _permissions(want))
            lost = sorted(_permissions(want) - _permissions(found))
            more, less = ", ".join(added) or "nothing", ", ".join(lost) or "nothing"
            message = f"{want.role.name}: added {more}; lost {less}"
            severity = Severity.HIGH if added else Severity.MEDIUM
            yield finding_of("COE-AUD-11", severity, want.scope, message, "Run 'coe apply'.")


def _denied(desired: DesiredAccess, scope: AuditScope) -> Iterator[Finding]:
    for denial in scope.denials:
        taken: dict[str, None] = {}
        for want in (*desired.assignments, *desired.scheduled):
            role = scope.lookup(want.role.guid)
            near = want.scope.contains(denial.scope) or covers(denial, want.scope, scope.placement)
            if role and near and concerns(denial, want.principal) and _takes(denial, role):
                taken[f"{function(want.function).title} ({role.name})"] = None
        if taken:
            message = f"{denial.name} forbids some of what these roles permit: {', '.join(taken)}"
            fix = "Leave it if it is meant; else exclude the group, or remove it where it was made."
            yield finding_of("COE-AUD-15", Severity.LOW, denial.scope, message, fix)


def _owners(present: list[ObservedAssignment], scope: AuditScope) -> Iterator[Finding]:
    for home in scope.within:
        held = {item.principal.lower() for item in present if item.role == OWNER and item.scope == home}
        if len(held) > MOST_OWNERS:
            message = f"{len(held)} principals are Owner: {', '.join(sorted(held))}"
            fix = f"Leave at most {MOST_OWNERS} owners, none of them a function of the CoE."
            yield finding_of("COE-AUD-16", Severity.MEDIUM, home, message, fix)


def _takes(denial: DenyAssignment, role: RoleDefinition) -> bool:
    return any(forbids(denial, name, data=data) for data in (False, True) for name in expand(role, data=data))


def _permissions(role: CustomRole) -> frozenset[str]:
    named = {
        "": role.actions,
        "not ": role.not_actions,
        "data ": role.data_actions,
        "not data ": role.not_data_actions,
    }
    return frozenset(f"{label}{text.lower()}" for label, texts in named.items() for text in texts)


def _severity(role: RoleDefinition | None) -> Severity:
    """Return how bad an unasked role is: critical to assign roles, high to change, medium to read data."""
    if role is None:
        return Severity.MEDIUM
    if permits(role, _ASSIGN):
        return Severity.CRITICAL
    actions, data = expand(role, data=False), expand(role, data=True)
    if any(name.endswith(_CHANGES) for name in actions | data):
        return Severity.HIGH
    return Severity.MEDIUM if data else Severity.LOW


def _from_template(item: ObservedAssignment, scope: AuditScope) -> bool:
    to_identity = item.principal_type == PrincipalType.SERVICE_PRINCIPAL.value
    return item.ours and to_identity and (item.scope.key, item.role.lower()) in scope.templates


def _role_name(guid: str, lookup: RoleLookup) -> str:
    role = lookup(guid)
    return role.name if role else guid


def _concerns(item: ObservedAssignment, scope: AuditScope, shared: set[str]) -> bool:
    """Return whether an assignment is the environment's matter: inside it, or a function's or ours above."""
    if item.scope.key in shared:
        return item.ours or item.principal.lower() in scope.functions
    return any(own.contains(item.scope) for own in scope.within)
