"""The conditions under which identities may hand out roles, and what they allow of what we assign. No I/O."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from coe_scaffold.access.abac import may_assign
from coe_scaffold.access.conditions import (
    delegation_problems,
    delegation_to_groups,
    delegation_to_service_principals,
)
from coe_scaffold.model.access import Assignment, Mode
from coe_scaffold.model.settings import Settings


@dataclass(frozen=True)
class Delegation:
    """A condition for Role Based Access Control Administrator, whom it is for, and what is wrong with it.

    ``refused`` are the assignments we would make that it does not allow, one line each.
    """

    id: str
    holder: str
    text: str
    problems: tuple[str, ...]
    allowed: int
    refused: tuple[str, ...]


def delegations(
    settings: Settings, people: Iterable[Assignment], workloads: Iterable[Assignment]
) -> tuple[Delegation, ...]:
    """Return C1 (deploy identities) and C2 (who gives people's roles), judged against what we assign.

    ``people`` are the standing assignments of functions, ``workloads`` those that templates make and the
    deploy identity creates.
    """
    return (
        _judge("C1", "deploy identity of a project", delegation_to_service_principals(), workloads),
        _judge(
            "C2",
            "identity that gives the functions' roles",
            delegation_to_groups(settings.organisation.management_group),
            (item for item in people if item.mode is Mode.STANDING),
        ),
    )


def refused_by(condition: str, assignments: Iterable[Assignment]) -> tuple[str, ...]:
    """Return which assignments a condition keeps its holder from making, one line each."""
    return tuple(
        f"{item.role.name} to a {item.principal_type} on {item.scope.name}"
        for item in assignments
        if not _may(condition, item)
    )


def _judge(name: str, holder: str, text: str, assignments: Iterable[Assignment]) -> Delegation:
    asked = tuple(assignments)
    refused = refused_by(text, asked)
    return Delegation(
        name,
        holder,
        text,
        delegation_problems(text),
        len(asked) - len(refused),
        tuple(dict.fromkeys(refused)),
    )


def _may(condition: str, item: Assignment) -> bool:
    return may_assign(
        condition,
        verb="write",
        role=item.role.guid,
        principal=item.principal,
        principal_type=item.principal_type,
    )
