"""An exported template written as Bicep, as the service does: one parameter for each name at the top."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping, Sequence

from coe_scaffold.model.json import Json

_IDENTIFIER = re.compile(r"[A-Za-z_]\w*")


def written(documents: Sequence[Json], bodies: Sequence[Mapping[str, Json]], *, defaults: bool) -> str:
    """Return the Bicep of exported resources.

    ``documents`` are the stored resources, parents before children; ``bodies`` what is exported of each,
    in the shape of a template's resource. ``defaults`` gives the parameters their names as default.
    """
    parameters: dict[str, str] = {}
    symbols: dict[str, str] = {}
    blocks = []
    for document, body in zip(documents, bodies, strict=True):
        path = str(document["id"])
        kinds, names = _parts(path)
        top = re.sub(r"\W", "_", f"{kinds[0]}_{names[0]}_name")
        parameters.setdefault(top, f" = {_value(names[0], 0)}" if defaults else "")
        symbol = re.sub(r"\W", "_", "_".join([top, *names[1:]])) if names[1:] else f"{top}_resource"
        parent = symbols.get(path.rsplit("/", 2)[0].lower()) if names[1:] else None
        symbols[path.lower()] = symbol
        rest = {
            key: value
            for key, value in body.items()
            if key not in ("type", "apiVersion", "name", "dependsOn")
        }
        head = (
            [f"  parent: {parent}", f"  name: {_value(names[-1], 0)}"]
            if parent
            else [f"  name: {_name(top, names)}"]
        )
        lines = [*head, *_members(rest, 1)]
        start = f"resource {symbol} '{document['type']}@{document['apiVersion']}' = {{"
        blocks.append("\n".join([start, *lines, "}"]))
    declared = "\n".join(f"param {name} string{default}" for name, default in parameters.items())
    return "\n\n".join([*([declared] if declared else []), *blocks]) + "\n"


def _name(top: str, names: Sequence[str]) -> str:
    if not names[1:]:
        return top
    rest = "/".join(names[1:])
    return f"'${{{top}}}/{_value(rest, 0)[1:]}"


def _members(value: Mapping[str, Json], depth: int) -> list[str]:
    indent = "  " * depth
    return [f"{indent}{_key(key)}: {_value(item, depth)}" for key, item in value.items()]


def _key(name: str) -> str:
    return name if _IDENTIFIER.fullmatch(name) else _value(name, 0)


def _value(value: Json, depth: int) -> str:
    indent = "  " * depth
    if isinstance(value, str):
        escaped = value.replace("\\", "\\\\").replace("'", "\\'").replace("${", "\\${")
        return "'" + escaped.replace("\r", "\\r").replace("\n", "\\n").replace("\t", "\\t") + "'"
    if isinstance(value, float) and not value.is_integer():
        return f"json('{value}')"
    if isinstance(value, Mapping):
        return "\n".join(["{", *_members(value, depth + 1), indent + "}"]) if value else "{}"
    if isinstance(value, list):
        items = [f"{indent}  {_value(item, depth + 1)}" for item in value]
        return "\n".join(["[", *items, indent + "]"]) if value else "[]"
    return json.dumps(value)


def _parts(path: str) -> tuple[list[str], list[str]]:
    parts = path.rpartition("/providers/")[2].split("/")
    return parts[1::2], parts[2::2]
