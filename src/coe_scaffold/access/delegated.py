"""Whether the conditions of somebody's own role assignments let it make or delete one. Pure.

ARM's 403 does not say which condition was not met; the same evaluation here does.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from coe_scaffold.access.abac import ConditionError, why_not
from coe_scaffold.access.effective import Placement, RoleLookup, reaches, verdicts
from coe_scaffold.model.access import Assignment, ObservedAssignment


@dataclass(frozen=True)
class Exclusion:
    """A role assignment that would let its holder assign roles, but for a condition, and what fails in it."""

    held: ObservedAssignment
    role_name: str
    reasons: tuple[str, ...]

    def __str__(self) -> str:
        """Name the assignment, its scope and the reasons, for people."""
        where = self.held.scope.name or "/"
        return f"the condition of your {self.role_name} on {where}: {', '.join(self.reasons)}"


def exclusions(
    own: Iterable[ObservedAssignment],
    wanted: Assignment,
    lookup: RoleLookup,
    *,
    verb: str = "write",
    placement: Placement | None = None,
) -> tuple[Exclusion, ...]:
    """Return the caller's assignments whose conditions exclude writing or deleting (``verb``) an assignment.

    Empty when one of them allows it, and when none gives the right at all: then it is no condition's fault.
    A condition that cannot be read excludes.
    """
    action = f"Microsoft.Authorization/roleAssignments/{verb}"
    found = []
    for held in own:
        role = lookup(held.role)
        if role is None or not reaches(held.scope, wanted.scope, placement or {}):
            continue
        for verdict in verdicts(role, action, data=False):
            if not verdict.permits:
                continue
            conditions = tuple(filter(None, (held.condition, verdict.condition)))
            reasons = tuple(reason for one in conditions for reason in _reasons(one, wanted, verb))
            if not reasons:
                return ()
            found.append(Exclusion(held, role.name, reasons))
    return tuple(found)


def _reasons(condition: str, wanted: Assignment, verb: str) -> tuple[str, ...]:
    try:
        return why_not(
            condition,
            verb=verb,
            role=wanted.role.guid,
            principal=wanted.principal,
            principal_type=wanted.principal_type,
        )
    except ConditionError as error:
        return (f"it cannot be read ({error.detail})",)
