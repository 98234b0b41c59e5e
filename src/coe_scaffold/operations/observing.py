"""What exists of an environment's access: read in one way by the plan and by the audit."""

from __future__ import annotations

from dataclasses import dataclass

from coe_scaffold.model.access import CustomRole, ObservedAssignment
from coe_scaffold.model.scope import Scope
from coe_scaffold.model.settings import Settings
from coe_scaffold.operations.predict import environment_of
from coe_scaffold.ports import Observer


@dataclass(frozen=True)
class ObservedAccess:
    """Role assignments of a subscription and of the management group above it, and the custom roles."""

    assignments: tuple[ObservedAssignment, ...]
    roles: tuple[CustomRole, ...]


def observe_access(settings: Settings, environment: str, observer: Observer) -> ObservedAccess:
    """Return the access that exists, each assignment once. Raises UsageError and CloudError."""
    subscription = environment_of(settings, environment).scope
    management_group = Scope.management_group(settings.organisation.management_group)
    found = (*observer.role_assignments(subscription), *observer.role_assignments(management_group))
    return ObservedAccess(
        assignments=tuple({assignment.id: assignment for assignment in found}.values()),
        roles=observer.custom_roles(management_group),
    )
