"""Break a guardrail: from a rule and a graph in which it holds to graphs in which it should not."""

from __future__ import annotations

import copy
import re
from collections.abc import Iterator, Mapping
from dataclasses import replace
from typing import Any

from coe_scaffold.checks import Rule
from coe_scaffold.checks.operators import (
    All,
    AtLeast,
    AtMost,
    ContainsAll,
    ContainsAny,
    CountAtLeast,
    Demand,
    EndsWithNone,
    Equals,
    Exists,
    HasElement,
    HasKeys,
    Judged,
    Matches,
    NotExists,
    NotIn,
    OneOf,
    Operator,
    Related,
)
from coe_scaffold.checks.paths import resolve
from coe_scaffold.model.json import JsonObject
from coe_scaffold.model.resources import Resource, ResourceGraph

ABSENT = object()


def mutations(rule: Rule, graph: ResourceGraph) -> Iterator[ResourceGraph]:
    """Yield graphs that differ from ``graph`` in one place a rule looks at."""
    assert rule.demand is not None
    kinds = {rule.resource_type.lower()} | ({rule.inline.resource_type.lower()} if rule.inline else set())
    for resource in graph.resources:
        if rule.resource_type == "*" or resource.type.lower() in kinds:
            prefix = rule.inline.path if rule.inline and resource.type == rule.inline.resource_type else ""
            yield from _broken(rule.demand, prefix, resource, graph)
            if isinstance(rule.operator, Judged):
                above = tuple(r for r in graph.resources if not resource.id.key.startswith(f"{r.id.key}/"))
                yield replace(graph, resources=above)


def _broken(demand: Demand, base: str, resource: Resource, graph: ResourceGraph) -> Iterator[ResourceGraph]:
    path = _joined(base, demand.path)
    if isinstance(demand.operator, All):
        for inner in demand.operator.demands:
            yield from _broken(inner, path, resource, graph)
    elif isinstance(demand.operator, Related):
        wanted = demand.operator.resource_type.lower()
        for other in graph.resources:
            if other.type.lower() == wanted:
                rest = tuple(kept for kept in graph.resources if kept is not other)
                yield replace(graph, resources=rest)
    else:
        for hit in resolve(_members(resource), path):
            for value in counterexamples(demand.operator, hit.value):
                changed = with_value(resource, hit.path, value)
                if changed is not None:
                    yield replace(
                        graph,
                        resources=tuple(changed if r is resource else r for r in graph.resources),
                    )


def counterexamples(operator: Operator, actual: Any = None) -> tuple[Any, ...]:
    """Return values an operator must refuse; from XML that is there, only its elements are taken out."""
    match operator:
        case HasElement(names) if isinstance(actual, str):
            named = "|".join(names)
            return (re.sub(rf"<({named})\b[^>]*?(/>|>.*?</\1>)", "", actual, flags=re.DOTALL),)
        case Equals(bool() as wanted):
            return (not wanted, ABSENT)
        case AtLeast(number):
            return (number - 1,)
        case NotIn(values) | EndsWithNone(values):
            return tuple(ABSENT if value is None else value for value in values)
        case NotExists():
            return ("something",)
        case AtMost():
            return (10**9,)
        case CountAtLeast() | ContainsAll() | ContainsAny():
            return ([], ABSENT)
        case HasKeys():
            return ({},)
        case Exists():
            return ({}, ABSENT)
        case Judged():
            return ({"name": "something else", "version": "1"}, "something else", ABSENT)
        case Equals() | OneOf() | Matches() | HasElement():
            return ("something else", ABSENT)
        case _:
            raise TypeError(f"no counterexample for {operator}")


def secretive(template: JsonObject) -> Iterator[JsonObject]:
    """Yield copies of a compiled template that carry a secret, or give one away, in one place each."""
    listed = "[listKeys('storage', '2025-01-01').keys[0].value]"
    for member, name, body in (
        ("parameters", "token", {"type": "securestring", "defaultValue": "hunter2"}),
        ("parameters", "adminPassword", {"type": "string", "defaultValue": "hunter2"}),
        ("outputs", "key", {"type": "string", "value": listed}),
    ):
        yield {**template, member: {**template.get(member, {}), name: body}}
    site = {"type": "Microsoft.Web/sites", "apiVersion": "2024-11-01", "name": "site"}
    settings = [{"name": "KEY", "value": listed}]
    resources = {**template["resources"], "site": {**site, "properties": {"appSettings": settings}}}
    yield {**template, "resources": resources}
    for key, resource in template["resources"].items():
        inner = resource.get("properties", {}).get("template")
        if inner:
            for changed in secretive({**inner, "resources": {}}):
                properties = {**resource["properties"], "template": changed}
                nested = {**template["resources"], key: {**resource, "properties": properties}}
                yield {**template, "resources": nested}
            return


def _members(resource: Resource) -> Mapping[str, Any]:
    return {**resource.body, "name": resource.name, "type": resource.type}


def with_value(resource: Resource, path: str, value: Any) -> Resource | None:
    """Return the resource with another value at a path, or None where the path does not lead there."""
    if path == "name":
        return replace(resource, name=value) if isinstance(value, str) else None
    body = copy.deepcopy(dict(resource.body))
    node: Any = body
    names = [quoted or plain for quoted, plain in re.findall(r"\['([^']+)'\]|([^.\[\]]+)", path)]
    *parents, last = [int(part) if part.isdigit() else part for part in names]
    for part in parents:
        if isinstance(part, int) != isinstance(node, list):
            return None
        node = node.setdefault(part, {}) if isinstance(node, dict) else node[part]
    if isinstance(last, int) != isinstance(node, list):
        return None
    if value is ABSENT:
        node.pop(last, None)
    else:
        node[last] = value
    return replace(resource, body=body)


def _joined(base: str, path: str) -> str:
    return ".".join(part for part in (base, path) if part).replace(".[", "[")
