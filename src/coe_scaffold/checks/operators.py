"""What a rule demands of a value. A closed union of frozen values; ``judge.py`` gives them meaning.

Strings are compared without case, as Azure Resource Manager compares names and enum values.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from enum import StrEnum
from typing import TYPE_CHECKING, TypeAlias

from coe_scaffold.checks.context import CheckContext, Setting
from coe_scaffold.model.finding import Outcome
from coe_scaffold.model.json import Json, Value
from coe_scaffold.model.resources import Resource

if TYPE_CHECKING:
    from coe_scaffold.checks.relations import Relations


@dataclass(frozen=True)
class Equals:
    """The value is exactly this one."""

    value: Json = field(hash=False)


@dataclass(frozen=True)
class OneOf:
    """The value is one of these; None among them stands for an absent value.

    ``ignore_spaces`` is for Azure regions, where ``Sweden Central`` means ``swedencentral``. ``unsaid`` are
    the values that pass whatever the organisation's choice is, where nobody said it: all others are unknown.
    """

    values: tuple[Json, ...] | Setting
    also: tuple[Json, ...] = ()
    ignore_spaces: bool = False
    unsaid: tuple[Json, ...] = ()


@dataclass(frozen=True)
class NotIn:
    """The value is none of these; None among them forbids an absent value."""

    values: tuple[Json, ...]


@dataclass(frozen=True)
class Exists:
    """There is a value, and it is not an empty string, list or object."""


@dataclass(frozen=True)
class NotExists:
    """There is no value."""


@dataclass(frozen=True)
class AtLeast:
    """The value is a number of at least this."""

    number: int


@dataclass(frozen=True)
class AtMost:
    """The value is a number of at most this."""

    number: int | Setting


@dataclass(frozen=True)
class CountAtLeast:
    """The value is a list or object of at least this many entries."""

    number: int


@dataclass(frozen=True)
class ContainsAll:
    """All values the path leads to, taken together, hold every one of these."""

    values: tuple[Json, ...]


@dataclass(frozen=True)
class ContainsAny:
    """All values the path leads to, taken together, hold at least one of these."""

    values: tuple[Json, ...]


@dataclass(frozen=True)
class HasKeys:
    """The value is an object with each of these keys, none of them empty."""

    keys: tuple[str, ...] | Setting


@dataclass(frozen=True)
class Matches:
    """The value is a text that this regular expression matches as a whole."""

    pattern: str


@dataclass(frozen=True)
class EndsWithNone:
    """The value is a text that ends with none of these, each a whole segment: ids, names of children."""

    suffixes: tuple[str, ...]


@dataclass(frozen=True)
class HasElement:
    """The value is XML with an element of one of these names; comments do not count."""

    names: tuple[str, ...]


@dataclass(frozen=True)
class All:
    """The value exists and meets every demand; paths are relative to it."""

    demands: tuple[Demand, ...]


class Link(StrEnum):
    """How one resource belongs to another."""

    CHILD = "child"
    PARENT = "parent"
    EXTENSION = "extension"
    COVERS = "covers"
    REFERENCE = "reference"


@dataclass(frozen=True)
class Related:
    """There is a resource of ``resource_type`` that belongs to this one and meets every demand.

    CHILD: its id lies under this one's; PARENT: this one's lies under its. EXTENSION: it is attached
    to this one. COVERS: it is attached to this one or to a scope above. REFERENCE: in one of the places
    ``each`` leads to, ``at`` holds this one's id; demands are then relative to that place.
    """

    resource_type: str
    link: Link
    demands: tuple[Demand, ...] = ()
    each: str = ""
    at: str = ""


@dataclass(frozen=True)
class Judged:
    """A function decides. ``expected`` says in words what it demands."""

    function: Callable[[Subject, Value], Iterator[Verdict]]
    expected: str


Operator: TypeAlias = (
    Equals
    | OneOf
    | NotIn
    | Exists
    | NotExists
    | AtLeast
    | AtMost
    | CountAtLeast
    | ContainsAll
    | ContainsAny
    | HasKeys
    | Matches
    | EndsWithNone
    | HasElement
    | All
    | Related
    | Judged
)


@dataclass(frozen=True)
class Demand:
    """An operator on a path; it holds only where every demand in ``when`` is met.

    ``default`` is judged where the value is left out; without one, what is left out is no value.
    """

    path: str
    operator: Operator
    when: tuple[Demand, ...] = ()
    default: Default | None = None


@dataclass(frozen=True)
class Default:
    """What Azure takes where a property is left out, from an API version on (yyyy-MM-dd; empty: from any)."""

    value: Json = field(hash=False)
    since: str = ""

    def counts(self, api_version: str) -> bool:
        """Return whether it is taken in a version; dates compare as text, previews after their date."""
        return api_version >= self.since


@dataclass(frozen=True)
class Subject:
    """What is being judged: a resource, the estate it is in, and the organisation's choices.

    ``body`` is the resource's, or that of an element inside it; Unknown where only Azure knows the element.
    """

    resource: Resource
    relations: Relations
    context: CheckContext
    body: Value = field(hash=False)


@dataclass(frozen=True)
class Verdict:
    """One outcome at one place. ``expected`` is a JSON value, or words when that says more."""

    outcome: Outcome
    path: str
    actual: Value = field(default=None, hash=False)
    expected: Json = field(default=None, hash=False)


def private_endpoint(group: str) -> Related:
    """Return the demand for an automatically approved private endpoint to a sub-resource (groupId)."""
    return Related(
        "Microsoft.Network/privateEndpoints",
        Link.REFERENCE,
        (Demand("properties.groupIds", ContainsAll((group,))),),
        each="properties.privateLinkServiceConnections[*]",
        at="properties.privateLinkServiceId",
    )


def diagnostics(*categories: str) -> Related:
    """Return the demand for a diagnostic setting to Log Analytics, with any of these category groups."""
    logs = (
        Demand("properties.logs[enabled=true].categoryGroup", ContainsAny(categories))
        if categories
        else Demand("properties.logs[enabled=true]", Exists())
    )
    return Related(
        "Microsoft.Insights/diagnosticSettings",
        Link.EXTENSION,
        (Demand("properties.workspaceId", Exists()), logs),
    )
