"""Parameters: given values, defaults, and every misfit at once."""

from __future__ import annotations

import re
from collections.abc import Callable

from coe_scaffold.model.json import JsonObject, Value
from coe_scaffold.template.failure import TemplateFailure
from coe_scaffold.template.frame import Lazy
from coe_scaffold.template.functions.formatting import in_words
from coe_scaffold.template.schema import misfits, resolved
from coe_scaffold.template.values import find

HELP = "Please see https://aka.ms/arm-create-parameter-file for usage details."


def parameter_values(
    declared: JsonObject,
    given: JsonObject,
    definitions: JsonObject,
    default: Callable[[object], Value],
    secret: Callable[[JsonObject], Value],
) -> Lazy:
    """Return the values of a template's parameters, all computed and checked.

    ``default`` evaluates a default value, which may ask this very table for other parameters through the
    frame that ``default`` closes over; ``secret`` fetches a Key Vault reference. ``misfitting`` checks them.
    """
    lowered = {name.lower(): item for name, item in given.items()}

    def compute(name: str) -> Value:
        schema = resolved(declared[name], definitions)
        item = lowered.get(name.lower())
        if isinstance(item, dict):
            if isinstance(item.get("reference"), dict):
                return secret(item["reference"])
            if item.get("value") is not None:
                return item["value"]
        return _fitted(default(schema["defaultValue"]), schema) if "defaultValue" in schema else None

    return Lazy("parameter", declared, compute)


def _fitted(value: Value, schema: JsonObject) -> Value:
    """A default written as text for a number, or the other way round, is taken as its type says."""
    kind = str(schema.get("type", "")).lower()
    if kind == "int" and isinstance(value, str) and re.fullmatch(r"-?\d{1,18}", value):
        return int(value)
    if kind in ("string", "securestring") and isinstance(value, int | float):
        return in_words(value)
    return value


def misfitting(
    values: Lazy, declared: JsonObject, given: JsonObject, definitions: JsonObject
) -> list[TemplateFailure]:
    """Return everything wrong with the given parameters: unknown, missing, ill-typed, out of bounds."""
    failures = _unknown(declared, given)
    for name, declaration in declared.items():
        pointer = f"/parameters/{name}"
        if not isinstance(declaration, dict):
            message = f"The template parameter '{name}' must be an object."
            failures.append(TemplateFailure(message, pointer=pointer))
            continue
        try:
            failures += _judged(name, values, declaration, given, definitions)
        except TemplateFailure as failure:
            failures.append(failure.at(pointer))
    return failures


def _unknown(declared: JsonObject, given: JsonObject) -> list[TemplateFailure]:
    extra = [name for name in given if find(declared, name) is None]
    if not extra:
        return []
    supported = ", ".join(declared) or ""
    return [
        TemplateFailure(
            f"The template parameters '{', '.join(extra)}' in the parameters file are not valid; they are "
            "not present in the original template and can therefore not be provided at deployment time. "
            f"The only supported parameters for this template are '{supported}'. {HELP}",
            pointer="/parameters",
        )
    ]


def _judged(
    name: str, values: Lazy, declaration: JsonObject, given: JsonObject, definitions: JsonObject
) -> list[TemplateFailure]:
    pointer = f"/parameters/{name}"
    schema = resolved(declaration, definitions)
    key = find(given, name)
    item = given[key] if key is not None else None
    if item is not None and not (isinstance(item, dict) and ("value" in item or "reference" in item)):
        message = f"The value for the template parameter '{name}' must be given as an object with 'value'."
        return [TemplateFailure(message, pointer=pointer)]
    nothing = item is not None and item.get("value") is None and "reference" not in item
    absent = item is None or (nothing and "type" in schema)
    if absent and "defaultValue" not in schema and not schema.get("nullable"):
        message = f"The value for the template parameter '{name}' is not provided. {HELP}"
        return [TemplateFailure(message, pointer=pointer)]
    value = values.get(name)
    if value is None and (schema.get("nullable") or absent):
        return []
    secret = str(schema.get("type", "")).lower().startswith("secure")
    return [
        TemplateFailure(_worded(name, value, reason, secret=secret), pointer=pointer)
        for reason in misfits(value, schema, definitions, "")
    ]


def _worded(name: str, value: Value, reason: str, *, secret: bool) -> str:
    shown = ""
    if "allowed value(s)" in reason and not secret and not isinstance(value, dict | list):
        shown = f"'{in_words(value)}' "
    return f"The provided value {shown}for the template parameter '{name}' is not valid. {reason}"
