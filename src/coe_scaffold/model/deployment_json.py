"""A deployment as JSON: what a plan's step of kind deployment carries in ``after``; and its secrets."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from dataclasses import replace
from typing import Any

from coe_scaffold.errors import UsageError
from coe_scaffold.model.finding import Finding
from coe_scaffold.model.json import Json, JsonObject, strings
from coe_scaffold.model.resources import Deployment
from coe_scaffold.model.scope import Scope
from coe_scaffold.model.stacks import stack_from_json, stack_to_json

MASK = "<secret>"
"""What is printed in place of a secret."""

_SECURE = frozenset({"securestring", "secureobject"})


def deployment_to_json(deployment: Deployment) -> dict[str, Json]:
    """Return a deployment as JSON, lossless, secrets included."""
    return {
        "name": deployment.name,
        "scope": deployment.scope.path,
        "location": deployment.location,
        "parameters": deployment.parameters,
        "template": deployment.template,
        "stack": stack_to_json(deployment.stack) if deployment.stack else None,
    }


def deployment_from_json(data: JsonObject) -> Deployment:
    """Return what :func:`deployment_to_json` wrote; raise KeyError for anything else.

    Raises UsageError for a deployment whose secrets were masked for printing: it cannot be applied.
    """
    deployment = Deployment(
        name=data["name"],
        scope=Scope(data["scope"]),
        template=data["template"],
        parameters=data["parameters"],
        location=data["location"],
        stack=stack_from_json(data["stack"]) if data.get("stack") else None,
    )
    masked = sorted({name for name, value in _secured(data) if value == MASK})
    if masked:
        raise UsageError(
            f"the plan of {deployment.name} was printed: its secrets are masked ({', '.join(masked)})",
            fix="Apply a plan file written by 'coe plan --out'.",
        )
    return deployment


def secure_parameters(template: JsonObject) -> tuple[str, ...]:
    """Return the names of a template's securestring and secureObject parameters, sorted."""
    declared: Mapping[str, JsonObject] = template.get("parameters", {})
    return tuple(sorted(name for name, one in declared.items() if _type(one, template) in _SECURE))


def secret_values(data: JsonObject) -> Iterator[str]:
    """Yield every string in values and defaults of secure parameters, those of nested deployments too.

    ``data`` holds a ``template`` and its ``parameters``. What a template computes for a nested deployment is
    an expression there, and not among them.
    """
    for _, value in _secured(data):
        yield from _literals(value)


def masked(value: Any, secrets: Collection[str]) -> Any:
    """Return a JSON value with every secret in it masked; short ones (below 6 characters) only as a whole."""
    match value:
        case str():
            for secret in sorted(secrets, key=len, reverse=True):
                value = value.replace(secret, MASK) if len(secret) >= 6 else value
            return MASK if value in secrets else value
        case Mapping():
            return {key: masked(item, secrets) for key, item in value.items()}
        case list() | tuple():
            return [masked(item, secrets) for item in value]
        case _:
            return value


def masked_finding(finding: Finding, secrets: Collection[str]) -> Finding:
    """Return a finding that prints none of these secrets."""
    if not secrets:
        return finding
    return replace(
        finding,
        actual=masked(finding.actual, secrets),
        expected=masked(finding.expected, secrets),
        message=masked(finding.message, secrets),
    )


def _secured(data: JsonObject) -> Iterator[tuple[str, Json]]:
    """Yield name and value, and name and default, of secure parameters, those of nested deployments too."""
    template, parameters = data["template"], _mapping(data.get("parameters"))
    for name in secure_parameters(template):
        yield name, _mapping(parameters.get(name)).get("value")
        yield name, template["parameters"][name].get("defaultValue")
    for nested in _nested(template):
        yield from _secured(nested)


def _nested(template: JsonObject) -> Iterator[JsonObject]:
    """Yield the properties of each nested deployment that carries its template."""
    resources = template.get("resources") or []
    for resource in resources.values() if isinstance(resources, Mapping) else resources:
        properties = _mapping(_mapping(resource).get("properties"))
        if isinstance(properties.get("template"), Mapping):
            yield properties
        yield from _nested(_mapping(resource))


def _mapping(value: Any) -> JsonObject:
    return value if isinstance(value, Mapping) else {}


def _type(declared: JsonObject, template: JsonObject) -> str:
    seen: set[str] = set()
    while "$ref" in declared and declared["$ref"] not in seen:
        seen.add(declared["$ref"])
        declared = template.get("definitions", {}).get(declared["$ref"].rsplit("/", 1)[-1], {})
    return str(declared.get("type", "")).lower()


def _literals(value: Json) -> Iterator[str]:
    """Yield every text inside a value that is neither empty nor an expression."""
    return (text for text in strings(value) if text and not (text.startswith("[") and text.endswith("]")))
