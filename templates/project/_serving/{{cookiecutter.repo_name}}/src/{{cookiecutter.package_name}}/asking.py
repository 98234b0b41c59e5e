"""Asks a running application over HTTP, and says what is wrong with it."""

from __future__ import annotations

import http.client
import json
import sys
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlsplit

LOCAL = "http://127.0.0.1:8000"
_SECONDS = 60.0
"""A model may take a while; after that an answer is no use to a person either."""


class AddressError(ValueError):
    """An address that no application can have."""


@dataclass(frozen=True)
class Reply:
    """A status, and the body where it is JSON."""

    status: int
    body: Any = None


def ask(
    address: str, method: str, path: str, *, headers: Mapping[str, str] = {}, body: Any = None
) -> Reply:
    """Return what an application replies; raise AddressError, or OSError when it does not."""
    place = urlsplit(address)
    if place.scheme not in ("http", "https") or not place.hostname:
        raise AddressError(f"'{address}' is no address: write it as {LOCAL}")
    kinds = {"http": http.client.HTTPConnection, "https": http.client.HTTPSConnection}
    connection = kinds[place.scheme](place.hostname, place.port, timeout=_SECONDS)
    content = None if body is None else json.dumps(body).encode("utf-8")
    sent = {**headers, **({} if body is None else {"Content-Type": "application/json"})}
    try:
        connection.request(method, path, content, sent)
        response = connection.getresponse()
        return Reply(response.status, _json(response.read()))
    except http.client.HTTPException as error:
        raise OSError(f"it does not speak HTTP: {error!r}") from error
    finally:
        connection.close()


def report(problems: Callable[[str], Sequence[str]], arguments: Sequence[str] | None = None) -> int:
    """Print what is wrong with the application at an address; exit code 1 when anything is."""
    given = sys.argv[1:] if arguments is None else list(arguments)
    address = given[0] if given else LOCAL
    try:
        found = problems(address)
    except AddressError as error:
        sys.stderr.write(f"error: {error}\n")
        return 2
    for problem in found:
        sys.stderr.write(f"{address}: {problem}\n")
    if not found:
        sys.stdout.write(f"{address} works\n")
    return 1 if found else 0


def _json(content: bytes) -> Any:
    try:
        return json.loads(content)
    except ValueError:
        return None
