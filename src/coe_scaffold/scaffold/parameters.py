"""Print Python values as the text of a ``.bicepparam`` file."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field

from coe_scaffold.model.json import Json

_IDENTIFIER = re.compile(r"[A-Za-z_][A-Za-z0-9_]*")
_ESCAPES = {"\\": "\\\\", "'": "\\'", "\n": "\\n", "\r": "\\r", "\t": "\\t"}


@dataclass(frozen=True)
class Parameter:
    """One parameter: JSON value, and a comment for people (one line or several).

    A mapping's entries whose value is None are left out, so that optional properties stay optional.
    """

    name: str
    value: Json = field(hash=False)
    comment: str = ""


def print_parameters(using: str, parameters: Iterable[Parameter], *, header: str = "") -> str:
    """Return a whole parameter file for the template at ``using``, a path relative to the file.

    Raises ValueError for a name that is no Bicep identifier or occurs twice, and for a value that has
    no Bicep literal (a fraction, or anything that is not JSON).
    """
    lines = [*_comment(header), f"using {_text(using)}"]
    seen: set[str] = set()
    for parameter in parameters:
        if not _IDENTIFIER.fullmatch(parameter.name) or parameter.name in seen:
            raise ValueError(f"'{parameter.name}' cannot name a parameter here")
        seen.add(parameter.name)
        lines += [
            "",
            *_comment(parameter.comment),
            f"param {parameter.name} = {_literal(parameter.value, 0)}",
        ]
    return "\n".join(lines) + "\n"


def _comment(text: str) -> Iterator[str]:
    for line in text.splitlines():
        yield f"// {line}".rstrip()


def _literal(value: Json, depth: int) -> str:
    match value:
        case None:
            return "null"
        case bool():
            return "true" if value else "false"
        case int():
            return str(value)
        case str():
            return _text(value)
        case Mapping():
            kept = {key: item for key, item in value.items() if item is not None}
            entries = [f"{_key(key)}: {_literal(item, depth + 1)}" for key, item in kept.items()]
            return _block("{", entries, "}", depth)
        case list() | tuple():
            return _block("[", [_literal(item, depth + 1) for item in value], "]", depth)
    raise ValueError(f"{value!r} has no Bicep literal")


def _block(start: str, entries: list[str], end: str, depth: int) -> str:
    if not entries:
        return start + end
    indent = "  " * (depth + 1)
    return "\n".join([start, *(indent + entry for entry in entries), "  " * depth + end])


def _key(key: str) -> str:
    return key if _IDENTIFIER.fullmatch(key) else _text(key)


def _text(value: str) -> str:
    return "'" + "".join(map(_character, value)).replace("${", "\\${") + "'"


def _character(character: str) -> str:
    if character in _ESCAPES:
        return _ESCAPES[character]
    return character if character.isprintable() else f"\\u{{{ord(character):x}}}"
