"""The alert rules of a project: what each looks at, when it fires by default, and which function is told."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache

from coe_scaffold.catalog.shipped import read


@dataclass(frozen=True)
class AlertRule:
    """One rule. ``id`` names it in the template's type ``alertsType``.

    ``component`` is the component a project must have (empty: every project has it), ``kinds`` the project
    kinds whose application writes what it counts (empty: all). ``standard`` and ``strict`` are thresholds by
    the environment's profile, in ``unit``; ``hours``, where it is not 0, stands for them: the tokens that all
    model deployments can take in that many hours. ``below``: it fires under its threshold. ``window`` is an
    ISO 8601 duration, ``severity`` Azure's 0 (critical) to 4 in a strict environment, ``tells`` function ids.
    ``first`` is what somebody who was told looks at, or does.
    """

    id: str
    component: str
    kinds: tuple[str, ...]
    what: str
    signal: str
    unit: str
    below: bool
    standard: int
    strict: int
    hours: int
    window: str
    severity: int
    tells: tuple[str, ...]
    first: str
    source: str


@cache
def alert_rules() -> tuple[AlertRule, ...]:
    """Return the shipped rules in the order of the template's type."""
    return tuple(
        AlertRule(
            id=row["id"],
            component=row["component"],
            kinds=tuple(row["kinds"]),
            what=row["what"],
            signal=row["signal"],
            unit=row["unit"],
            below=row["below"],
            standard=row["threshold"].get("standard", 0),
            strict=row["threshold"].get("strict", 0),
            hours=row["threshold"].get("hoursAtCapacity", 0),
            window=row["window"],
            severity=row["severity"],
            tells=tuple(row["tells"]),
            first=row["first"],
            source=row["source"],
        )
        for row in read("alerts")["rules"]
    )
