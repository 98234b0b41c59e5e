"""What an environment holds, for people: resource groups, resources, role assignments, findings."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable

from coe_scaffold.catalog import functions
from coe_scaffold.model.access import Assignment, Mode
from coe_scaffold.model.finding import Finding
from coe_scaffold.model.resources import Resource
from coe_scaffold.report.findings import summary

_GROUP = "microsoft.resources/resourcegroups"
_ASSIGNMENT = "microsoft.authorization/roleassignments"


def estate_text(
    resources: Iterable[Resource],
    assignments: Iterable[Assignment],
    findings: Iterable[Finding],
    *,
    environment: str,
) -> str:
    """Return the summary of an environment.

    ``assignments`` are those of people; those of workload identities are among the resources.
    """
    resources = tuple(resources)
    groups = [item for item in resources if item.type.lower() == _GROUP]
    workload = [item for item in resources if item.type.lower() == _ASSIGNMENT]
    rest = [item for item in resources if item not in groups and item not in workload]
    lines = [f"{environment} has {len(groups)} resource groups:"]
    for group in groups:
        inside = sum(group.id.contains(item.id) for item in rest)
        lines.append(f"  {group.name}  ({inside} resources)")
    types = Counter(item.type.split("/")[0] for item in rest)
    lines.append(f"{len(rest)} resources: " + ", ".join(f"{name} {types[name]}" for name in sorted(types)))
    assignments = tuple(assignments)
    eligible = [item for item in assignments if item.mode is not Mode.STANDING]
    held = Counter(item.function for item in assignments if item.mode is Mode.STANDING)
    lines.append(f"{sum(held.values()) + len(workload)} role assignments:")
    lines += [f"  {item.title:36} {held[item.id]:3}" for item in functions() if held[item.id]]
    lines.append(f"  {'workload identities':36} {len(workload):3}")
    if eligible:
        lines.append(f"{len(eligible)} roles to activate when needed (eligible or time-bound):")
        waiting = Counter(item.function for item in eligible)
        lines += [f"  {item.title:36} {waiting[item.id]:3}" for item in functions() if waiting[item.id]]
    lines.append(summary(findings, environment=environment))
    return "\n".join(lines)
