"""Deployments whose template is not among the files: nobody judged what they would make."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from coe_scaffold.checks.run import located
from coe_scaffold.errors import Problem
from coe_scaffold.model.json import shown
from coe_scaffold.model.resources import Resource, ResourceGraph
from coe_scaffold.ports import CompiledTemplate

_KINDS = ("Microsoft.Resources/deployments", "Microsoft.Resources/deploymentStacks")
"""Nested deployments that are evaluated leave their resources in a graph, not themselves."""


def elsewhere(graph: ResourceGraph, compiled: CompiledTemplate) -> Iterator[Problem]:
    """Yield a problem for each deployment or stack of a graph that takes its template from elsewhere."""
    for kind in _KINDS:
        for resource in graph.of_type(kind):
            if not resource.existing:
                file, _, line = located(resource.source, compiled.locations).rpartition(":")
                place = (file, int(line)) if line.isdigit() else (compiled.path.as_posix(), 0)
                message = f"'{resource.name}' deploys {_from(resource)}, and nothing of it was judged"
                fix = "Check that template by itself, or make it a module of this one"
                yield Problem(*place, min(place[1], 1), message, fix)


def _from(resource: Resource) -> str:
    properties = resource.properties
    link = properties.get("templateLink") if isinstance(properties, Mapping) else None
    if isinstance(link, Mapping):
        return f"the template {shown(link.get('uri') or link.get('id') or link.get('relativePath'))}"
    return "a template that is not evaluated here"
