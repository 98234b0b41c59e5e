"""Which module of the landing zone keeps which guardrails, from where findings are located."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import PurePosixPath

from coe_scaffold.model.finding import Finding, Outcome


@dataclass(frozen=True)
class ModuleRow:
    """One module: how many resources were judged, the guardrails that hold on all, and the others."""

    name: str
    resources: int
    held: tuple[str, ...]
    open: tuple[str, ...]


def modules(findings: Iterable[Finding]) -> tuple[ModuleRow, ...]:
    """Return a row for each template file that declares something judged, by name."""
    found: dict[str, list[Finding]] = defaultdict(list)
    for finding in findings:
        file = finding.location.rpartition(":")[0]
        if file:
            found[_name(PurePosixPath(file))].append(finding)
    return tuple(_row(name, found[name]) for name in sorted(found))


def _name(file: PurePosixPath) -> str:
    """Return a module's name: the folder of its ``main.bicep``, or the file itself."""
    return file.parent.name or file.name if file.name.startswith("main.") else file.name


def _row(name: str, findings: list[Finding]) -> ModuleRow:
    rules = {finding.rule for finding in findings}
    open_rules = {finding.rule for finding in findings if finding.outcome is not Outcome.PASS}
    return ModuleRow(
        name,
        len({finding.subject for finding in findings}),
        tuple(sorted(rules - open_rules)),
        tuple(sorted(open_rules)),
    )
