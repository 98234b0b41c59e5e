"""Names Azure accepts: length, characters and the usual abbreviation of each resource type."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cache

from coe_scaffold.catalog.shipped import read


@dataclass(frozen=True)
class NamingRule:
    """The rule of one resource type. ``scope`` is where a name must be unique; ``kinds`` maps a resource's
    ``kind`` to its own abbreviation. ``verified``: length and characters come from a published rule.
    """

    type: str
    abbreviation: str
    minimum: int
    maximum: int
    charset: str
    regex: str
    scope: str
    verified: bool
    source: str
    note: str = ""
    kinds: Mapping[str, str] = field(default_factory=dict, hash=False)


@dataclass(frozen=True)
class NamingRules:
    """All rules by resource type in lower case."""

    source: str
    by_type: Mapping[str, NamingRule] = field(hash=False)

    def rule(self, resource_type: str) -> NamingRule | None:
        """Return the rule of a resource type, or None when none is known."""
        return self.by_type.get(resource_type.lower())

    def abbreviation(self, resource_type: str, kind: str = "") -> str:
        """Return the usual abbreviation of a type and kind, or an empty string."""
        rule = self.rule(resource_type)
        if rule is None or rule.abbreviation.startswith("<"):
            return ""
        return rule.kinds.get(kind, rule.abbreviation)

    def problems(self, resource_type: str, name: str) -> tuple[str, ...]:
        """Return why Azure would refuse a name; none when it is fine or the type is unknown.

        ``name`` may be full (``account/default/data``): the last segment is judged.
        """
        rule = self.rule(resource_type)
        if rule is None:
            return ()
        last = name.rsplit("/", 1)[-1]
        found = []
        if not rule.minimum <= len(last) <= rule.maximum:
            found.append(
                f"'{last}' has {len(last)} characters; {rule.type} takes {rule.minimum} to {rule.maximum}"
            )
        elif not re.fullmatch(rule.regex, last):
            found.append(f"'{last}' is not a name for {rule.type}: {rule.charset}")
        return tuple(found)


@cache
def naming() -> NamingRules:
    """Return the shipped naming rules."""
    document = read("naming")
    return NamingRules(
        source=document["source"],
        by_type={
            row["type"].lower(): NamingRule(
                type=row["type"],
                abbreviation=row["abbreviation"],
                minimum=row["min"],
                maximum=row["max"],
                charset=row["charset"],
                regex=row["regex"],
                scope=row["scope"],
                verified=row["verified"],
                source=row["source"],
                note=row["note"],
                kinds=row["kinds"],
            )
            for row in document["rules"]
        },
    )
