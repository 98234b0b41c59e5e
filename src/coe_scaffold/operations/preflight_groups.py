"""Whether the resource groups are there that a plan writes into or refers to, and does not make."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator

from coe_scaffold.model.plan import Plan
from coe_scaffold.model.preflight import Check, Verdict
from coe_scaffold.model.resources import ChangeType, ResourceGraph
from coe_scaffold.model.scope import Scope, ScopeKind
from coe_scaffold.ports import Inspector

_MADE = frozenset({ChangeType.CREATE, ChangeType.MODIFY, ChangeType.DEPLOY, ChangeType.NO_CHANGE})


def check_groups(plan: Plan, graph: ResourceGraph, home: Scope, inspector: Inspector) -> Iterator[Check]:
    """Yield which resource groups nobody makes: those of the platform, for a project's repository alone."""
    touched = [change.resource for step in plan.writes for change in step.changes if change.change in _MADE]
    own = {one.resource_group.lower() for one in touched if one.kind is ScopeKind.RESOURCE_GROUP}
    others = {one.resource_group.lower() for one in touched if one.resource_group}
    others = (others | _referred(graph, home) if touched else others) - own
    missing = sorted(others - inspector.groups(home)) if others else []
    for name in missing:
        message = f"resource group {name} is not there, and nothing in this plan makes it"
        yield Check(
            "groups", Verdict.PROBLEM, message, "Apply the platform first: coe apply in its workspace."
        )
    if others and not missing:
        yield Check("groups", Verdict.OK, f"{len(others)} resource groups of others are there")


def _referred(graph: ResourceGraph, home: Scope) -> set[str]:
    """Return the groups of the subscription that resources name in their ids of others."""
    group = re.compile(re.escape(f"{home.path}/resourceGroups/") + r"([\w.()-]+)/", re.IGNORECASE)
    bodies = (json.dumps(resource.body, default=str) for resource in graph.resources)
    return {name.lower() for body in bodies for name in group.findall(body)}
