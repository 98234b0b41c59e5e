"""Policies as values: what an export holds."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace

from coe_scaffold.model.json import Json, JsonObject


class NotSupportedError(Exception):
    """A part of a policy that this evaluator does not know; the policy is then not judged, never passed."""


@dataclass(frozen=True)
class Definition:
    """A policy definition. ``id`` is in lower case; ``parameters`` are its declarations."""

    id: str
    title: str
    mode: str
    rule: JsonObject = field(hash=False)
    parameters: JsonObject = field(default_factory=dict, hash=False)


@dataclass(frozen=True)
class Member:
    """A definition inside an initiative; its values may be expressions of the initiative's parameters."""

    reference: str
    definition: str
    values: Mapping[str, Json] = field(default_factory=dict, hash=False)


@dataclass(frozen=True)
class Initiative:
    """A policy set definition."""

    id: str
    title: str
    members: tuple[Member, ...]
    parameters: JsonObject = field(default_factory=dict, hash=False)


@dataclass(frozen=True)
class Assignment:
    """An assignment of a definition or initiative. ``scope`` is empty when every resource is meant.

    ``overrides`` and ``selectors`` are as the API returns them. ``enforced`` is False with
    enforcementMode DoNotEnforce. ``anywhere`` is True when nobody said which subscription resources would
    be deployed to: then an assignment to any subscription is meant.
    """

    id: str
    title: str
    scope: str
    definition: str
    values: Mapping[str, Json] = field(default_factory=dict, hash=False)
    not_scopes: tuple[str, ...] = ()
    enforced: bool = True
    overrides: tuple[JsonObject, ...] = field(default=(), hash=False)
    selectors: tuple[JsonObject, ...] = field(default=(), hash=False)
    anywhere: bool = False


@dataclass(frozen=True)
class Exemption:
    """A scope that an assignment leaves alone, or what ``selectors`` choose in it.

    ``expires`` is ISO 8601 or empty.
    """

    id: str
    scope: str
    assignment: str
    references: tuple[str, ...] = ()
    expires: str = ""
    category: str = ""
    selectors: tuple[JsonObject, ...] = field(default=(), hash=False)


@dataclass(frozen=True)
class PolicyExport:
    """Everything one or several exported files hold, definitions and initiatives by lower-case id."""

    definitions: Mapping[str, Definition] = field(default_factory=dict, hash=False)
    initiatives: Mapping[str, Initiative] = field(default_factory=dict, hash=False)
    assignments: tuple[Assignment, ...] = ()
    exemptions: tuple[Exemption, ...] = ()

    def anywhere(self) -> PolicyExport:
        """Return this export for resources of which nobody said what subscription they are for."""
        assignments = tuple(replace(item, anywhere=True) for item in self.assignments)
        return replace(self, assignments=assignments)

    def contradicted(self, other: PolicyExport) -> tuple[str, ...]:
        """Return the ids for which another export holds something else."""
        own, others = ({**export.definitions, **export.initiatives} for export in (self, other))
        return tuple(key for key, item in own.items() if others.get(key, item) != item)

    def joined(self, other: PolicyExport) -> PolicyExport:
        """Return this export and another as one."""
        return PolicyExport(
            {**self.definitions, **other.definitions},
            {**self.initiatives, **other.initiatives},
            (*self.assignments, *other.assignments),
            (*self.exemptions, *other.exemptions),
        )
