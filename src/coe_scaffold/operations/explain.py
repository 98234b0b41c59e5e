"""What a parameter of the landing zone means: its type, its default, and the guardrails it touches."""

from __future__ import annotations

import difflib
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from typing import Any

from coe_scaffold.assets import templates
from coe_scaffold.bicep import compile_bicep
from coe_scaffold.catalog import evidence
from coe_scaffold.checks import Rule, all_rules
from coe_scaffold.checks.operators import All, Demand, Related
from coe_scaffold.errors import UsageError
from coe_scaffold.operations.influence import Source, Touched, influence

_EXTENSION = "Microsoft.Insights/diagnosticSettings"
"""Attached to resources of many types: that some are made does not tell which."""

_EXISTENCE = "existence"
"""A path that only a decision about existence, an empty path, lies on."""

TEMPLATES = ("governance", "platform", "project")


@dataclass(frozen=True)
class Member:
    """A member of an object parameter."""

    name: str
    type: str
    description: str


@dataclass(frozen=True)
class Explanation:
    """One parameter of one template, or one member of it.

    ``name`` is dotted for a member; ``default`` is a JSON text, ``required``, or ``none`` when it may be
    left out. ``resources`` are the types that its value reaches; ``guardrails`` are ids and titles of the
    rules that look at such a place.
    """

    name: str
    template: str
    description: str
    type: str
    default: str
    allowed: tuple[str, ...]
    members: tuple[Member, ...]
    resources: tuple[str, ...]
    guardrails: tuple[tuple[str, str], ...]


def explain(name: str) -> tuple[Explanation, ...]:
    """Return what is known of a parameter, in each template that has it.

    ``name`` is a parameter, a member of one (``network.egress``) at any depth (``gateway.projects.name``), or
    a member alone (``egress``). Raises UsageError for a name that no template knows, with the nearest ones.
    """
    found = tuple(
        _explanation(template, source, declared, _dotted(source))
        for template in TEMPLATES
        for source, declared in _sources(template)
        if name in (_dotted(source), source.member or source.parameter)
    ) or tuple(_deeper(name))
    if not found:
        known = (*names(), *guardrails_by_id(), *(item.id for item in evidence().items))
        near = difflib.get_close_matches(name, known, 3, 0.5)
        raise UsageError(
            f"no parameter, guardrail or item of evidence is called '{name}'",
            fix=f"Did you mean {' or '.join(near)}?" if near else "Run 'coe explain' to list all.",
        )
    return found


def names() -> tuple[str, ...]:
    """Return every name that can be explained, sorted: parameters, and their members dotted."""
    return tuple(sorted({_dotted(source) for template in TEMPLATES for source, _ in _sources(template)}))


def guardrails_by_id() -> Mapping[str, Rule]:
    """Return every guardrail by its id, sorted."""
    return {rule.id: rule for rule in sorted(all_rules(), key=lambda rule: rule.id)}


@cache
def _compiled(template: str) -> Mapping[str, Any]:
    root = templates() / "bicep"
    return compile_bicep(f"{template}/main.bicep", lambda path: (root / path).read_bytes()).template


def _sources(template: str) -> Iterator[tuple[Source, Mapping[str, Any]]]:
    """Yield parameters of a template and their members, each with its declaration, references followed."""
    compiled = _compiled(template)
    for parameter, declared in compiled["parameters"].items():
        whole = _resolved(declared, compiled)
        yield Source(parameter), whole
        for member, body in (whole.get("properties") or {}).items():
            yield Source(parameter, member), _resolved(body, compiled)


def _deeper(name: str) -> Iterator[Explanation]:
    """Yield what is known of a member of a member; what it reaches is told as of the first member."""
    parameter, _, path = name.partition(".")
    for template in TEMPLATES:
        compiled = _compiled(template)
        declared = compiled["parameters"].get(parameter)
        for part in path.split("."):
            found = _properties(declared, compiled) if declared is not None else {}
            declared = found.get(part)
        if declared is not None:
            source = Source(parameter, path.partition(".")[0])
            yield _explanation(template, source, _resolved(declared, compiled), name)


def _resolved(declared: Mapping[str, Any], compiled: Mapping[str, Any]) -> Mapping[str, Any]:
    """Follow ``$ref``; what is said at the place itself wins, and ``type name`` is kept."""
    reference = declared.get("$ref")
    if reference is None:
        return declared
    key = reference.rpartition("/")[2]
    meant = _resolved(compiled["definitions"][key], compiled)
    metadata = {**(meant.get("metadata") or {}), **(declared.get("metadata") or {})}
    return {**meant, **declared, "metadata": metadata, "$named": key.rpartition(".")[2]}


def _explanation(template: str, source: Source, declared: Mapping[str, Any], name: str) -> Explanation:
    compiled = _compiled(template)
    touched = influence(compiled, source)
    rules = (rule for rule in all_rules() if any(_meet(rule, place) for place in touched))
    return Explanation(
        name=name,
        template=template,
        description=_described(declared),
        type=_type(declared, compiled),
        default=_default(declared),
        allowed=tuple(str(value) for value in declared.get("allowedValues") or ()) or _bounds(declared),
        members=tuple(_members(declared, compiled)),
        resources=tuple(sorted({place.resource_type for place in touched})),
        guardrails=tuple((rule.id, rule.title) for rule in rules),
    )


def _members(declared: Mapping[str, Any], compiled: Mapping[str, Any]) -> Iterator[Member]:
    """Yield the members of an object, each with its type, or with its values where there are few."""
    union = declared.get("discriminator") or {}
    for name, body in _properties(declared, compiled).items():
        whole = _resolved(body, compiled)
        values = union["mapping"] if name == union.get("propertyName") else whole.get("allowedValues")
        chosen = " | ".join(map(str, values)) if values else _type(body, compiled)
        yield Member(name, chosen, _described(whole))


def _properties(declared: Mapping[str, Any], compiled: Mapping[str, Any]) -> Mapping[str, Any]:
    """Return the members of an object or of a list's entries; of a union of types, those of all of them."""
    whole = _resolved(declared, compiled)
    if "items" in whole:
        return _properties(whole["items"], compiled)
    types = (whole.get("discriminator") or {}).get("mapping") or {}
    found: dict[str, Any] = {}
    for one in (whole, *(_resolved(body, compiled) for body in types.values())):
        for name, body in (one.get("properties") or {}).items():
            found.setdefault(name, body)
    return found


def _dotted(source: Source) -> str:
    return f"{source.parameter}.{source.member}" if source.member else source.parameter


def _described(declared: Mapping[str, Any]) -> str:
    return str((declared.get("metadata") or {}).get("description", ""))


def _type(declared: Mapping[str, Any], compiled: Mapping[str, Any]) -> str:
    whole = _resolved(declared, compiled)
    if whole["type"] == "array" and "items" in whole:
        return _type(whole["items"], compiled) + "[]"
    return str(whole.get("$named") or whole["type"])


def _default(declared: Mapping[str, Any]) -> str:
    if "defaultValue" in declared:
        return str(declared["defaultValue"])
    return "none" if declared.get("nullable") else "required"


def _bounds(declared: Mapping[str, Any]) -> tuple[str, ...]:
    words = {"minValue": "at least", "maxValue": "at most", "minLength": "length at least"}
    words["maxLength"] = "length at most"
    return tuple(f"{word} {declared[key]}" for key, word in words.items() if key in declared)


def _meet(rule: Rule, place: Touched) -> bool:
    return any(
        kind.lower() in ("*", place.resource_type.lower())
        and _overlap(path, place.path, any_type=kind in ("*", _EXTENSION))
        for kind, path in _looks_at(rule)
    )


def _overlap(first: str, second: str, *, any_type: bool) -> bool:
    """Whether one path lies on the other. Existence (an empty path) concerns every rule of its own type.

    ``any_type``: resources of every type have what the rule reads, so that existence says nothing.
    """
    one, other = _segments(first), _segments(second)
    if any_type and not (one and other):
        return False
    length = min(len(one), len(other))
    return one[:length] == other[:length]


def _segments(path: str) -> list[str]:
    return [part for part in re.sub(r"\[.*?\]", "", path).lower().split(".") if part]


def _looks_at(rule: Rule) -> Iterator[tuple[str, str]]:
    """Yield resource types and dotted paths that a rule reads."""
    if rule.demand is None:
        return
    yield from _demanded(rule.demand, rule.resource_type, "")
    if rule.inline is not None:
        yield from _demanded(rule.demand, rule.inline.resource_type, rule.inline.path)


def _demanded(demand: Demand, resource_type: str, base: str) -> Iterator[tuple[str, str]]:
    path = ".".join(part for part in (base, demand.path) if part)
    match demand.operator:
        case All(demands):
            for inner in demands:
                yield from _demanded(inner, resource_type, path)
        case Related() as related:
            if related.resource_type == _EXTENSION:
                yield resource_type, _EXISTENCE
            for inner in related.demands:
                yield from _demanded(inner, related.resource_type, related.each)
            if not related.demands:
                yield related.resource_type, related.each
        case _:
            yield resource_type, path
