"""Deny assignments: what they take from the roles that principals hold.

Rules of azure-docs role-based-access-control/deny-assignments.md: a deny assignment wins over every role
assignment; it holds for its principals and their members except the excluded ones, at its scope and, unless
``doNotApplyToChildScopes``, below it; ``notActions`` subtract inside their own block. A condition is taken as
met: what may be forbidden is not called allowed.
"""

from __future__ import annotations

from collections.abc import Iterable

from coe_scaffold.access.effective import Grant, Placement, acts_on, matches, reaches
from coe_scaffold.model.access import EVERYONE, DenyAssignment
from coe_scaffold.model.scope import Scope


def forbids(denial: DenyAssignment, operation: str, *, data: bool = False) -> bool:
    """Return whether a deny assignment names an operation."""
    for block in denial.blocks:
        named = block.data_actions if data else block.actions
        spared = block.not_data_actions if data else block.not_actions
        if any(matches(one, operation) for one in named) and not any(
            matches(one, operation) for one in spared
        ):
            return True
    return False


def concerns(denial: DenyAssignment, principal: str) -> bool:
    """Return whether a deny assignment holds for a principal, by its object id."""
    own = principal.lower()
    return own not in denial.excluded and (own in denial.principals or EVERYONE in denial.principals)


def covers(denial: DenyAssignment, place: Scope, placement: Placement) -> bool:
    """Return whether a deny assignment holds at a scope."""
    return denial.scope == place or (denial.inherited and reaches(denial.scope, place, placement))


def denial_of(
    grant: Grant,
    operation: str,
    denials: Iterable[DenyAssignment],
    *,
    data: bool = False,
    on: Scope | None = None,
    placement: Placement | None = None,
) -> DenyAssignment | None:
    """Return the deny assignment that takes an operation from a grant, or None.

    With ``on``, asked for that scope. Without, for everywhere the grant reaches: a deny assignment that
    holds only below the grant's scope, or at that scope alone while the operation acts on what is below,
    leaves something.
    """
    place = grant.assignment.scope if on is None else on
    for denial in denials:
        if not concerns(denial, grant.assignment.principal) or not forbids(denial, operation, data=data):
            continue
        alone = on is None and not denial.inherited
        if covers(denial, place, placement or {}) and (not alone or acts_on(operation, place)):
            return denial
    return None


def partial_denials(
    grant: Grant, operation: str, denials: Iterable[DenyAssignment], *, data: bool = False
) -> tuple[DenyAssignment, ...]:
    """Return the deny assignments that take an operation from a grant somewhere below its scope only."""
    own = grant.assignment
    return tuple(
        denial
        for denial in denials
        if denial.scope != own.scope
        and own.scope.contains(denial.scope)
        and concerns(denial, own.principal)
        and forbids(denial, operation, data=data)
    )
