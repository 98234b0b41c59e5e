"""What activating an eligible role takes: the longest time, a second factor, somebody else's approval."""

from __future__ import annotations

from collections.abc import Iterable

from coe_scaffold.model.access import Assignment, Mode
from coe_scaffold.model.schedules import ActivationRules, RolePolicy
from coe_scaffold.model.settings import Settings

APPROVER = "ai-coe-lead"
"""The function that approves activations; its own are approved by :data:`APPROVER_OF_APPROVER`."""

APPROVER_OF_APPROVER = "compliance-officer"


APPROVED_HOURS = 4
"""Longest activation where approval is needed: break-glass in the matrix is at most four."""


def role_policies(
    settings: Settings, environment: str, scheduled: Iterable[Assignment]
) -> tuple[RolePolicy, ...]:
    """Return the activation rules of every eligible role, one per scope and role, sorted."""
    found: dict[tuple[str, str], list[Assignment]] = {}
    for item in scheduled:
        if item.mode is Mode.ELIGIBLE:
            found.setdefault((item.scope.key, item.role.guid.lower()), []).append(item)
    return tuple(
        RolePolicy(held[0].scope, held[0].role, _rules(settings, environment, held))
        for _, held in sorted(found.items())
    )


def _rules(settings: Settings, environment: str, held: list[Assignment]) -> ActivationRules:
    access = settings.access
    requires = ("Justification", "MultiFactorAuthentication") if access.multi_factor else ("Justification",)
    approvers: set[str] = set()
    if environment in access.approval:
        for item in held:
            function = APPROVER_OF_APPROVER if item.function == APPROVER else APPROVER
            approvers |= {group.id.lower() for group in settings.groups(function)}
    hours = min(access.activation_hours, APPROVED_HOURS) if approvers else access.activation_hours
    return ActivationRules(f"PT{hours}H", requires, tuple(sorted(approvers)))
