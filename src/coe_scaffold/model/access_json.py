"""Assignments and custom roles as JSON: what a plan's steps carry in ``before`` and ``after``.

A step of kind roleAssignment holds an :class:`Assignment` in ``after`` and, when it modifies, adopts or
deletes, an :class:`ObservedAssignment` in ``before``. A step of kind roleDefinition holds a
:class:`CustomRole` in both.
"""

from __future__ import annotations

from coe_scaffold.model.access import Assignment, CustomRole, Mode, ObservedAssignment, PrincipalType, RoleRef
from coe_scaffold.model.json import JsonObject
from coe_scaffold.model.scope import Scope


def assignment_to_json(assignment: Assignment) -> dict[str, object]:
    """Return an assignment as JSON, lossless."""
    return {
        "scope": assignment.scope.path,
        "principal": assignment.principal,
        "principalType": assignment.principal_type.value,
        "principalName": assignment.principal_name,
        "role": _role_ref(assignment.role),
        "mode": assignment.mode.value,
        "condition": assignment.condition,
        "function": assignment.function,
        "reason": assignment.reason,
    }


def assignment_from_json(data: JsonObject) -> Assignment:
    """Return what :func:`assignment_to_json` wrote; raise KeyError or ValueError for anything else."""
    return Assignment(
        scope=Scope(data["scope"]),
        principal=data["principal"],
        principal_type=PrincipalType(data["principalType"]),
        role=RoleRef(data["role"]["guid"], data["role"]["name"]),
        mode=Mode(data["mode"]),
        condition=data["condition"],
        function=data["function"],
        principal_name=data["principalName"],
        reason=data["reason"],
    )


def observed_to_json(assignment: ObservedAssignment) -> dict[str, object]:
    """Return an observed assignment as JSON, lossless."""
    return {
        "id": assignment.id.path,
        "scope": assignment.scope.path,
        "principal": assignment.principal,
        "principalType": assignment.principal_type,
        "role": assignment.role,
        "condition": assignment.condition,
        "description": assignment.description,
    }


def observed_from_json(data: JsonObject) -> ObservedAssignment:
    """Return what :func:`observed_to_json` wrote; raise KeyError for anything else."""
    return ObservedAssignment(
        id=Scope(data["id"]),
        scope=Scope(data["scope"]),
        principal=data["principal"],
        principal_type=data["principalType"],
        role=data["role"],
        condition=data["condition"],
        description=data["description"],
    )


def role_to_json(role: CustomRole) -> dict[str, object]:
    """Return a custom role as JSON, lossless."""
    return {
        "role": _role_ref(role.role),
        "scope": role.scope.path,
        "description": role.description,
        "actions": list(role.actions),
        "notActions": list(role.not_actions),
        "dataActions": list(role.data_actions),
        "notDataActions": list(role.not_data_actions),
    }


def role_from_json(data: JsonObject) -> CustomRole:
    """Return what :func:`role_to_json` wrote; raise KeyError for anything else."""
    return CustomRole(
        role=RoleRef(data["role"]["guid"], data["role"]["name"]),
        scope=Scope(data["scope"]),
        description=data["description"],
        actions=tuple(data["actions"]),
        not_actions=tuple(data["notActions"]),
        data_actions=tuple(data["dataActions"]),
        not_data_actions=tuple(data["notDataActions"]),
    )


def _role_ref(role: RoleRef) -> dict[str, str]:
    return {"guid": role.guid, "name": role.name}
