"""Whether a value fits the type a template declares for a parameter."""

from __future__ import annotations

from typing import Any

_NAMES = {"securestring": "string", "secureobject": "object"}


class Mismatch(Exception):  # noqa: N818 - an outcome of checking, not a failure of ours
    """A value that does not fit; ``code`` is the official one."""

    def __init__(self, code: str, message: str) -> None:
        super().__init__(message)
        self.code = code
        self.message = message


def check(value: Any, schema: dict[str, Any], definitions: dict[str, Any], path: str = "") -> None:
    """Raise Mismatch when a value does not fit the schema of a parameter."""
    nullable = bool(schema.get("nullable"))
    for _ in range(50):
        reference = schema.get("$ref")
        if not isinstance(reference, str):
            break
        schema = _resolve(reference, definitions)
        nullable = nullable or bool(schema.get("nullable"))
    if value is None and nullable:
        return
    wanted = str(schema.get("type", "")).lower()
    wanted = _NAMES.get(wanted, wanted)
    if wanted and wanted != type_of(value):
        raise Mismatch("BCP033", _expected(path, wanted, type_of(value)))
    _check_allowed(value, schema, path)
    if isinstance(value, list):
        _check_items(value, schema, definitions, path)
    elif isinstance(value, dict):
        _check_properties(value, schema, definitions, path)
    _check_size(value, schema, path)


def type_of(value: Any) -> str:
    """Return the ARM type of a value."""
    match value:
        case None:
            return "null"
        case bool():
            return "bool"
        case int() | float():
            return "int"
        case str():
            return "string"
        case list():
            return "array"
    return "object"


def _expected(path: str, wanted: str, given: str) -> str:
    at = f' at "{path}"' if path else ""
    return f'Expected a value of type "{wanted}"{at} but the provided value is of type "{given}".'


def _resolve(reference: str, definitions: dict[str, Any]) -> dict[str, Any]:
    found: Any = {"definitions": definitions}
    for segment in reference.removeprefix("#/").split("/"):
        key = segment.replace("~1", "/").replace("~0", "~")
        found = found[int(key)] if isinstance(found, list) else found.get(key, {})
    return found if isinstance(found, dict) else {}


def _check_allowed(value: Any, schema: dict[str, Any], path: str) -> None:
    allowed = schema.get("allowedValues")
    if allowed is None:
        return
    if isinstance(value, list) and value not in allowed:
        wrong = [item for item in value if item not in allowed]
    else:
        wrong = [] if value in allowed else [value]
    if wrong:
        union = " | ".join(_written(item) for item in allowed)
        raise Mismatch("BCP033", _expected(path, union, _written(wrong[0])))


def _written(value: Any) -> str:
    if isinstance(value, str):
        return f"'{value}'"
    return "null" if value is None else str(value).lower() if isinstance(value, bool) else str(value)


def _check_items(value: list[Any], schema: dict[str, Any], definitions: dict[str, Any], path: str) -> None:
    fixed = schema.get("prefixItems", [])
    for number, item in enumerate(value):
        inner = fixed[number] if number < len(fixed) else schema.get("items")
        if isinstance(inner, dict):
            check(item, inner, definitions, f"{path}[{number}]")
        elif inner is False:
            raise Mismatch("BCP033", f"Expected {len(fixed)} items but {len(value)} are given.")


def _check_properties(
    value: dict[str, Any], schema: dict[str, Any], definitions: dict[str, Any], path: str
) -> None:
    variant = schema.get("discriminator")
    if isinstance(variant, dict):
        name = variant["propertyName"]
        chosen = variant["mapping"].get(value.get(name))
        if chosen is None:
            union = " | ".join(f"'{key}'" for key in variant["mapping"])
            raise Mismatch("BCP036", _expected(f"{path}.{name}".lstrip("."), union, type_of(value.get(name))))
        check(value, chosen, definitions, path)
        return
    properties: dict[str, Any] = schema.get("properties", {})
    missing = [
        name
        for name, inner in properties.items()
        if name not in value and not _may_be_absent(inner, definitions)
    ]
    if missing:
        names = ", ".join(f'"{name}"' for name in missing)
        at = f' of "{path}"' if path else ""
        raise Mismatch("BCP035", f"The following required properties{at} are missing: {names}.")
    additional = schema.get("additionalProperties", True)
    for name, item in value.items():
        inner = properties.get(name, additional)
        if isinstance(inner, dict):
            check(item, inner, definitions, f"{path}.{name}".lstrip("."))
        elif inner is False:
            raise Mismatch("BCP037", f'The property "{name}" is not allowed here.')


def _may_be_absent(schema: dict[str, Any], definitions: dict[str, Any]) -> bool:
    for _ in range(50):
        if schema.get("nullable") or "defaultValue" in schema:
            return True
        reference = schema.get("$ref")
        if not isinstance(reference, str):
            return False
        schema = _resolve(reference, definitions)
    return False


def _check_size(value: Any, schema: dict[str, Any], path: str) -> None:
    if isinstance(value, str | list):
        size, low, high, what = len(value), "minLength", "maxLength", "length"
    elif isinstance(value, int) and not isinstance(value, bool):
        size, low, high, what = value, "minValue", "maxValue", "value"
    else:
        return
    least, most = schema.get(low), schema.get(high)
    at = f' at "{path}"' if path else ""
    if isinstance(least, int) and size < least:
        raise Mismatch(
            "BCP332" if what == "length" else "BCP328", f"The {what}{at} is {size}, below {least}."
        )
    if isinstance(most, int) and size > most:
        raise Mismatch("BCP333" if what == "length" else "BCP327", f"The {what}{at} is {size}, above {most}.")
