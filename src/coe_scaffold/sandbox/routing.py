"""Requests, answers and the table of routes: matched without regard to case, double slashes collapsed."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING
from urllib.parse import quote

from coe_scaffold.model.json import Json
from coe_scaffold.model.scope import Scope
from coe_scaffold.sandbox.refusals import ArmError, bad_request

if TYPE_CHECKING:
    from coe_scaffold.sandbox.jobs import Jobs
    from coe_scaffold.sandbox.world import World

_KEPT = ("$filter", "$top", "$expand")
"""Options of a list that hold for its next page, too."""

PAGE_SIZE = 1000
"""Items in one page of a list."""


@dataclass(frozen=True)
class Call:
    """One request. ``params`` are the named parts of the path; ``base`` is the server's own URL."""

    method: str
    path: str
    params: Mapping[str, str]
    query: Mapping[str, str]
    body: Json
    base: str
    world: World = field(hash=False)
    jobs: Jobs = field(hash=False)
    correlation: str = ""

    @property
    def scope(self) -> Scope:
        """The scope before the last ``/providers/`` of the path, as the route names it."""
        return Scope.parse(self.params.get("scope") or "/")

    @property
    def api_version(self) -> str:
        """The api-version asked for."""
        return self.query.get("api-version", "")

    def content(self) -> Mapping[str, Json]:
        """Return the body as an object; raise ArmError when it is none."""
        if not isinstance(self.body, Mapping):
            raise bad_request(
                "The request content was invalid and could not be deserialized: an object is needed."
            )
        return self.body

    def url(self, path: str, **query: str) -> str:
        """Return an absolute URL of this server with the call's api-version."""
        extra = "".join(f"&{key}={value}" for key, value in query.items())
        return f"{self.base}{path}?api-version={self.api_version}{extra}"


@dataclass(frozen=True)
class Reply:
    """One answer. ``body`` None sends none."""

    status: int = 200
    body: Json = None
    headers: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class Route:
    """A handler for a method and a path pattern with ``{name}`` parts.

    ``{scope}`` takes any number of segments, ``{name:word|other}`` only those words.
    """

    method: str
    pattern: str
    handler: Callable[[Call], Reply]


class Router:
    """Finds the route of a request: the first that matches."""

    def __init__(self, routes: Iterable[Route]) -> None:
        self._routes = [(route, _compile(route.pattern)) for route in routes]

    def find(self, method: str, path: str) -> tuple[Route, dict[str, str]]:
        """Return the route and the named parts of the path; raise ArmError when there is none."""
        others = set()
        for route, regex in self._routes:
            if match := regex.fullmatch(path):
                if route.method == method:
                    return route, {key: value or "" for key, value in match.groupdict().items()}
                others.add(route.method)
        if others:
            raise ArmError(
                405,
                "MethodNotAllowed",
                f"The requested resource does not support http method '{method}'.",
                headers={"Allow": ", ".join(sorted(others))},
            )
        raise ArmError(404, "InvalidResourceType", f"The sandbox has nothing at '{path}'.")


def dated(call: Call, body: Mapping[str, Json], member: str, since: str) -> Json:
    """Return a body without a member that the service shows only since an api-version."""
    if call.api_version >= since:
        return body
    return {key: value for key, value in body.items() if key != member}


def clean(path: str) -> str:
    """Return a path with one leading slash, none trailing and none doubled."""
    return "/" + re.sub(r"/{2,}", "/", path).strip("/")


def page(call: Call, items: list[Json]) -> Reply:
    """Return a list answer, in pages of ``$top`` items at most with an absolute ``nextLink``."""
    token, top = call.query.get("$skiptoken", ""), call.query.get("$top", "")
    start = int(token) if token.isdecimal() else 0
    end = start + (min(int(top), PAGE_SIZE) if top.isdecimal() and int(top) else PAGE_SIZE)
    body: dict[str, Json] = {"value": items[start:end]}
    if end < len(items):
        kept = {key: quote(value) for key, value in call.query.items() if key in _KEPT}
        body["nextLink"] = call.url(call.path, **kept, **{"$skiptoken": str(end)})
    return Reply(200, body)


def _compile(pattern: str) -> re.Pattern[str]:
    parts = re.split(r"(\{\w+(?::[\w|]+)?\})", pattern)
    text = "".join(_part(part) for part in parts)
    return re.compile(text, re.IGNORECASE)


def _part(part: str) -> str:
    if part == "{scope}":
        return r"(?P<scope>(?:/.+)?)"
    if part == "{tail}":
        return r"(?P<tail>.+)"
    if not part.startswith("{"):
        return re.escape(part)
    name, _, literal = part[1:-1].partition(":")
    return f"(?P<{name}>{literal or '[^/]+'})"
