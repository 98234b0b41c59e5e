"""Effective permissions: which assignment, block and pattern permits an operation, or excludes it.

Rules of Azure RBAC (azure-docs role-based-access-control/role-definitions.md): ``*`` stands for any text,
also across slashes; case does not matter; ``notActions`` subtract inside their own block only; blocks and
assignments add up; an assignment reaches its scope and everything below it.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from functools import cache, lru_cache

from coe_scaffold.catalog import Permission, RoleDefinition, matrix, roles
from coe_scaffold.model.access import Assignment
from coe_scaffold.model.scope import Scope, ScopeKind

RoleLookup = Callable[[str], RoleDefinition | None]
"""A role definition by its GUID."""

Placement = Mapping[str, tuple[str, ...]]
"""Subscription id in lower case → ids of the management groups above it, in lower case."""


@dataclass(frozen=True)
class Verdict:
    """What a permission block says about an operation: the pattern granting it, the one excluding it."""

    block: int
    granted_by: str
    excluded_by: str
    condition: str

    @property
    def permits(self) -> bool:
        """Whether the block grants the operation and does not take it back."""
        return bool(self.granted_by) and not self.excluded_by


@dataclass(frozen=True)
class Grant:
    """An assignment that permits an operation, and how. ``conditions`` must hold for it to count."""

    assignment: Assignment
    role: RoleDefinition
    verdict: Verdict

    @property
    def conditions(self) -> tuple[str, ...]:
        """The assignment's and the role's own condition, where there are any."""
        return tuple(text for text in (self.assignment.condition, self.verdict.condition) if text)


def role_lookup(management_group: str) -> RoleLookup:
    """Return a lookup over the built-in roles and the custom roles of a management group."""
    own = {
        definition.guid: definition
        for row in matrix().custom_roles
        if (definition := row.definition(management_group))
    }
    return lambda guid: own.get(guid.lower()) or roles().get(guid)


@lru_cache(maxsize=65536)
def matches(pattern: str, operation: str) -> bool:
    """Return whether an action pattern covers an operation, without regard to case."""
    return _regex(pattern.lower()).fullmatch(operation.lower()) is not None


def verdicts(role: RoleDefinition, operation: str, *, data: bool) -> tuple[Verdict, ...]:
    """Return what each block that grants the operation says, taken back or not."""
    found = []
    for number, block in enumerate(role.permissions):
        granted, excluded = _patterns(block, data=data)
        by = next((pattern for pattern in granted if matches(pattern, operation)), "")
        if by:
            taken = next((pattern for pattern in excluded if matches(pattern, operation)), "")
            found.append(Verdict(number, by, taken, block.condition))
    return tuple(found)


def permits(role: RoleDefinition, operation: str, *, data: bool = False, unconditioned: bool = False) -> bool:
    """Return whether a role permits an operation.

    ``unconditioned`` leaves out blocks that carry a condition of their own; else conditions are not judged.
    """
    return any(
        verdict.permits and not (unconditioned and verdict.condition)
        for verdict in verdicts(role, operation, data=data)
    )


@cache
def known_operations(*, data: bool) -> tuple[str, ...]:
    """Return every operation that some built-in or custom role names in full, sorted, in lower case."""
    own = (
        text.lower()
        for row in matrix().custom_roles
        for text in (row.permission.data_actions if data else row.permission.actions)
        if "*" not in text
    )
    return tuple(sorted({*own, *(name for name, kind in roles().operations() if kind is data)}))


@lru_cache(maxsize=1024)
def expand(role: RoleDefinition, *, data: bool, unconditioned: bool = False) -> frozenset[str]:
    """Return the operations a role permits, of the known ones and of samples made from its own wildcards.

    ``unconditioned`` leaves out blocks that carry a condition of their own.
    """
    found: set[str] = set()
    for block in role.permissions:
        if unconditioned and block.condition:
            continue
        granted, excluded = _patterns(block, data=data)
        samples = (text for pattern in granted for text in _samples(pattern))
        covers, takes = _any_of(granted), _any_of(excluded)
        found.update(
            name
            for name in (*known_operations(data=data), *samples)
            if covers.fullmatch(name) and not takes.fullmatch(name)
        )
    return frozenset(found)


def grants(
    assignments: Iterable[Assignment],
    operation: str,
    lookup: RoleLookup,
    *,
    data: bool = False,
    on: Scope | None = None,
    placement: Placement | None = None,
) -> tuple[Grant, ...]:
    """Return the assignments that permit an operation, somewhere or on one scope, in their order.

    An operation counts only where it can be made: listing an account's keys is not possible at the scope
    of a project inside the account.
    """
    found = []
    for assignment in assignments:
        place = assignment.scope if on is None else on
        if on is not None and not reaches(assignment.scope, on, placement or {}):
            continue
        role = lookup(assignment.role.guid)
        if role is None or not operable(operation, place, data=data):
            continue
        verdict = next((item for item in verdicts(role, operation, data=data) if item.permits), None)
        if verdict:
            found.append(Grant(assignment, role, verdict))
    return tuple(found)


def reaches(scope: Scope, target: Scope, placement: Placement) -> bool:
    """Return whether an assignment at ``scope`` is inherited at ``target``."""
    if scope.contains(target):
        return True
    if scope.kind is not ScopeKind.MANAGEMENT_GROUP or not target.subscription:
        return False
    return scope.name.lower() in placement.get(target.subscription.lower(), ())


_ANYWHERE = (
    "microsoft.authorization/",
    "microsoft.insights/diagnosticsettings",
    "microsoft.insights/metrics",
    "microsoft.insights/metricdefinitions",
    "microsoft.resources/tags",
    "microsoft.resources/links",
    "microsoft.resourcehealth/",
    "microsoft.policyinsights/",
    "microsoft.security/",
    "microsoft.advisor/",
    "microsoft.eventgrid/eventsubscriptions",
)
"""Operations on extension resources, which exist at every scope."""


def operable(operation: str, scope: Scope, *, data: bool) -> bool:
    """Return whether an operation can be made at a scope or on something below it.

    At a resource only operations of its own type, of what lies below it, and of extension resources can.
    Foundry's data actions do not name the project they are made in, so any of that provider's count.
    """
    text = operation.lower()
    if scope.kind is ScopeKind.RESOURCE:
        return _operable_on_resource(text, scope.resource_type.lower(), data=data)
    subject = _subject(text)
    if scope.kind in (ScopeKind.SUBSCRIPTION, ScopeKind.RESOURCE_GROUP) and subject.startswith(
        "microsoft.management/managementgroups"
    ):
        return False
    return not (scope.kind is ScopeKind.RESOURCE_GROUP and subject == "microsoft.resources/subscriptions")


def acts_on(operation: str, scope: Scope) -> bool:
    """Return whether an operation is made on a resource itself, not on what lies below it."""
    return scope.kind is ScopeKind.RESOURCE and _subject(operation.lower()) == scope.resource_type.lower()


def _operable_on_resource(operation: str, resource_type: str, *, data: bool) -> bool:
    if operation.startswith(_ANYWHERE):
        return True
    provider = resource_type.split("/", 1)[0]
    if operation.split("/", 1)[0] != provider:
        return False
    if data:
        if provider == "microsoft.cognitiveservices":
            return True
        return all(
            own == other
            for own, other in zip(resource_type.split("/"), operation.split("/")[:-1], strict=False)
        )
    subject = _subject(operation)
    return subject == resource_type or subject.startswith(resource_type + "/")


def _subject(operation: str) -> str:
    """Return the resource type an operation is made on: without its verb, or its ``name/action``."""
    parts = operation.split("/")
    return "/".join(parts[: -2 if parts[-1] == "action" and len(parts) > 3 else -1])


def _patterns(block: Permission, *, data: bool) -> tuple[tuple[str, ...], tuple[str, ...]]:
    if data:
        return block.data_actions, block.not_data_actions
    return block.actions, block.not_actions


def _samples(pattern: str) -> tuple[str, ...]:
    """Return operations a pattern covers, in case no role names one in full."""
    name = pattern.lower().replace("*", "sample")
    if not pattern.endswith("/*"):
        return (name,)
    return tuple(f"{name}/{verb}" for verb in ("read", "write", "delete", "action"))


def _any_of(patterns: tuple[str, ...]) -> re.Pattern[str]:
    return re.compile("|".join(_source(pattern.lower()) for pattern in patterns) or r"(?!)", re.DOTALL)


@cache
def _regex(pattern: str) -> re.Pattern[str]:
    return re.compile(_source(pattern), re.DOTALL)


def _source(pattern: str) -> str:
    return ".*".join(re.escape(part) for part in pattern.split("*"))
