"""The access matrix: function (or workload identity) × environment × kind of place × role × mode."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache

from coe_scaffold.catalog.roles import Permission, RoleDefinition
from coe_scaffold.catalog.shipped import read
from coe_scaffold.model.access import CustomRole, Mode, RoleRef, arm_guid
from coe_scaffold.model.json import Json
from coe_scaffold.model.scope import Scope


def custom_role_guid(management_group: str, name: str) -> str:
    """Return a custom role's GUID: ARM's ``guid(<management group scope in lower case>, <role name>)``."""
    return arm_guid(Scope.management_group(management_group).key, name)


@dataclass(frozen=True)
class CustomRoleRow:
    """A role definition that no built-in role can stand in for. ``id`` is what matrix rows refer to."""

    id: str
    name: str
    description: str
    permission: Permission
    source: str

    def definition(self, management_group: str) -> RoleDefinition:
        """Return the role as it is defined in a management group."""
        return RoleDefinition(custom_role_guid(management_group, self.name), self.name, (self.permission,))

    def defined_in(self, management_group: str) -> CustomRole:
        """Return what to write to define the role in a management group."""
        return CustomRole(
            role=RoleRef(custom_role_guid(management_group, self.name), self.name),
            scope=Scope.management_group(management_group),
            description=self.description,
            actions=self.permission.actions,
            not_actions=self.permission.not_actions,
            data_actions=self.permission.data_actions,
            not_data_actions=self.permission.not_data_actions,
        )


@dataclass(frozen=True)
class AccessRow:
    """A function's role at a kind of place.

    ``environment`` is ``dev``, ``test``, ``prod`` or ``all``; ``role.guid`` is empty when ``custom`` names a
    custom role; ``condition`` is the id of an ABAC condition or empty.
    """

    function: str
    environment: str
    scope_kind: str
    role: RoleRef
    custom: str
    mode: Mode
    condition: str
    why: str
    source: str

    def applies_to(self, environment: str) -> bool:
        """Return whether the row counts in an environment."""
        return self.environment in ("all", environment)

    def role_in(self, management_group: str) -> RoleRef:
        """Return the role with its GUID, also for a custom one."""
        if not self.custom:
            return self.role
        return RoleRef(custom_role_guid(management_group, self.role.name), self.role.name)


@dataclass(frozen=True)
class WorkloadRow:
    """A workload identity's role at a kind of place; such assignments are made in Bicep at the resource."""

    identity: str
    environment: str
    scope_kind: str
    role: RoleRef
    custom: str
    condition: str
    why: str
    source: str


@dataclass(frozen=True)
class AccessMatrix:
    """All rows, with the date they were last reviewed (ISO 8601)."""

    date: str
    human: tuple[AccessRow, ...]
    workload: tuple[WorkloadRow, ...]
    custom_roles: tuple[CustomRoleRow, ...]

    def rows(self, environment: str, function: str = "") -> tuple[AccessRow, ...]:
        """Return the human rows that count in an environment, for one function or all."""
        return tuple(
            row
            for row in self.human
            if row.applies_to(environment) and (not function or row.function == function)
        )


@cache
def matrix() -> AccessMatrix:
    """Return the shipped matrix."""
    document = read("access")
    return AccessMatrix(
        date=document["date"],
        human=tuple(_human(row) for row in document["human"]),
        workload=tuple(_workload(row) for row in document["workload"]),
        custom_roles=tuple(_custom(row) for row in document["customRoles"]),
    )


def _human(row: Json) -> AccessRow:
    return AccessRow(
        function=row["function"],
        environment=row["environment"],
        scope_kind=row["scopeKind"],
        role=RoleRef(row["role"], row["name"]),
        custom=row["custom"],
        mode=Mode(row["mode"]),
        condition=row["condition"],
        why=row["why"],
        source=row["source"],
    )


def _workload(row: Json) -> WorkloadRow:
    return WorkloadRow(
        identity=row["identity"],
        environment=row["environment"],
        scope_kind=row["scopeKind"],
        role=RoleRef(row["role"], row["name"]),
        custom=row["custom"],
        condition=row["condition"],
        why=row["why"],
        source=row["source"],
    )


def _custom(row: Json) -> CustomRoleRow:
    return CustomRoleRow(
        id=row["id"],
        name=row["name"],
        description=row["description"],
        permission=Permission(
            tuple(row["actions"]),
            tuple(row["notActions"]),
            tuple(row["dataActions"]),
            tuple(row["notDataActions"]),
        ),
        source=row["source"],
    )
