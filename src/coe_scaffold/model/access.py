"""Role assignments: what should be, what is, and how the two are matched."""

from __future__ import annotations

import uuid
from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum

from coe_scaffold.model.scope import Scope

ARM_GUID_NAMESPACE = uuid.UUID("11fb06fb-712d-4ddd-98c7-e71bbd588830")
"""Namespace of ARM's ``guid()``: UUIDv5 over the arguments joined with ``-``
(expected values in Azure/bicep, FunctionResolverTests.cs)."""

OWNERSHIP_MARK = "coe-scaffold:"
"""How the description of every assignment this tool made begins."""


def arm_guid(*parts: str) -> str:
    """Return what ARM's and Bicep's ``guid(parts...)`` returns."""
    return str(uuid.uuid5(ARM_GUID_NAMESPACE, "-".join(parts)))


class Mode(StrEnum):
    """How an assignment is held."""

    STANDING = "standing"
    ELIGIBLE = "eligible"
    TIME_BOUND = "time-bound"


class PrincipalType(StrEnum):
    """Principal types, as the authorization API spells them."""

    GROUP = "Group"
    SERVICE_PRINCIPAL = "ServicePrincipal"
    USER = "User"


@dataclass(frozen=True)
class DirectoryEntry:
    """Who stands behind an object id; ``kind`` is ``group``, ``user`` or ``servicePrincipal``."""

    id: str
    name: str
    kind: str


@dataclass(frozen=True)
class GroupPeople:
    """Who owns a group and who is in it, by object id."""

    owners: frozenset[str]
    members: frozenset[str]


@dataclass(frozen=True)
class DirectoryView:
    """What the directory was asked: who exists, and who is in which group; by id in lower case."""

    entries: Mapping[str, DirectoryEntry] = field(default_factory=dict, hash=False)
    people: Mapping[str, GroupPeople] = field(default_factory=dict, hash=False)


@dataclass(frozen=True, order=True)
class RoleRef:
    """A role definition by its GUID; ``name`` is the display name, for people only."""

    guid: str
    name: str = ""


@dataclass(frozen=True)
class PermissionBlock:
    """What one role of somebody's allows: the actions it grants minus those it takes back.

    ``condition`` is the block's own, in ABAC syntax.
    """

    actions: tuple[str, ...] = ()
    not_actions: tuple[str, ...] = ()
    data_actions: tuple[str, ...] = ()
    not_data_actions: tuple[str, ...] = ()
    condition: str = ""


@dataclass(frozen=True)
class CustomRole:
    """A custom role definition this tool owns. ``scope`` is its only assignable scope."""

    role: RoleRef
    scope: Scope
    description: str
    actions: tuple[str, ...] = ()
    not_actions: tuple[str, ...] = ()
    data_actions: tuple[str, ...] = ()
    not_data_actions: tuple[str, ...] = ()


@dataclass(frozen=True)
class Assignment:
    """A role assignment that should exist. ``function`` is the CoE function it comes from."""

    scope: Scope
    principal: str
    principal_type: PrincipalType
    role: RoleRef
    mode: Mode = Mode.STANDING
    condition: str = ""
    function: str = ""
    principal_name: str = ""
    reason: str = ""

    @property
    def key(self) -> tuple[str, str, str]:
        """(scope, principal, role) in lower case: ARM's own uniqueness key."""
        return (self.scope.key, self.principal.lower(), self.role.guid.lower())

    @property
    def name(self) -> str:
        """Deterministic name, the same as ``guid(toLower(scope), toLower(principal), role)`` in Bicep."""
        return arm_guid(*self.key)

    @property
    def description(self) -> str:
        """Text stored with the assignment; it begins with the ownership mark."""
        return f"{OWNERSHIP_MARK} {self.function}: {self.reason}"[:2000]


EVERYONE = "00000000-0000-0000-0000-000000000000"
"""The principal id by which a deny assignment means all principals."""


@dataclass(frozen=True)
class DenyAssignment:
    """A deny assignment as the authorization API returned it.

    ``principals`` and ``excluded`` are object ids in lower case. ``inherited`` is False where it does not
    apply to child scopes.
    """

    id: Scope
    name: str
    scope: Scope
    blocks: tuple[PermissionBlock, ...]
    principals: frozenset[str]
    excluded: frozenset[str] = frozenset()
    inherited: bool = True


@dataclass(frozen=True)
class ObservedRole:
    """A built-in role as ARM returned it; ``updated`` is the ISO 8601 day of its last change, or empty."""

    guid: str
    name: str
    blocks: tuple[PermissionBlock, ...]
    updated: str = ""


@dataclass(frozen=True)
class ObservedAssignment:
    """A role assignment as the authorization API returned it.

    ``role`` is the bare GUID; ``changed`` is the day of its last change, ISO 8601, when it is known: for
    people, no part of what a plan compares or keeps.
    """

    id: Scope
    scope: Scope
    principal: str
    principal_type: str
    role: str
    condition: str = ""
    description: str = ""
    changed: str = field(default="", compare=False)

    @property
    def key(self) -> tuple[str, str, str]:
        """(scope, principal, role) in lower case: ARM's own uniqueness key."""
        return (self.scope.key, self.principal.lower(), self.role.lower())

    @property
    def ours(self) -> bool:
        """Whether this tool made it: only these may ever be removed."""
        return self.description.startswith(OWNERSHIP_MARK)
