"""What deployments would create, as an earlier run found it, where no run can find anything else.

A graph is kept under all it comes from: the template, its values, what ``deployment()`` and its kin answer,
and the dates that the template asks for. One of a template that asks for more of the time, or for a new
GUID, is never kept.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from datetime import UTC, datetime

from coe_scaffold.local.kept import Kept, MadeGraph
from coe_scaffold.local.seen import digest
from coe_scaffold.model.graph_json import graph_from_json, graph_to_json
from coe_scaffold.model.json import JsonObject
from coe_scaffold.model.resources import Deployment, ResourceGraph
from coe_scaffold.template.functions.dates import shown

Evaluate = Callable[[], ResourceGraph]
"""Evaluates a deployment's template; raises CompileError."""

_DATE = re.compile(r"(?i:utcNow)\('([yMd01-]+)'\)")
"""A call for a date: years, months, days, and digits as they stand."""


class Graphs:
    """Graphs of deployments; ``kept`` gives those of earlier runs."""

    def __init__(self, kept: Kept | None) -> None:
        self._kept = kept
        self._seen: dict[int, tuple[JsonObject, str, frozenset[str] | None]] = {}

    def of(self, deployment: Deployment, tenant: str, now: datetime, evaluate: Evaluate) -> ResourceGraph:
        """Return what a deployment in a tenant would create at a time; raise CompileError as ``evaluate``.

        The values of its parameters must be none that may be secret.
        """
        template, dates = self._looked_at(deployment.template) if self._kept else ("", None)
        if not self._kept or dates is None:
            return evaluate()
        told = [(style, shown(now.astimezone(UTC), style)) for style in sorted(dates)]
        values = json.dumps(deployment.parameters)
        home = (deployment.name, deployment.scope.path, deployment.location, tenant)
        for made in self._kept.find(MadeGraph, template, values, *home, told):
            return graph_from_json(made.graph)
        graph = evaluate()
        self._kept.keep(MadeGraph("", {}, graph_to_json(graph)), template, values, *home, told)
        return graph

    def _looked_at(self, template: JsonObject) -> tuple[str, frozenset[str] | None]:
        """Return a template's digest and the dates it asks for; None when each run may find another graph."""
        if id(template) not in self._seen:
            text = json.dumps(template)
            dates, lowered = _DATE.findall(text), text.lower()
            steady = lowered.count("utcnow") == len(dates) and "newguid" not in lowered
            self._seen[id(template)] = template, digest(text.encode()), frozenset(dates) if steady else None
        return self._seen[id(template)][1:]
