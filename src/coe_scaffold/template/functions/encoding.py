"""Base64, data URIs, URIs and JSON text."""

from __future__ import annotations

import base64
import binascii
import json
import re
from urllib.parse import quote, unquote, urljoin, urlsplit

from coe_scaffold.model.json import Value
from coe_scaffold.template.failure import TemplateFailure
from coe_scaffold.template.functions.registry import Policy, declare, members, text

_TOKEN = re.compile(
    r"""(?P<text>"(?:[^"\\]|\\.)*"?)|(?P<single>'(?:[^'\\]|\\.)*'?)"""
    r"""|(?P<comment>//[^\n]*|/\*.*?(?:\*/|\Z))|(?P<number>(?<![\w.])\.\d+)|(?P<rest>[^"'/.,]+|.)""",
    re.DOTALL,
)


def to_base64(value: Value) -> str:
    """``base64(text)``: of its UTF-8 bytes."""
    return base64.b64encode(text("base64", value).encode("utf-8", "surrogatepass")).decode()


def _decoded(function: str, value: str) -> str:
    try:
        return base64.b64decode(value, validate=True).decode("utf-8")
    except (binascii.Error, ValueError):
        raise TemplateFailure(
            f"The template language function '{function}' got text that is not valid Base64."
        ) from None


def from_base64(value: Value) -> str:
    """``base64ToString(text)``."""
    return _decoded("base64ToString", text("base64ToString", value))


def parse_json(value: Value, function: str = "json") -> Value:
    """``json(text)``."""
    written = text(function, value)
    for candidate in (written, _strict(written)):
        try:
            return json.loads(candidate, strict=False, parse_constant=_refuse)
        except (ValueError, RecursionError):
            continue
    raise TemplateFailure(
        f"The template language function '{function}' parameter is not valid. "
        "The provided value can't be converted to a JSON token."
    )


def _strict(written: str) -> str:
    """Return JSON without what ARM's reader also takes: comments, trailing commas, ``'text'``, ``.5``."""
    parts: list[str] = []
    comma = -1
    for match in _TOKEN.finditer(written):
        part = match.group()
        match match.lastgroup:
            case "comment":
                part = " "
            case "single":
                part = '"' + part[1:-1].replace("\\'", "'").replace('"', '\\"') + '"'
            case "number":
                part = f"0{part}"
            case "rest" if comma >= 0 and part.lstrip()[:1] in ("]", "}"):
                parts[comma] = ""
        if not part.isspace():
            comma = len(parts) if part == "," else -1
        parts.append(part)
    return "".join(parts)


def _refuse(name: str) -> None:
    raise ValueError(name)


def data_uri(value: Value) -> str:
    """``dataUri(text)``."""
    return "data:text/plain;charset=utf-8;base64," + to_base64(text("dataUri", value))


def from_data_uri(value: Value) -> str:
    """``dataUriToString(uri)``."""
    match = re.fullmatch(r"(?is)data:[^,]*?(;base64)?,(.*)", text("dataUriToString", value))
    if match is None:
        raise TemplateFailure("The template language function 'dataUriToString' expects a data URI.")
    encoded = match.group(2)
    return _decoded("dataUriToString", encoded) if match.group(1) else unquote(encoded)


def uri(base: Value, relative: Value) -> str:
    """``uri(base, relative)``."""
    start = text("uri", base)
    if not re.match(r"^[A-Za-z][A-Za-z0-9+.-]*:", start):
        raise TemplateFailure(f"The template language function 'uri' expects an absolute URI: '{start}'.")
    try:
        return urljoin(start, text("uri", relative))
    except ValueError:
        raise TemplateFailure(f"The template language function 'uri' can't read '{start}'.") from None


def uri_component(value: Value) -> str:
    """``uriComponent(text)``: escapes everything but letters, digits and ``-_.~``."""
    return quote(text("uriComponent", value).encode("utf-8", "surrogatepass"), safe="")


def parse_uri(value: Value) -> dict[str, Value]:
    """``parseUri(text)``: scheme, host, port, path and query."""
    try:
        parts = urlsplit(text("parseUri", value))
        port = parts.port
    except ValueError:
        raise TemplateFailure(f"The template language function 'parseUri' can't read '{value}'.") from None
    if not parts.scheme or not parts.hostname:
        raise TemplateFailure(
            f"The template language function 'parseUri' expects an absolute URI: '{value}'."
        )
    result: dict[str, Value] = {"scheme": parts.scheme, "host": parts.hostname}
    if port is not None:
        result["port"] = port
    return result | {"path": parts.path or "/", "query": f"?{parts.query}" if parts.query else ""}


def build_uri(value: Value) -> str:
    """``buildUri(object)``: the opposite of ``parseUri``."""
    parts = members("buildUri", value)
    scheme, host = text("buildUri", parts.get("scheme")), text("buildUri", parts.get("host"))
    port = f":{parts['port']}" if parts.get("port") is not None else ""
    path, query = str(parts.get("path") or ""), str(parts.get("query") or "")
    path = path if not path or path.startswith("/") else f"/{path}"
    query = query if not query or query.startswith("?") else f"?{query}"
    return f"{scheme}://{host}{port}{path}{query}"


FUNCTIONS = declare(
    Policy.WHOLE,
    base64=(to_base64, 1, 1),
    base64ToString=(from_base64, 1, 1),
    base64ToJson=(lambda value: parse_json(_decoded("base64ToJson", text("base64ToJson", value))), 1, 1),
    json=(parse_json, 1, 1),
    dataUri=(data_uri, 1, 1),
    dataUriToString=(from_data_uri, 1, 1),
    uri=(uri, 2, 2),
    uriComponent=(uri_component, 1, 1),
    uriComponentToString=(lambda value: unquote(text("uriComponentToString", value)), 1, 1),
    parseUri=(parse_uri, 1, 1),
    buildUri=(build_uri, 1, 1),
)
