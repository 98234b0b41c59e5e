"""The steps that take something away: whoever plans them says why, and under which id."""

from __future__ import annotations

from coe_scaffold.model.access import CustomRole, ObservedAssignment
from coe_scaffold.model.access_json import observed_to_json, role_to_json
from coe_scaffold.model.plan import Action, Step, StepKind
from coe_scaffold.model.scope import Scope

SETTINGS = frozenset({"microsoft.security/pricings"})
"""Types that are a setting of the subscription: always there, in one state or another."""


def delete_resource(resource: Scope, *, step: str, reason: str, title: str = "") -> Step:
    """Return the step, with the id ``step``, that deletes a resource."""
    return Step(
        id=step,
        kind=StepKind.RESOURCE,
        action=Action.DELETE,
        scope=resource,
        title=title or f"{resource.resource_type} {resource.name}",
        reason=reason,
        needs=f"{resource.resource_type}/delete",
    )


def remove_assignment(
    assignment: ObservedAssignment, *, step: str, title: str, reason: str, function: str = ""
) -> Step:
    """Return the step, with the id ``step``, that removes a role assignment; ``function`` had it."""
    return Step(
        id=step,
        kind=StepKind.ROLE_ASSIGNMENT,
        action=Action.DELETE,
        scope=assignment.scope,
        title=title,
        reason=reason,
        needs="Microsoft.Authorization/roleAssignments/delete",
        before=observed_to_json(assignment),
        function=function,
    )


def delete_role(role: CustomRole, *, step: str, reason: str) -> Step:
    """Return the step, with the id ``step``, that deletes a custom role."""
    return Step(
        id=step,
        kind=StepKind.ROLE_DEFINITION,
        action=Action.DELETE,
        scope=role.scope,
        title=f"Custom role {role.role.name or role.role.guid}",
        reason=reason,
        needs="Microsoft.Authorization/roleDefinitions/delete",
        before=role_to_json(role),
    )
