"""Functions on strings, and conversions."""

from __future__ import annotations

import base64
import json
import re
from typing import Any
from urllib.parse import quote, unquote, urljoin

from coe_scaffold.bicep.parameters.failure import EvaluationError
from coe_scaffold.bicep.parameters.hashing import guid, unique_string

_HOLE = re.compile(r"\{\{|\}\}|\{(\d+)(?:,(-?\d+))?(?::([^{}]*))?\}")


def to_text(value: Any) -> str:
    """Return a value as ARM's ``string()`` and interpolation write it."""
    if isinstance(value, str):
        return value
    if isinstance(value, bool):
        return "True" if value else "False"
    if value is None:
        return ""
    if isinstance(value, int):
        return str(value)
    return json.dumps(value, separators=(",", ":"), ensure_ascii=False)


def text_format(pattern: str, *values: Any) -> str:
    """Return a composite format of .NET: ``{0}``, ``{0,5}`` and the number formats D, X, N0."""

    def fill(found: re.Match[str]) -> str:
        if found.group(1) is None:
            return found.group()[0]
        number = int(found.group(1))
        if number >= len(values):
            raise EvaluationError("The format string refers to an argument that is not given.")
        shown = _number(values[number], found.group(3) or "")
        width = int(found.group(2) or 0)
        return shown.rjust(width) if width >= 0 else shown.ljust(-width)

    return _HOLE.sub(fill, pattern)


def _number(value: Any, spec: str) -> str:
    if not spec or not isinstance(value, int) or isinstance(value, bool):
        return to_text(value)
    kind, digits = spec[0], int(spec[1:] or 0) if spec[1:].isdigit() or not spec[1:] else None
    if digits is not None:
        match kind:
            case "D" | "d":
                return ("-" if value < 0 else "") + str(abs(value)).zfill(digits)
            case "X":
                return format(value, "X").zfill(digits)
            case "x":
                return format(value, "x").zfill(digits)
            case "N" | "n":
                return format(value, f",.{digits if spec[1:] else 2}f")
    if set(spec) == {"0"}:
        return str(value).zfill(len(spec))
    raise EvaluationError(f'The number format "{spec}" is not supported by the embedded compiler.')


def split(text: str, delimiters: str | list[str]) -> list[str]:
    """Return the parts of a text between any of the delimiters."""
    marks = [delimiters] if isinstance(delimiters, str) else delimiters
    pattern = "|".join(re.escape(mark) for mark in sorted(marks, key=len, reverse=True) if mark)
    return re.split(pattern, text) if pattern else [text]


def substring(text: str, start: int, length: int | None = None) -> str:
    """Return a part of a text; raise when it reaches beyond the end."""
    end = len(text) if length is None else start + length
    if start < 0 or end > len(text) or end < start:
        raise EvaluationError("The substring reaches beyond the end of the text.")
    return text[start:end]


def pad_left(value: str | int, width: int, character: str = " ") -> str:
    """Return a text padded on the left."""
    return to_text(value).rjust(width, character)


def to_int(value: str | int) -> int:
    """Return an integer from its text."""
    try:
        return int(value)
    except ValueError as problem:
        raise EvaluationError(f'"{value}" is not an integer.') from problem


def to_bool(value: Any) -> bool:
    """Return a boolean from a text or number."""
    if isinstance(value, str):
        lowered = value.lower()
        if lowered in ("true", "1", "false", "0"):
            return lowered in ("true", "1")
        raise EvaluationError(f'"{value}" is not a boolean.')
    return bool(value)


def from_json(text: str) -> Any:
    """Return the value of a JSON text."""
    try:
        return json.loads(text)
    except json.JSONDecodeError as problem:
        raise EvaluationError(f"The text is not JSON: {problem}") from problem


def encode(text: str) -> str:
    """Return a text in base64."""
    return base64.b64encode(text.encode()).decode("ascii")


def decode(text: str) -> str:
    """Return the text behind base64."""
    try:
        return base64.b64decode(text, validate=True).decode()
    except ValueError as problem:
        raise EvaluationError("The text is not base64.") from problem


def data_uri(value: Any) -> str:
    """Return a value as a data URI."""
    return f"data:text/plain;charset=utf8;base64,{encode(to_text(value))}"


def data_uri_text(value: str) -> str:
    """Return the text behind a data URI."""
    head, _, body = value.partition(",")
    return decode(body) if head.endswith(";base64") else unquote(body)


TEXT_FUNCTIONS: dict[str, Any] = {
    "base64": encode,
    "base64ToString": decode,
    "base64ToJson": lambda text: from_json(decode(text)),
    "bool": to_bool,
    "dataUri": data_uri,
    "dataUriToString": data_uri_text,
    "endsWith": lambda text, end: text.lower().endswith(end.lower()),
    "format": text_format,
    "guid": guid,
    "indexOf": lambda text, part: (
        text.lower().find(part.lower()) if isinstance(text, str) else _position(text, part)
    ),
    "int": to_int,
    "json": from_json,
    "lastIndexOf": lambda text, part: (
        text.lower().rfind(part.lower()) if isinstance(text, str) else _last_position(text, part)
    ),
    "padLeft": pad_left,
    "replace": lambda text, old, new: text.replace(old, new),
    "split": split,
    "startsWith": lambda text, start: text.lower().startswith(start.lower()),
    "string": to_text,
    "substring": substring,
    "toLower": lambda text: text.lower(),
    "toUpper": lambda text: text.upper(),
    "trim": lambda text: text.strip(),
    "uniqueString": unique_string,
    "uri": urljoin,
    "uriComponent": lambda text: quote(text, safe="-_.!~*'()"),
    "uriComponentToString": unquote,
}


def _position(items: list[Any], item: Any) -> int:
    return items.index(item) if item in items else -1


def _last_position(items: list[Any], item: Any) -> int:
    return len(items) - 1 - items[::-1].index(item) if item in items else -1
