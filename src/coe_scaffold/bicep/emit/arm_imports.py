"""Importing from ARM templates: their definitions, variables and functions under new names."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

from coe_scaffold.bicep.binding.symbols import JsonExport, JsonTemplate
from coe_scaffold.model.json import strings

_REFERENCE = re.compile(r"#/definitions/([^/]+)(.*)\Z")
_PART = re.compile(
    r"variables\('(?P<variable>(?:[^']|'')*)'\)|copyIndex\('(?P<copy>(?:[^']|'')*)'\)"
    r"|(?P<function>[A-Za-z_]\w*\.[A-Za-z_]\w*)(?=\()|'(?:[^']|'')*'"
)
_OWN_METADATA = ("__bicep_export!", "__bicep_imported_from!")

Rename = Callable[[JsonExport], str]


def references(export: JsonExport) -> list[JsonExport]:
    """Return what the declaration of an export needs from the same template."""
    found: dict[JsonExport, None] = {}
    for text in strings(_declaration(export)):
        pointer = _REFERENCE.match(text)
        if pointer:
            found[JsonExport(export.source, "type", _decode(pointer[1]))] = None
        elif text.startswith("["):
            for part in _PART.finditer(text):
                if part["variable"] is not None:
                    found[JsonExport(export.source, "variable", part["variable"])] = None
                elif part["function"] is not None:
                    found[JsonExport(export.source, "function", part["function"])] = None
    found.pop(export, None)
    return list(found)


def _declaration(export: JsonExport) -> Any:
    template = export.source.template
    if export.kind == "type":
        return template.get("definitions", {}).get(export.name)
    if export.kind == "function":
        namespace, _, name = export.name.rpartition(".")
        for group in template.get("functions", []):
            if group.get("namespace") == namespace:
                return group.get("members", {}).get(name)
        return None
    return copy_of(export) or template.get("variables", {}).get(export.name)


def copy_of(export: JsonExport) -> dict[str, Any] | None:
    """Return the loop that makes a variable, None when it is a plain one."""
    loops = export.source.template.get("variables", {}).get("copy", [])
    for loop in loops if isinstance(loops, list) else []:
        if loop.get("name") == export.name:
            return dict(loop)
    return None


def declared(export: JsonExport, rename: Rename) -> Any:
    """Return the declaration of an export with every name in it replaced."""
    body = _renamed(_declaration(export), export.source, rename)
    if isinstance(body, dict) and isinstance(body.get("metadata"), dict) and export.kind != "variable":
        kept = {name: item for name, item in body["metadata"].items() if name not in _OWN_METADATA}
        body = {name: item for name, item in body.items() if name != "metadata"}
        if kept:
            body["metadata"] = kept
    return body


def looped(export: JsonExport, name: str, rename: Rename) -> dict[str, Any]:
    """Return a variable's loop under its new name."""
    body: dict[str, Any] = declared(export, rename)
    count = body["count"]
    inner = count[1:-1] if isinstance(count, str) and count.startswith("[") else count
    return {
        "name": name,
        "count": f"[length(range(0, {inner}))]",
        "input": body.get("input"),
    }


def _renamed(value: Any, source: JsonTemplate, rename: Rename) -> Any:
    if isinstance(value, dict):
        return {key: _renamed(item, source, rename) for key, item in value.items()}
    if isinstance(value, list):
        return [_renamed(item, source, rename) for item in value]
    if not isinstance(value, str):
        return value
    pointer = _REFERENCE.match(value)
    if pointer:
        name = rename(JsonExport(source, "type", _decode(pointer[1])))
        return f"#/definitions/{name}{pointer[2]}"
    if not value.startswith("[") or value.startswith("[["):
        return value

    def replace(part: re.Match[str]) -> str:
        if part["variable"] is not None:
            return f"variables('{rename(JsonExport(source, 'variable', part['variable']))}')"
        if part["copy"] is not None:
            return f"copyIndex('{rename(JsonExport(source, 'variable', part['copy']))}')"
        if part["function"] is not None:
            name = rename(JsonExport(source, "function", part["function"]))
            return name if "." in name else f"__bicep.{name}"
        return part.group()

    return _PART.sub(replace, value)


def _decode(segment: str) -> str:
    return segment.replace("~1", "/").replace("~0", "~")
