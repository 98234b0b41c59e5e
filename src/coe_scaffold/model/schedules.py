"""Privileged Identity Management: roles held for a while, and how an eligible role is activated."""

from __future__ import annotations

from dataclasses import dataclass

from coe_scaffold.model.access import OWNERSHIP_MARK, Assignment, Mode, RoleRef, arm_guid
from coe_scaffold.model.scope import Scope

SCHEDULE_TYPES = {
    Mode.ELIGIBLE: "Microsoft.Authorization/roleEligibilitySchedules",
    Mode.TIME_BOUND: "Microsoft.Authorization/roleAssignmentSchedules",
}
"""ARM's resource type of what holds a role in each mode that ends."""


def request_guid(key: tuple[str, str, str], start: str) -> str:
    """Return the name of a schedule request: new for each start, and recognised again by it.

    ARM forgets requests after some weeks but keeps their name in the schedule, so the name itself tells
    that a schedule is ours. ``start`` is UTC to the second, such as ``2026-11-24T03:00:00Z``.
    """
    return arm_guid(OWNERSHIP_MARK, *key, start)


@dataclass(frozen=True)
class ScheduledRole:
    """A role that should be held until it ends: ``assignment.mode`` says eligible or time-bound.

    ``days`` is how long a new request lasts. ``target`` is the name of the schedule that the request
    changes, empty for a new one; ``extends`` when only its end moves.
    """

    assignment: Assignment
    days: int
    target: str = ""
    extends: bool = False


@dataclass(frozen=True)
class ObservedSchedule:
    """A role eligibility or assignment schedule as ARM returned it. ``role`` is the bare GUID.

    ``starts`` and ``ends`` are UTC to the second, ``ends`` empty when it never does; ``request`` is the
    name of the request it comes from and ``justification`` that request's, when ARM still has it;
    ``activated`` means that somebody activated an eligible role.
    """

    id: Scope
    scope: Scope
    principal: str
    principal_type: str
    role: str
    mode: Mode
    condition: str = ""
    starts: str = ""
    ends: str = ""
    request: str = ""
    justification: str = ""
    activated: bool = False

    @property
    def key(self) -> tuple[str, str, str]:
        """(scope, principal, role) in lower case, as for role assignments."""
        return (self.scope.key, self.principal.lower(), self.role.lower())

    @property
    def ours(self) -> bool:
        """Whether this tool asked for it: only these may ever be removed."""
        if self.justification.startswith(OWNERSHIP_MARK):
            return True
        return self.request.lower() == request_guid(self.key, self.starts)


@dataclass(frozen=True)
class ActivationRules:
    """What activating an eligible role takes.

    ``longest`` is an ISO 8601 duration such as ``PT8H``; ``requires`` holds ARM's names, sorted
    (``Justification``, ``MultiFactorAuthentication``); ``approvers`` are object ids of groups, sorted,
    none where no approval is needed.
    """

    longest: str
    requires: tuple[str, ...] = ()
    approvers: tuple[str, ...] = ()


@dataclass(frozen=True)
class RolePolicy:
    """The activation rules of one role at one scope."""

    scope: Scope
    role: RoleRef
    rules: ActivationRules

    @property
    def key(self) -> tuple[str, str]:
        """(scope, role) in lower case."""
        return (self.scope.key, self.role.guid.lower())
