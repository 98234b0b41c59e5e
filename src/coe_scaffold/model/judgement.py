"""What one run of the guardrails came to: what was judged, what could not be, and the findings."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from coe_scaffold.errors import Problem
from coe_scaffold.model.finding import Finding


@dataclass(frozen=True)
class Unit:
    """One thing that was judged: an environment, or a file. ``resources`` is how many it would create."""

    name: str
    resources: int
    findings: tuple[Finding, ...]


@dataclass(frozen=True)
class Unchecked:
    """A file that could not be judged, and why. It counts as a failure, never as a pass."""

    file: str
    problems: tuple[Problem, ...]


@dataclass(frozen=True, order=True)
class NotJudged:
    """A policy, or a part of one, that this tool does not evaluate, and why. It never counts as a pass."""

    policy: str
    reason: str


@dataclass(frozen=True)
class Judgement:
    """Everything one run of the guardrails found."""

    units: tuple[Unit, ...]
    unchecked: tuple[Unchecked, ...] = ()
    not_judged: tuple[NotJudged, ...] = ()

    @property
    def findings(self) -> tuple[Finding, ...]:
        """The findings of all units, unit by unit."""
        return tuple(finding for _, finding in self.by_unit())

    @property
    def name(self) -> str:
        """The names of all units."""
        return ", ".join(unit.name for unit in self.units)

    def by_unit(self) -> Iterator[tuple[str, Finding]]:
        """Yield each finding with the name of its unit."""
        for unit in self.units:
            for finding in unit.findings:
                yield unit.name, finding
