"""Put what a guardrail speaks of into a landing zone that makes no such thing, in the form it demands."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import replace
from typing import Any

from hypothesis import find
from hypothesis import strategies as st

from coe_scaffold.checks import Rule, all_rules
from coe_scaffold.checks.operators import All, Demand, Equals, Exists, Matches, NotIn, OneOf, Operator
from coe_scaffold.model.resources import Resource, ResourceGraph
from tests.fakes.mutations import with_value


def staged(rule: Rule, graph: ResourceGraph) -> Iterator[ResourceGraph]:
    """Yield graphs in which a resource is made what a rule is meant for, and meets it.

    That is each resource of the rule's type, changed; where there is none, a new one below each that can
    be its parent. Everything is read from the catalogue: ``when`` says what a rule is meant for, and others
    that are meant for the same are met too.
    """
    alike = (
        other for other in all_rules() if (other.resource_type, other.when) == (rule.resource_type, rule.when)
    )
    demands = (*rule.when, *(other.demand for other in alike if other.demand))
    found = graph.of_type(rule.resource_type)
    for resource in found:
        changed = _fulfilled(resource, demands)
        yield replace(
            graph, resources=tuple(changed if item is resource else item for item in graph.resources)
        )
    if not found:
        for parent in graph.of_type(rule.resource_type.rpartition("/")[0]):
            new = Resource(rule.resource_type, f"{parent.name}/sample", parent.api_version, parent.scope, {})
            yield replace(graph, resources=(*graph.resources, _fulfilled(new, demands)))


def _fulfilled(resource: Resource, demands: Iterable[Demand], base: str = "") -> Resource:
    for demand in demands:
        path = f"{base}.{demand.path}".strip(".").replace(".[", "[")
        if isinstance(demand.operator, All):
            resource = _fulfilled(resource, demand.operator.demands, path)
            continue
        changed = with_value(resource, path, example(demand.operator))
        assert changed is not None, f"{path} leads nowhere in {resource.type}"
        resource = changed
    return resource


def example(operator: Operator) -> Any:
    """Return the simplest value an operator is content with."""
    match operator:
        case Equals(wanted):
            return wanted
        case OneOf((wanted, *_)):
            return wanted
        case NotIn():
            return "something else"
        case Exists():
            return "something"
        case Matches(pattern):
            return find(st.from_regex(pattern, fullmatch=True), lambda text: text.isascii())
        case _:
            raise TypeError(f"no example for {operator}")
