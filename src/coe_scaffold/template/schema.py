"""Values against ARM parameter types: primitive types, constraints, and user-defined types by ``$ref``."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from coe_scaffold.model.json import JsonObject, Unknown, Value
from coe_scaffold.template.failure import TemplateFailure
from coe_scaffold.template.functions.formatting import in_words
from coe_scaffold.template.values import Partial, find, same, type_name

_EXPECTED = {
    "string": "String, Uri",
    "securestring": "String, Uri",
    "int": "Integer",
    "bool": "Boolean",
    "object": "Object",
    "secureobject": "Object",
    "array": "Array",
}
_HELP = "Please see https://aka.ms/arm-syntax-parameters for usage details."
_ANY_TEXT = ({"type": "string"}, {"type": "securestring"})
_MAX_REFERENCES = 50


def resolved(schema: JsonObject, definitions: JsonObject) -> JsonObject:
    """Return a type with its ``$ref`` followed; the type's own members win over the referenced ones."""
    for _ in range(_MAX_REFERENCES):
        if not isinstance(schema, dict):
            raise TemplateFailure("A type must be an object.")
        target = schema.get("$ref")
        if target is None:
            return schema
        found = _pointed(str(target), definitions)
        schema = {**found, **{key: value for key, value in schema.items() if key != "$ref"}}
    raise TemplateFailure(f"The type reference '{schema.get('$ref')}' never ends.")


def _pointed(pointer: str, definitions: JsonObject) -> JsonObject:
    node: Any = {"definitions": definitions}
    for part in pointer.removeprefix("#/").split("/"):
        if isinstance(node, dict) and "$ref" in node:
            node = resolved(node, definitions)
        name = part.replace("~1", "/").replace("~0", "~")
        if isinstance(node, dict) and name in node:
            node = node[name]
        elif isinstance(node, list) and name.isdigit() and int(name) < len(node):
            node = node[int(name)]
        else:
            raise TemplateFailure(f"The type reference '{pointer}' is not defined in the template.")
    if not isinstance(node, dict):
        raise TemplateFailure(f"The type reference '{pointer}' does not lead to a type.")
    return node


def nullable(schema: JsonObject, definitions: JsonObject) -> bool:
    """Return whether a type takes null."""
    return bool(resolved(schema, definitions).get("nullable"))


def misfits(value: Value, schema: JsonObject, definitions: JsonObject, path: str) -> Iterator[str]:
    """Yield, in ARM's words, why a value does not fit a type; unknown parts always fit."""
    if isinstance(value, Unknown):
        return
    if type(value) is str and schema in _ANY_TEXT:  # most values
        return
    kind = resolved(schema, definitions)
    if value is None:
        if not kind.get("nullable") and kind.get("type"):
            yield f"Template parameter JToken type is not valid. Expected '{_named(kind)}'. Actual 'Null'."
        return
    mismatch = _wrong_type(value, kind)
    if mismatch:
        yield f"{mismatch} at '{path}'." if path else f"{mismatch}."
        return
    yield from _constraints(value, kind, path)
    if isinstance(value, dict):
        yield from _members(value, kind, definitions, path)
    elif isinstance(value, list):
        yield from _items(value, kind, definitions, path)


def _named(kind: JsonObject) -> str:
    return _EXPECTED.get(str(kind.get("type", "")).lower(), str(kind.get("type")))


def _wrong_type(value: Value, kind: JsonObject) -> str:
    expected = _EXPECTED.get(str(kind.get("type", "")).lower())
    actual = type_name(value)
    whole = expected == "Integer" and isinstance(value, float) and value.is_integer()
    if expected is None or actual in expected.split(", ") or whole:
        return ""
    return f"Template parameter JToken type is not valid. Expected '{expected}'. Actual '{actual}'"


def _constraints(value: Value, kind: JsonObject, path: str) -> Iterator[str]:
    place = f" at '{path}'" if path else ""
    allowed = kind.get("allowedValues")
    if isinstance(allowed, list) and not _allowed(value, allowed):
        listed = ",".join(in_words(item) for item in allowed)
        yield f"The parameter value{place} is not part of the allowed value(s): '{listed}'."
    match value:
        case str() | list():
            size: int | float = len(value)
            low, high, what = kind.get("minLength"), kind.get("maxLength"), "Length of the value"
        case int() | float() if not isinstance(value, bool):
            size, low, high, what = value, kind.get("minValue"), kind.get("maxValue"), "The value"
        case _:
            return
    if isinstance(low, int) and size < low:
        yield f"{what}{place} should be greater than or equal to '{low}'. {_HELP}"
    if isinstance(high, int) and size > high:
        yield f"{what}{place} should be less than or equal to '{high}'. {_HELP}"


def _allowed(value: Value, allowed: list[Value]) -> bool:
    def listed(item: Value) -> bool:
        return any(same(_folded(item), _folded(choice)) is not False for choice in allowed)

    if listed(value):
        return True
    return isinstance(value, list) and all(listed(item) for item in value)


def _folded(value: Value) -> Value:
    return value.lower() if isinstance(value, str) else value


def _members(value: dict[str, Value], kind: JsonObject, definitions: JsonObject, path: str) -> Iterator[str]:
    chosen = kind
    discriminator = kind.get("discriminator")
    if isinstance(discriminator, dict):
        name = str(discriminator.get("propertyName"))
        key = find(value, name)
        tag = value[key] if key is not None else None
        if isinstance(tag, Unknown) or (key is None and isinstance(value, Partial)):
            return
        mapping = _object(discriminator, "mapping")
        if not isinstance(tag, str) or tag not in mapping:
            listed = ",".join(mapping)
            yield f"The value at '{_join(path, name)}' is not part of the allowed value(s): '{listed}'."
            return
        chosen = resolved(mapping[tag], definitions)
    properties = _object(chosen, "properties")
    for name, schema in properties.items():
        key = find(value, name)
        if key is not None:
            yield from misfits(value[key], schema, definitions, _join(path, name))
        elif not isinstance(value, Partial) and not nullable(schema, definitions):
            yield f"The required property '{_join(path, name)}' is missing."
    extra = chosen.get("additionalProperties")
    declared = {name.lower() for name in properties}
    for name, item in value.items():
        if name.lower() in declared:
            continue
        if extra is False:
            yield f"The property '{_join(path, name)}' is not allowed: the type takes no others."
        elif isinstance(extra, dict):
            yield from misfits(item, extra, definitions, _join(path, name))


def _object(kind: JsonObject, name: str) -> JsonObject:
    found = kind.get(name) or {}
    if not isinstance(found, dict):
        raise TemplateFailure(f"A type's '{name}' must be an object.")
    return found


def _items(value: list[Value], kind: JsonObject, definitions: JsonObject, path: str) -> Iterator[str]:
    prefix = kind.get("prefixItems") or []
    if not isinstance(prefix, list):
        raise TemplateFailure("A type's 'prefixItems' must be an array.")
    rest = kind.get("items")
    for index, item in enumerate(value):
        place = f"{path}[{index}]"
        if index < len(prefix):
            yield from misfits(item, prefix[index], definitions, place)
        elif rest is False:
            yield f"The element '{place}' is not allowed: the type has {len(prefix)} element(s)."
        elif isinstance(rest, dict):
            yield from misfits(item, rest, definitions, place)
    if len(value) < len(prefix):
        missing = [schema for schema in prefix[len(value) :] if not nullable(schema, definitions)]
        if missing:
            yield f"The array '{path}' needs {len(prefix)} elements; it has {len(value)}."


def _join(path: str, name: str) -> str:
    return f"{path}.{name}" if path else name
