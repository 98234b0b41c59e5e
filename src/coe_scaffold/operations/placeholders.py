"""Parameter files of the Azure Developer CLI: values that name environment variables, ``${AZURE_LOCATION}``.

``azd`` fills them in when it deploys: ``${NAME=default}`` has a default, and parameters that the template
does not declare are left out. What a variable without a default will hold, nobody knows before.
"""

from __future__ import annotations

import json
import re
from collections.abc import Mapping

from coe_scaffold.model.json import Json, JsonObject, Unknown, Value

_NAMED = re.compile(r"\$\{\w+(?:=([^}]*))?\}")


def filled(values: JsonObject, template: JsonObject) -> JsonObject:
    """Return parameter values with placeholders replaced by their defaults, or unknown without one.

    Values without any placeholder are returned as they are.
    """
    if not any(_has_placeholder(body) for body in values.values()):
        return values
    declared: Mapping[str, Json] = {
        name.lower(): body for name, body in (template.get("parameters") or {}).items()
    }
    return {
        name: {**body, "value": _filled(body["value"], str(declared[name.lower()].get("type", "")))}
        if isinstance(body, Mapping) and "value" in body
        else body
        for name, body in values.items()
        if name.lower() in declared
    }


def _has_placeholder(value: Json) -> bool:
    return _NAMED.search(json.dumps(value, default=str)) is not None


def _filled(value: Json, declared: str) -> Value:
    if isinstance(value, Mapping):
        return {key: _filled(item, "") for key, item in value.items()}
    if isinstance(value, list):
        return [_filled(item, "") for item in value]
    found = list(_NAMED.finditer(value)) if isinstance(value, str) else []
    if not found:
        return value
    if any(match[1] is None for match in found):
        return Unknown(value)
    text = _NAMED.sub(lambda match: match[1], value)
    return text if declared.lower() in ("string", "securestring", "") else _read(text)


def _read(text: str) -> Value:
    """Return a default for a parameter that is no text; as it is where it cannot be read."""
    try:
        return json.loads(text)
    except json.JSONDecodeError:
        return text
