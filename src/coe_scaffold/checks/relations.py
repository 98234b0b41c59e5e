"""Which resources of an estate belong together, found without comparing each with each."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping
from typing import TypeAlias

from coe_scaffold.checks.operators import Link, Related
from coe_scaffold.checks.paths import resolve
from coe_scaffold.model.finding import Outcome
from coe_scaffold.model.json import Unknown, Value
from coe_scaffold.model.resources import Resource, ResourceGraph
from coe_scaffold.model.scope import Scope

Linked: TypeAlias = "defaultdict[str, list[Value]]"
"""What demands are relative to, by the lower-case id of the resource it belongs to."""

_ANYTHING = "?"
"""Stands for the id in a reference that is known only after apply: it may be any."""


class Relations:
    """The relations in one graph; what the resources of a type belong to is worked out once."""

    def __init__(self, graph: ResourceGraph) -> None:
        self.graph = graph
        self._linked: dict[tuple[Link, str, str, str], Linked] = {}

    def of(self, operator: Related, resource: Resource) -> Iterator[tuple[Value, Outcome]]:
        """Yield what belongs to a resource as the operator says: PASS, or UNKNOWN when it only may."""
        linked = self._index(operator)
        own = resource.id.key
        match operator.link:
            case Link.PARENT:
                keys = _above(own)
            case Link.COVERS:
                keys = [own, *_above(own), "/"]
            case _:
                keys = [own]
        for key in keys:
            yield from ((root, Outcome.PASS) for root in linked.get(key, ()))
        yield from ((root, Outcome.UNKNOWN) for root in linked.get(_ANYTHING, ()))
        if not resource.known_id:
            yield from ((root, Outcome.UNKNOWN) for root in self._nameless(operator, resource))

    def _nameless(self, operator: Related, resource: Resource) -> Iterator[Value]:
        """Yield what may belong to a resource whose name is known only after apply, by its type."""
        own = resource.type.lower()
        for candidate in self.graph.of_type(operator.resource_type):
            for owner, root in () if candidate.known_id else _links(operator, candidate):
                kind = Scope(owner).resource_type.lower() if owner != _ANYTHING else own
                above = operator.link is Link.PARENT and own.startswith(f"{kind}/")
                if kind in ("", own) or above:  # a scope that is not known has no type
                    yield root

    def _index(self, operator: Related) -> Linked:
        key = (operator.link, operator.resource_type.lower(), operator.each, operator.at)
        if key not in self._linked:
            linked = self._linked[key] = defaultdict(list)
            for candidate in self.graph.of_type(operator.resource_type):
                for owner, root in _links(operator, candidate):
                    linked[owner].append(root)
        return self._linked[key]


def members(resource: Resource) -> Mapping[str, Value]:
    """Return what paths start from: a resource's body with its name, type and API version."""
    name = resource.name if resource.known_id else Unknown(resource.name)
    own = {"name": name, "type": resource.type, "apiVersion": resource.api_version}
    return {**resource.body, **own}


def _links(operator: Related, candidate: Resource) -> Iterator[tuple[str, Value]]:
    body = members(candidate)
    match operator.link:
        case Link.CHILD:
            yield from ((key, body) for key in _above(candidate.id.key))
        case Link.PARENT:
            yield candidate.id.key, body
        case Link.EXTENSION | Link.COVERS:
            yield candidate.scope.key, body
        case Link.REFERENCE:
            for place in resolve(body, operator.each):
                for hit in resolve(place.value, operator.at):
                    if isinstance(hit.value, Unknown):
                        yield _ANYTHING, place.value
                    elif isinstance(hit.value, str):
                        yield hit.value.lower(), place.value


def _above(key: str) -> list[str]:
    """Return every path above one: ``/a/b`` and ``/a`` for ``/a/b/c``."""
    parts = key.split("/")
    return ["/".join(parts[:count]) for count in range(len(parts) - 1, 1, -1)]
