"""A resource graph as one flat ARM template with nothing left to evaluate, as other tools can read it."""

from __future__ import annotations

from typing import Any

from coe_scaffold.model.json import printable
from coe_scaffold.model.resources import Resource, ResourceGraph

SCHEMA = "https://schema.management.azure.com/schemas/2019-04-01/deploymentTemplate.json#"


def flattened(graph: ResourceGraph) -> dict[str, Any]:
    """What only Azure knows stays as the words ``<known after apply>``."""
    return {
        "$schema": SCHEMA,
        "contentVersion": "1.0.0.0",
        "resources": [_resource(resource) for resource in graph.resources],
    }


def _resource(resource: Resource) -> dict[str, Any]:
    own = {"type": resource.type, "apiVersion": resource.api_version, "name": resource.name}
    if "/providers/" in resource.scope.path:
        own["scope"] = resource.scope.path
    body: dict[str, Any] = printable(dict(resource.body))
    return {**own, **{key: value for key, value in body.items() if key not in own}}
