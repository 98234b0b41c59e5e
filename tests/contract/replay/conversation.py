"""Recorded conversations with the real service: their steps, and which of them are in scope."""

from __future__ import annotations

import ast
import gzip
import json
import os
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from urllib.parse import unquote

from coe_scaffold.model.json import strings
from coe_scaffold.sandbox import relaxed

FAMILIES = (
    "deployments.",
    "stacks.",
    "rg.",
    "roleAssignments.",
    "roleDefinitions.",
    "locks.",
    "tags.",
    "policyDefinitions.",
    "policySetDefinitions.",
    "policyAssignments.",
    "managementGroups.",
    "management.",
    "providers.",
    "permissions.",
    "async.subscription.",
)
"""Families of operations the sandbox claims to model."""

PENDING = ("accepted", "running", "initializing", "deploying", "deleting", "deletingresources", "notstarted")


@dataclass(frozen=True)
class Step:
    """One request and its recorded answer. ``path`` starts with a slash and has no query."""

    op: str
    method: str
    path: str
    query: str
    status: int
    code: str
    headers: Mapping[str, str] = field(hash=False)
    request: Any = field(hash=False)
    response: Any = field(hash=False)

    @property
    def in_scope(self) -> bool:
        """Whether the sandbox claims to model the operation."""
        gone = (
            self.op.startswith("stacks.") and "api-version=2021-" in self.query
        )  # withdrawn from the service
        return self.op.startswith(FAMILIES) and not self.op.endswith(".post.providers") and not gone

    @property
    def polls(self) -> bool:
        """Whether this asks how long-running work is doing."""
        return bool(re.search(r"(?i)/(operation(results|statuses)|deploymentStackOperation\w+)/", self.path))

    @property
    def pending(self) -> bool:
        """Whether the recorded answer shows work that goes on."""
        return (self.status == 202 and self.polls) or state_of(self.response) in PENDING


@dataclass(frozen=True)
class Conversation:
    """A recorded conversation."""

    source: str
    name: str
    steps: tuple[Step, ...]


def state_of(body: Any) -> str:
    """Return the state an answer shows in lower case, or an empty string."""
    if not isinstance(body, dict):
        return ""
    own = body.get("properties")
    inner = own.get("provisioningState") if isinstance(own, dict) else None
    return str(inner or body.get("status") or "").lower()


def load() -> list[Conversation] | None:
    """Return the conversations of the file that COE_RECORDINGS names, or None."""
    place = os.environ.get("COE_RECORDINGS", "")
    if not place:
        return None
    raw = Path(place).read_bytes()
    text = gzip.decompress(raw) if raw[:2] == b"\x1f\x8b" else raw
    return [_conversation(json.loads(line)) for line in text.decode().splitlines() if line.strip()]


def members(value: Any) -> Iterator[str]:
    """Return the names of every member in a JSON value that is not text."""
    if isinstance(value, dict):
        for key, item in value.items():
            yield key
            yield from members(item)


def parameter_values(request: Any) -> Iterator[str]:
    """Return the texts given as parameters of a deployment, however the request is written."""
    body = read(request)
    if isinstance(body, dict):
        yield from strings((body.get("properties") or {}).get("parameters"))


def left_out(request: Any) -> bool:
    """Whether a recording says only that there was a body: how large it was, or that it was too large."""
    if isinstance(request, str):
        return read(request) is None
    return isinstance(request, dict) and "__omitted__" in request


def read(request: Any) -> Any:
    """Return a request as a JSON value; None for a text that is none."""
    try:
        return relaxed.loads(request) if isinstance(request, str) else request
    except ValueError:
        return None


def _conversation(line: Mapping[str, Any]) -> Conversation:
    return Conversation(line["source"], line["conversation"], tuple(map(_step, line["steps"])))


def _step(raw: Mapping[str, Any]) -> Step:
    match = re.fullmatch(r"https?://[^/]+(/[^?]*)\??(.*)", raw["url"])
    path, query = (match[1], match[2]) if match else (raw["url"], "")
    return Step(
        raw["op"],
        raw["method"],
        "/" + re.sub(r"/{2,}", "/", unquote(path)).strip("/"),
        re.sub(r"&t=.*", "", query),
        raw["status"],
        raw["error_code"] or "",
        {key.lower(): value for key, value in (raw["response_headers"] or {}).items()},
        _unwrapped(raw["request"]),
        raw["response"],
    )


def _unwrapped(body: Any) -> Any:
    """Some recordings hold a body as Python prints bytes, even twice: ``"b'{...}'"``."""
    while isinstance(body, str) and body.startswith(("b'", 'b"')):
        body = ast.literal_eval(body).decode()
        if not body.startswith(("b'", 'b"')):
            return read(body)
    return body
