"""Find secrets that a compiled ARM template would carry or give away."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping

from coe_scaffold.checks.operators import Subject, Verdict
from coe_scaffold.model.finding import Outcome
from coe_scaffold.model.json import JsonObject, Value

_SECURE = {"securestring", "secureobject"}
_SECRET_NAME = re.compile(
    r"(?i)(password|passphrase|secret|api_?key|access_?key|shared_?key|connection_?string|sas_?token)$"
)
_LISTS_KEYS = re.compile(r"(?i)\blist[a-z]*\(")
_READS_PARAMETER = re.compile(r"(?i)\bparameters\('([^']+)'\)")
_SETTINGS = {"appsettings", "env", "environmentvariables"}


def secrets(subject: Subject, template: Value) -> Iterator[Verdict]:
    """Yield a failure for every secret default, secret output and listed key in settings, else one pass.

    Places are JSON pointers. Nested templates are followed; a default that is generated at deployment
    (``newGuid()``) is no secret in the template.
    """
    found = list(_template(template, "")) if isinstance(template, Mapping) else []
    for path, actual in found:
        yield Verdict(Outcome.FAIL, path, actual, "no secret in the template")
    if not found:
        yield Verdict(Outcome.PASS, "", None, "no secret in the template")


def _template(template: JsonObject, base: str) -> Iterator[tuple[str, str]]:
    parameters = _mapping(template.get("parameters"))
    secure = {name.lower() for name, body in parameters.items() if _is_secure(body)}
    for name, body in parameters.items():
        default = _mapping(body).get("defaultValue")
        named_secret = bool(_SECRET_NAME.search(name)) and isinstance(default, str)
        literal = not (isinstance(default, str) and default.startswith("["))
        if default and literal and (name.lower() in secure or named_secret):
            yield f"{base}/parameters/{name}/defaultValue", "a literal default of a secret"
    for name, body in _mapping(template.get("outputs")).items():
        value = str(_mapping(body).get("value", _mapping(body).get("copy", "")))
        if not _is_secure(body) and _reveals(value, secure):
            yield f"{base}/outputs/{name}", "an output that reveals a secret"
    resources = template.get("resources", [])
    pairs = resources.items() if isinstance(resources, Mapping) else enumerate(resources)
    for key, resource in pairs:
        yield from _resource(_mapping(resource), f"{base}/resources/{key}", secure)


def _resource(resource: JsonObject, base: str, secure: set[str]) -> Iterator[tuple[str, str]]:
    properties = _mapping(resource.get("properties"))
    inner = properties.get("template")
    if str(resource.get("type", "")).lower() == "microsoft.resources/deployments" and inner:
        yield from _template(_mapping(inner), f"{base}/properties/template")
    else:
        yield from _settings(properties, f"{base}/properties", secure)


def _settings(value: Value, base: str, secure: set[str]) -> Iterator[tuple[str, str]]:
    if isinstance(value, list):
        for number, item in enumerate(value):
            yield from _settings(item, f"{base}/{number}", secure)
    for key, item in _mapping(value).items():
        if key.lower() in _SETTINGS and _reveals(str(item), secure):
            yield f"{base}/{key}", "a setting that holds a secret"
        else:
            yield from _settings(item, f"{base}/{key}", secure)


def _reveals(expression: str, secure: set[str]) -> bool:
    if _LISTS_KEYS.search(expression):
        return True
    return any(name.lower() in secure for name in _READS_PARAMETER.findall(expression))


def _is_secure(declaration: Value) -> bool:
    return str(_mapping(declaration).get("type", "")).lower() in _SECURE


def _mapping(value: Value) -> JsonObject:
    return value if isinstance(value, Mapping) else {}
