"""What a template parameter reaches: which resources, and where in their bodies.

Follows a parameter, or one member of it, through variables and nested deployments of compiled templates.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

_DEPLOYMENTS = "Microsoft.Resources/deployments"
_BODY = ("name", "location", "tags", "kind", "sku", "identity", "zones", "properties")


@dataclass(frozen=True)
class Touched:
    """A place in resources of a type: a dotted path, empty when their existence is decided."""

    resource_type: str
    path: str


@dataclass(frozen=True)
class Source:
    """A parameter of a template, or one member of it."""

    parameter: str
    member: str = ""


def influence(template: Mapping[str, Any], source: Source) -> frozenset[Touched]:
    """Return every place that the value of a parameter, or of its member, can change.

    ``template`` is a compiled ARM template. Paths have no indexes: elements of a list share one.
    """
    return frozenset(_reached(template, frozenset({source})))


def _reached(template: Mapping[str, Any], sources: frozenset[Source]) -> Iterator[Touched]:
    mentions = _mentions(template, sources)
    for resource in _resources(template):
        decided = mentions(resource.get("condition")) or mentions((resource.get("copy") or {}).get("count"))
        if resource["type"] == _DEPLOYMENTS:
            inner = resource["properties"].get("template") or {}
            if decided:
                yield from _everything(inner)
            yield from _reached(inner, _passed_on(resource, sources, mentions))
        elif not resource.get("existing"):
            if decided:
                yield Touched(resource["type"], "")
            for key in _BODY:
                if key in resource:
                    yield from (
                        Touched(resource["type"], path) for path in _paths(resource[key], key, mentions)
                    )


def _everything(template: Mapping[str, Any]) -> Iterator[Touched]:
    for resource in _resources(template):
        if resource["type"] == _DEPLOYMENTS:
            yield from _everything(resource["properties"].get("template") or {})
        elif not resource.get("existing"):
            yield Touched(resource["type"], "")


def _passed_on(
    resource: Mapping[str, Any], sources: frozenset[Source], mentions: _Mentions
) -> frozenset[Source]:
    """Return the parameters of a nested deployment that depend on the sources.

    A parameter passed on as a whole keeps its member; anything computed from it counts as a whole.
    """
    given = resource["properties"].get("parameters") or {}
    found: set[Source] = set()
    for name, body in given.items():
        whole = {f"[parameters('{source.parameter}')]": source.member for source in sources}
        value = body.get("value", body) if isinstance(body, Mapping) else body
        if isinstance(value, str) and value in whole:
            found.add(Source(name, whole[value]))
        elif mentions(value):
            found.add(Source(name))
    return frozenset(found)


def _resources(template: Mapping[str, Any]) -> Iterable[Mapping[str, Any]]:
    declared = template.get("resources") or {}
    return declared.values() if isinstance(declared, Mapping) else declared


def _paths(value: object, path: str, mentions: _Mentions) -> Iterator[str]:
    if isinstance(value, str):
        if mentions(value):
            yield path
    elif isinstance(value, Mapping):
        for key, item in value.items():
            if key == "copy" and isinstance(item, list):
                for loop in item:
                    yield from _paths(loop.get("input"), f"{path}.{loop['name']}", mentions)
            else:
                yield from _paths(item, f"{path}.{key}", mentions)
    elif isinstance(value, list):
        for item in value:
            yield from _paths(item, path, mentions)


class _Mentions:
    """Whether an expression depends on one of the sources, directly or through variables."""

    def __init__(self, patterns: Iterable[str]) -> None:
        self._pattern = re.compile("|".join(patterns) or r"(?!)")

    def __call__(self, value: object) -> bool:
        if isinstance(value, str):
            return bool(self._pattern.search(value))
        if isinstance(value, Mapping):
            return any(self(item) for item in value.values())
        return isinstance(value, list) and any(self(item) for item in value)


def _mentions(template: Mapping[str, Any], sources: Iterable[Source]) -> _Mentions:
    patterns = [_pattern(source) for source in sources]
    variables = dict(template.get("variables") or {})
    for loop in variables.pop("copy", None) or ():
        variables[loop["name"]] = loop
    depends = _Mentions(patterns)
    waiting = True
    while waiting:
        waiting = False
        for name, value in list(variables.items()):
            if depends(value):
                patterns.append(rf"variables\('{re.escape(name)}'\)")
                del variables[name]
                depends = _Mentions(patterns)
                waiting = True
    return depends


def _pattern(source: Source) -> str:
    parameter = rf"parameters\('{re.escape(source.parameter)}'\)"
    if not source.member:
        return parameter
    member = re.escape(source.member)
    return rf"{parameter}\.{member}\b|tryGet\({parameter}, '{member}'"
