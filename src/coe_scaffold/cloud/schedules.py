"""Privileged Identity Management: schedules read, and asked for so that they are there afterwards.

A request object is used once: its name is new for every request, and a PUT with a name that exists is refused
(Azure/bicep#12472). What holds is the schedule that a request makes.
"""

from __future__ import annotations

import time
from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Any

from coe_scaffold.cloud.clients import Clients
from coe_scaffold.cloud.errors import from_response, translated
from coe_scaffold.errors import CloudError
from coe_scaffold.model.access import Assignment, Mode, PrincipalType, RoleRef
from coe_scaffold.model.schedules import SCHEDULE_TYPES, ObservedSchedule, ScheduledRole, request_guid
from coe_scaffold.model.scope import Scope, ScopeKind

TRIES = 8
"""How often a request is made while the directory does not know the principal yet."""

POLLS = 60
"""How often a request is looked at before it counts as stuck."""

LOOKS = 6
"""How often a schedule that stands in the way is looked for: it may not be provisioned yet."""

_GROUPS = {Mode.ELIGIBLE: "role_eligibility_schedule", Mode.TIME_BOUND: "role_assignment_schedule"}
_ABOVE = (ScopeKind.MANAGEMENT_GROUP, ScopeKind.TENANT)
_DONE = frozenset({"provisioned", "granted", "schedulecreated", "accepted", "revoked"})
_REFUSED = frozenset(
    {"denied", "failed", "canceled", "timedout", "invalid", "admindenied", "failedasresourceislocked"}
)
_WAITING = frozenset({"pendingapproval", "pendingapprovalprovisioning", "pendingadmindecision"})


def list_schedules(
    clients: Clients, scope: Scope, *, inherited: bool = False
) -> tuple[ObservedSchedule, ...]:
    """Return the schedules at a scope and, for a subscription, below it; eligible, or active until an end.

    With ``inherited`` those of the scopes above instead.
    An active schedule without an end is a standing role assignment, which role assignments show already.
    """
    found = (item for mode in _GROUPS for item in _list(clients, scope, mode, at_scope=inherited))
    return tuple(item for item in found if (item.scope != scope if inherited else _inside(item, scope)))


def request(clients: Clients, wanted: ScheduledRole) -> ObservedSchedule:
    """Ask for a schedule or a change of one, and return it once it is provisioned. Raises CloudError."""
    kind = ("AdminExtend" if wanted.extends else "AdminUpdate") if wanted.target else "AdminAssign"
    assignment = wanted.assignment
    try:
        _send(clients, assignment, kind, wanted.days, wanted.target)
    except CloudError as error:
        if error.code.lower() != "roleassignmentexists":
            raise
        return _adopt(clients, assignment, error)
    for _ in range(POLLS):
        found = _find(clients, assignment)
        if found is not None:
            return found
        time.sleep(clients.connection.poll)
    raise CloudError(
        f"{_what(assignment)}: provisioned, but not listed",
        fix="Run the command again in a minute.",
        code="ScheduleNotListed",
    )


def withdraw(clients: Clients, schedule: ObservedSchedule) -> None:
    """Ask for the removal of a schedule; an absent one is no error. Raises CloudError."""
    held = Assignment(
        scope=schedule.scope,
        principal=schedule.principal,
        principal_type=PrincipalType(schedule.principal_type or PrincipalType.GROUP),
        role=RoleRef(schedule.role),
        mode=schedule.mode,
        reason="no longer wanted",
    )
    try:
        _send(clients, held, "AdminRemove", 0, schedule.id.name)
    except CloudError as error:
        if error.code.lower() not in ("roleassignmentdoesnotexist", "roleassignmentnotfound"):
            raise


def _send(clients: Clients, assignment: Assignment, kind: str, days: int, target: str) -> None:
    """Send one request and wait for its end; while the principal is not known yet, send another."""
    for attempt in range(1, TRIES + 1):
        try:
            _await(clients, assignment, _put(clients, assignment, kind, days, target))
            return
        except CloudError as error:
            unknown = error.code.lower() in ("subjectnotfound", "principalnotfound")
            if not unknown or attempt == TRIES:
                raise
        time.sleep(min(clients.connection.poll * attempt, 20.0))


def _put(clients: Clients, assignment: Assignment, kind: str, days: int, target: str) -> Any:
    """PUT a request; one of the same second that asks for the same is ours, another is waited out."""
    from azure.core.exceptions import HttpResponseError

    operations: Any = clients.privileged(
        f"{_GROUPS[assignment.mode]}_requests", assignment.scope.subscription
    )
    while True:
        start = datetime.now(UTC).replace(microsecond=0)
        name = request_guid(assignment.key, _text(start))
        with translated(_what(assignment)):
            try:
                body = _body(assignment, kind, days, target, start)
                return operations.create(assignment.scope.path, name, body)
            except HttpResponseError as error:
                if error.status_code != 409 or from_response(error).code == "RoleAssignmentExists":
                    raise
                made = operations.get(assignment.scope.path, name)
        if str(made.request_type) == kind and _same(made.condition, assignment.condition):
            return made
        time.sleep(0.1)


def _body(assignment: Assignment, kind: str, days: int, target: str, start: datetime) -> Any:
    from azure.mgmt.authorization.v2020_10_01 import models

    active = assignment.mode is Mode.TIME_BOUND
    stem = "RoleAssignmentScheduleRequest" if active else "RoleEligibilityScheduleRequest"
    home = f"/subscriptions/{assignment.scope.subscription}" if assignment.scope.subscription else ""
    expiration = getattr(models, f"{stem}PropertiesScheduleInfoExpiration")(
        type="AfterDuration", duration=f"P{days}D"
    )
    schedule = getattr(models, f"{stem}PropertiesScheduleInfo")(start_date_time=start, expiration=expiration)
    named = f"target_role_{'assignment' if active else 'eligibility'}_schedule_id"
    return getattr(models, stem)(
        principal_id=assignment.principal,
        role_definition_id=(
            f"{home}/providers/Microsoft.Authorization/roleDefinitions/{assignment.role.guid}"
        ),
        request_type=kind,
        schedule_info=schedule if days else None,
        justification=assignment.description,
        condition=assignment.condition or None,
        condition_version="2.0" if assignment.condition else None,
        **({named: target} if target else {}),
    )


def _await(clients: Clients, assignment: Assignment, made: Any) -> None:
    operations: Any = clients.privileged(
        f"{_GROUPS[assignment.mode]}_requests", assignment.scope.subscription
    )
    for _ in range(POLLS):
        status = str(made.status or "").lower()
        if status in _DONE:
            return
        if status in _REFUSED | _WAITING:
            raise CloudError(
                f"{_what(assignment)}: the request {made.name} is {made.status}",
                fix="Let an approver decide on it in Privileged Identity Management."
                if status in _WAITING
                else "Look at the request in Privileged Identity Management, then run the command again.",
                code="ScheduleRequestNotGranted",
            )
        time.sleep(clients.connection.poll)
        with translated(_what(assignment)):
            made = operations.get(assignment.scope.path, made.name)
    raise CloudError(
        f"{_what(assignment)}: the request {made.name} is still {made.status}",
        fix="Run the command again later: it continues from what exists.",
        code="ScheduleRequestPending",
    )


def _adopt(clients: Clients, assignment: Assignment, error: CloudError) -> ObservedSchedule:
    """Return the schedule that stands in the way when it is what is wanted."""
    for _ in range(LOOKS):
        found = _find(clients, assignment)
        if found is not None:
            if _same(found.condition, assignment.condition):
                return found
            break
        time.sleep(clients.connection.poll)
    raise error


def _same(one: str | None, other: str) -> bool:
    return "".join((one or "").split()) == "".join(other.split())


def _find(clients: Clients, assignment: Assignment) -> ObservedSchedule | None:
    there = _list(clients, assignment.scope, assignment.mode, principal=assignment.principal)
    return next((item for item in there if item.key == assignment.key and not item.activated), None)


def _inside(item: ObservedSchedule, scope: Scope) -> bool:
    return item.scope == scope if scope.kind in _ABOVE else scope.contains(item.scope)


def _list(
    clients: Clients, scope: Scope, mode: Mode, *, principal: str = "", at_scope: bool = False
) -> Iterator[ObservedSchedule]:
    """Yield what ARM lists for a scope: at it, above it and, for a subscription, below it."""
    wanted = "atScope()" if at_scope or scope.kind in _ABOVE else None
    if principal:
        wanted = f"principalId eq '{principal}'"
    with translated(f"{mode} roles at {scope}"):
        operations: Any = clients.privileged(f"{_GROUPS[mode]}s", scope.subscription)
        found = list(operations.list_for_scope(scope.path, filter=wanted))
        justified = {}
        if found:
            asked: Any = clients.privileged(f"{_GROUPS[mode]}_requests", scope.subscription)
            requests = asked.list_for_scope(scope.path, filter=wanted)
            justified = {str(item.name).lower(): item.justification or "" for item in requests}
    for item in found:
        seen = _observed(item, mode, justified)
        if seen.ends or mode is Mode.ELIGIBLE:
            yield seen


def _observed(item: Any, mode: Mode, justified: dict[str, str]) -> ObservedSchedule:
    stem = "assignment" if mode is Mode.TIME_BOUND else "eligibility"
    asked = str(getattr(item, f"role_{stem}_schedule_request_id") or "").rsplit("/", 1)[-1]
    scope = Scope.parse(item.scope)
    return ObservedSchedule(
        id=scope.child(SCHEDULE_TYPES[mode], str(item.name)),
        scope=scope,
        principal=str(item.principal_id or ""),
        principal_type=str(item.principal_type or ""),
        role=str(item.role_definition_id or "").rsplit("/", 1)[-1].lower(),
        mode=mode,
        condition=item.condition or "",
        starts=_text(item.start_date_time),
        ends=_text(item.end_date_time),
        request=asked,
        justification=justified.get(asked.lower(), ""),
        activated=str(getattr(item, "assignment_type", "") or "").lower() == "activated",
    )


def _text(moment: datetime | None) -> str:
    return "" if moment is None else moment.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


def _what(assignment: Assignment) -> str:
    return f"{assignment.mode} role {assignment.role.name or assignment.role.guid} at {assignment.scope}"
