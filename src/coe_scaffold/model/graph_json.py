"""Resource graphs as JSON: what is kept of an evaluation between runs."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from coe_scaffold.model.json import JsonObject, Unknown, Value
from coe_scaffold.model.resources import Declared, Need, Resource, ResourceGraph
from coe_scaffold.model.scope import Scope


def graph_to_json(graph: ResourceGraph) -> dict[str, Any]:
    """Return a graph as JSON, lossless.

    ``unknown`` has the path and the expression of each part that is known only after apply; in its place
    is null. No value can be mistaken for one.
    """
    unknown: list[list[Any]] = []
    document = {
        "resources": [_resource(one) for one in graph.resources],
        "outputs": graph.outputs,
        "declared": [_declared(one) for one in graph.declared],
    }
    return {**_filled(document, [], unknown), "unknown": unknown}


def graph_from_json(data: JsonObject) -> ResourceGraph:
    """Return the graph of what :func:`graph_to_json` wrote, made of its very objects.

    Raises KeyError, TypeError or ValueError for anything else.
    """
    for path, expression in data["unknown"]:
        holder = data
        for key in path[:-1]:
            holder = holder[key]
        holder[path[-1]] = Unknown(expression)  # type: ignore[index]
    scopes: dict[str, Scope] = {}  # many are in few groups

    def scope(path: str) -> Scope:
        found = scopes.get(path)
        if found is None:
            found = scopes[path] = Scope(path)
        return found

    return ResourceGraph(
        tuple(
            Resource(kind, name, version, scope(home), body, tuple(awaited), source, existing, known)
            for kind, name, version, home, body, awaited, source, existing, known in data["resources"]
        ),
        data["outputs"],
        tuple(
            Declared(
                Scope(path), kind, name, location, tuple(Need(Scope(one), *asked) for one, *asked in needs)
            )
            for path, kind, name, location, needs in data["declared"]
        ),
    )


def _resource(one: Resource) -> list[Value]:
    return [
        one.type,
        one.name,
        one.api_version,
        one.scope.path,
        one.body,
        list(one.depends_on),
        one.source,
        one.existing,
        one.known_id,
    ]


def _declared(one: Declared) -> list[Value]:
    needs = [[need.target.path, need.api_version, need.action] for need in one.needs]
    return [one.id.path, one.type, one.name, one.location, needs]


def _filled(value: Value, path: list[str | int], unknown: list[list[Any]]) -> Any:
    """Return a value with null for its unknown parts; these are added to ``unknown``, with their paths."""
    if isinstance(value, (str, int)) or value is None:  # most values
        return value
    if isinstance(value, Unknown):
        unknown.append([[*path], value.expression])
        return None
    if not isinstance(value, (Mapping, list)):
        return value
    pairs = value.items() if isinstance(value, Mapping) else enumerate(value)
    filled: list[tuple[Any, Any]] = []
    path.append("")
    for key, item in pairs:
        path[-1] = key
        filled.append((key, _filled(item, path, unknown)))
    path.pop()
    return dict(filled) if isinstance(value, Mapping) else [item for _, item in filled]
