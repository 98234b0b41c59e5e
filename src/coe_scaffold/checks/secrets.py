"""Find secrets that a compiled ARM template would carry or give away."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

from coe_scaffold.checks.operators import Subject, Verdict
from coe_scaffold.model.finding import Outcome
from coe_scaffold.model.json import JsonObject, Value, strings

_SECURE_TYPES = {"securestring", "secureobject"}
_REFERENCES = 5
"""How many types may refer to each other until one says what it is."""
_SECURE = re.compile(r"(?i)'type': 'secure(string|object)'")
_SECRET_NAME = re.compile(
    r"(?i)(password|passphrase|secret|api_?key|access_?key|shared_?key|connection_?string|sas_?token)$"
)
_LISTS_KEYS = re.compile(r"(?i)\blist[a-z]*\(")
_READS = re.compile(r"(?i)\b(parameters|variables)\('([^']+)'\)")
_READS_ONE = re.compile(r"(?i)\[(parameters|variables)\('([^']+)'\)\]")
_MADE = re.compile(
    r"(?i)\b(newguid|guid|uniquestring|utcnow|parameters|reference|list[a-z]*|deployment|subscription"
    r"|resourcegroup|tenant|managementgroup|variables|copyindex|lambdavariables)\("
)
_REFERS = re.compile(r"'#/definitions/([^']+)'")
_SETTINGS = {"appsettings", "env", "environmentvariables", "connectionstrings"}
_SWITCHES = {"enabled", "disabled", "true", "false", "yes", "no", "on", "off"}


@dataclass(frozen=True)
class _Names:
    """What expressions of a template may read, by ``parameters:name`` and ``variables:name`` in lower case.

    ``secret`` are those that hold a secret, ``texts`` those that are one, ``plain`` the literal texts of
    variables.
    """

    secret: frozenset[str] = frozenset()
    texts: frozenset[str] = frozenset()
    plain: Mapping[str, str] = field(default_factory=dict, hash=False)

    def literal(self, value: Value) -> bool:
        """Return whether a value is a text that is there to read, in place or in a variable."""
        if not isinstance(value, str):
            return False
        one = _READS_ONE.fullmatch(value)
        return bool(self.plain.get(f"{one[1]}:{one[2]}".lower())) if one else _written(value)


def secrets(subject: Subject, template: Value) -> Iterator[Verdict]:
    """Yield a failure for every secret that can be read in a template, else one pass.

    That is a literal default of a secret, an output, a setting or a parameter of a module that gives one
    away, and a literal where a resource wants a secret. Places are JSON pointers. Nested templates are
    followed; a default that is generated at deployment (``newGuid()``) is no secret in the template.
    """
    found = list(_template(template, "", _Names())) if isinstance(template, Mapping) else []
    for path, actual in found:
        yield Verdict(Outcome.FAIL, path, actual, "no secret in the template")
    if not found:
        yield Verdict(Outcome.PASS, "", None, "no secret in the template")


def _template(template: JsonObject, base: str, outer: _Names) -> Iterator[tuple[str, str]]:
    names = _names(template, outer)
    for name, body in _mapping(template.get("parameters")).items():
        default = _mapping(body).get("defaultValue")
        named_secret = bool(_SECRET_NAME.search(name)) and isinstance(default, str)
        literal = any(_written(text) for text in strings(default))
        if literal and (_is_secure(body, template) or named_secret):
            yield f"{base}/parameters/{name}/defaultValue", "a literal default of a secret"
    for name, body in _mapping(template.get("outputs")).items():
        value = str(_mapping(body).get("value", _mapping(body).get("copy", "")))
        if not _is_secure(body, template) and _reveals(value, names.secret):
            yield f"{base}/outputs/{name}", "an output that reveals a secret"
    yield from _resources(template, base, names)


def _names(template: JsonObject, outer: _Names) -> _Names:
    variables = _mapping(template.get("variables"))
    plain = {f"variables:{name}".lower(): text for name, text in variables.items() if _written(text)}
    types = {
        f"parameters:{name}".lower(): _type(body, template)
        for name, body in _mapping(template.get("parameters")).items()
    }
    return _Names(
        _spread(variables, outer.secret | {name for name, of in types.items() if of in _SECURE_TYPES}),
        _spread(variables, outer.texts | {name for name, of in types.items() if of == "securestring"}),
        {**outer.plain, **plain},
    )


def _spread(variables: JsonObject, secret: frozenset[str]) -> frozenset[str]:
    """Return names of secrets with those of the variables that give one away."""
    more = {f"variables:{name}".lower() for name, value in variables.items() if _reveals(str(value), secret)}
    return secret if more <= secret else _spread(variables, secret | more)


def _reveals(expression: str, secret: frozenset[str]) -> bool:
    if _LISTS_KEYS.search(expression):
        return True
    return any(f"{kind}:{name}".lower() in secret for kind, name in _READS.findall(expression))


def _resources(holder: JsonObject, base: str, names: _Names) -> Iterator[tuple[str, str]]:
    resources = holder.get("resources", [])
    pairs = resources.items() if isinstance(resources, Mapping) else enumerate(resources)
    for key, resource in pairs:
        yield from _resource(_mapping(resource), f"{base}/resources/{key}", names)


def _resource(resource: JsonObject, base: str, names: _Names) -> Iterator[tuple[str, str]]:
    properties = _mapping(resource.get("properties"))
    inner = _mapping(properties.get("template"))
    kind = str(resource.get("type", "")).lower()
    if kind == "microsoft.resources/deployments" and inner:
        declared = _mapping(inner.get("parameters"))
        for name, given in _mapping(properties.get("parameters")).items():
            if _reveals(str(given), names.texts) and not _is_secure(declared.get(name), inner):
                yield f"{base}/properties/parameters/{name}", "a secret for a parameter that is not secure"
        options = _mapping(properties.get("expressionEvaluationOptions"))
        own = str(options.get("scope", "")).lower() == "inner"
        yield from _template(inner, f"{base}/properties/template", _Names() if own else names)
    else:
        if kind.endswith("vaults/secrets") and names.literal(properties.get("value")):
            yield f"{base}/properties/value", "a literal secret"
        yield from _settings(properties, f"{base}/properties", names)
        yield from _resources(resource, base, names)


def _settings(value: Value, base: str, names: _Names) -> Iterator[tuple[str, str]]:
    if isinstance(value, list):
        for number, item in enumerate(value):
            yield from _settings(item, f"{base}/{number}", names)
    for key, item in _mapping(value).items():
        if key.lower() in _SETTINGS and (_reveals(str(item), names.secret) or _names_one(item, names)):
            yield f"{base}/{key}", "a setting that holds a secret"
        elif _SECRET_NAME.search(key) and names.literal(item):
            yield f"{base}/{key}", "a literal secret"
        else:
            yield from _settings(item, f"{base}/{key}", names)


def _names_one(settings: Value, names: _Names) -> bool:
    """Return whether one of a list of named values is named like a secret, and there to read."""
    entries = [_mapping(entry) for entry in settings] if isinstance(settings, list) else []
    return any(
        _SECRET_NAME.search(str(entry.get("name", ""))) and names.literal(entry.get("value"))
        for entry in entries
        if not str(entry.get("value")).startswith("@Microsoft.KeyVault(")
    )


def _written(value: Value) -> bool:
    """Return whether a text is there to read: a literal, or an expression that makes it of literals alone."""
    if not isinstance(value, str) or value.lower() in ("", *_SWITCHES):
        return False
    return not value.startswith("[") or value.startswith("[[") or not _MADE.search(value)


def _type(declaration: Value, template: JsonObject) -> str:
    """Return the type of a parameter in lower case, or of the one it refers to."""
    body = _mapping(declaration)
    for _ in range(_REFERENCES):
        name = str(body.get("$ref", "")).rpartition("/")[2]
        body = _mapping(_mapping(template.get("definitions")).get(name)) if name else body
    return str(body.get("type", "")).lower()


def _is_secure(declaration: Value, template: JsonObject) -> bool:
    """Return whether a parameter or output, a member of it or the type it refers to is secure."""
    definitions = _mapping(template.get("definitions"))
    text, seen = str(declaration), set[str]()
    while names := {name for name in _REFERS.findall(text) if name in definitions} - seen:
        seen |= names
        text += "".join(str(definitions[name]) for name in names)
    return bool(_SECURE.search(text))


def _mapping(value: Value) -> JsonObject:
    return value if isinstance(value, Mapping) else {}
