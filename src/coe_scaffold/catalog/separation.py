"""Separation-of-duty rules as data: what one group must not be able to do."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from functools import cache

from coe_scaffold.catalog.shipped import read
from coe_scaffold.model.access import Mode
from coe_scaffold.model.finding import Severity
from coe_scaffold.model.json import Json


class RuleKind(StrEnum):
    """How a rule is judged. ``outside`` cannot be judged from Azure Resource Manager and is listed only."""

    FORBIDDEN = "forbidden"
    DISJOINT = "disjoint"
    CONDITIONED = "conditioned"
    PAIR = "pair"
    KEYS = "keys"
    OUTSIDE = "outside"


@dataclass(frozen=True)
class Allowed:
    """A place at which a test's operations are fine after all."""

    resource_type: str
    name: str
    operations: tuple[str, ...]


@dataclass(frozen=True)
class OperationTest:
    """Operations (patterns) that must not be permitted in these environments and modes.

    ``unconditioned`` counts only permission blocks without a condition of their own. Empty
    ``environments`` means all.
    """

    operations: tuple[str, ...]
    modes: frozenset[Mode]
    environments: frozenset[str]
    data: bool
    unconditioned: bool
    exempt: tuple[str, ...]
    allowed: tuple[Allowed, ...]


@dataclass(frozen=True)
class KeyTest:
    """A key-listing operation, and the property value of the resource that makes keys useless."""

    operation: str
    resource_type: str
    property: str
    safe: bool


@dataclass(frozen=True)
class SeparationRule:
    """One rule. ``functions`` limits it (empty: all); the fields below it belong to its ``kind``."""

    id: str
    kind: RuleKind
    title: str
    severity: Severity
    owner: str
    fix: str
    source: str
    functions: frozenset[str]
    tests: tuple[OperationTest, ...]
    left: frozenset[str]
    right: frozenset[str]
    first: tuple[str, ...]
    second: tuple[str, ...]
    keys: tuple[KeyTest, ...]


@cache
def separation_rules() -> tuple[SeparationRule, ...]:
    """Return the shipped rules in the order of their ids."""
    return tuple(_rule(row) for row in read("separation")["rules"])


def _rule(row: Json) -> SeparationRule:
    return SeparationRule(
        id=row["id"],
        kind=RuleKind(row["kind"]),
        title=row["title"],
        severity=Severity(row["severity"]),
        owner=row["owner"],
        fix=row["fix"],
        source=row["source"],
        functions=frozenset(row.get("functions", ())),
        tests=tuple(_test(test) for test in row.get("tests", ())),
        left=frozenset(row.get("left", ())),
        right=frozenset(row.get("right", ())),
        first=tuple(row.get("first", ())),
        second=tuple(row.get("second", ())),
        keys=tuple(
            KeyTest(key["operation"], key["resourceType"], key["property"], key["safe"])
            for key in row.get("keys", ())
        ),
    )


def _test(test: Json) -> OperationTest:
    return OperationTest(
        operations=tuple(test["operations"]),
        modes=frozenset(Mode(mode) for mode in test["modes"]),
        environments=frozenset(test.get("environments", ())),
        data=test.get("data", False),
        unconditioned=test.get("unconditioned", False),
        exempt=tuple(test.get("except", ())),
        allowed=tuple(
            Allowed(place["resourceType"], place.get("name", ""), tuple(place["operations"]))
            for place in test.get("allowed", ())
        ),
    )
