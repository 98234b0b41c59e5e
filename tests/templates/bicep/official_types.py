"""Azure's official type catalogue, asked offline through the Azure MCP server of the dev dependencies.

One server process answers for all types over stdin and stdout; answers are cached by the package's version.
"""

from __future__ import annotations

import json
import os
import re
import shutil
import subprocess
import sysconfig
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from importlib.metadata import version
from pathlib import Path
from typing import IO, Any

_NOT_TOLD = re.compile(r"Resource type \S+ with apiVersion (\S+) not supported")
_QUIET = {"AZURE_MCP_COLLECT_TELEMETRY": "false", "DOTNET_SYSTEM_GLOBALIZATION_INVARIANT": "1"}


@dataclass(frozen=True)
class OfficialType:
    """What the catalogue says of one resource type.

    ``newest`` is its newest API version; ``types`` maps the names of its types to their descriptions and is
    empty when the catalogue knows the type but the server cannot describe it. ``body`` names the top one.
    """

    resource_type: str
    newest: str
    body: str
    types: dict[str, Any]


def official_types(resource_types: Iterable[str], cache: Path) -> dict[str, OfficialType]:
    """Return the official description of each type; KeyError for a type the catalogue does not know."""
    wanted = sorted(set(resource_types))
    file = cache / f"azure-types-{version('msmcp-azure')}.json"
    known: dict[str, str] = json.loads(file.read_text()) if file.is_file() else {}
    missing = [name for name in wanted if name not in known]
    if missing:
        known |= _ask(missing)
        cache.mkdir(parents=True, exist_ok=True)
        partial = file.with_suffix(f".{os.getpid()}")
        partial.write_text(json.dumps(known))
        partial.replace(file)
    return {name: _parse(name, known[name]) for name in wanted}


def _parse(resource_type: str, answer: str) -> OfficialType:
    document = json.loads(answer)
    if document["status"] != 200:
        told = _NOT_TOLD.match(document["message"])
        if told is None:
            raise KeyError(document["message"])
        return OfficialType(resource_type, told.group(1), "", {})
    described = document["results"]["BicepSchemaResult"]
    resource = next(item for item in described if item["$type"] == "Resource")
    body = resource["bodyType"]
    types = {item["name"]: item for item in described if item["$type"] in ("Object", "DiscriminatedObject")}
    types[body["name"]] = body
    return OfficialType(resource_type, resource["name"].rpartition("@")[2], body["name"], types)


def _ask(resource_types: list[str]) -> dict[str, str]:
    with _server() as (send, receive):
        hello = {"protocolVersion": "2025-06-18", "capabilities": {}}
        _call(send, receive, 1, "initialize", {**hello, "clientInfo": {"name": "coe-tests", "version": "1"}})
        send.write(json.dumps({"jsonrpc": "2.0", "method": "notifications/initialized"}) + "\n")
        answers = {}
        for number, name in enumerate(resource_types, start=2):
            arguments = {"name": "bicepschema_get", "arguments": {"resource-type": name}}
            result = _call(send, receive, number, "tools/call", arguments)
            answers[name] = result["content"][0]["text"]
        return answers


@contextmanager
def _server() -> Iterator[tuple[IO[str], IO[str]]]:
    found = shutil.which("azmcp", path=sysconfig.get_path("scripts"))
    assert found, "azmcp is not installed: pip install -e .[dev]"
    command = [found, "server", "start", "--mode", "all", "--tool", "bicepschema_get"]
    with subprocess.Popen(
        command,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        env={**os.environ, **_QUIET},
        text=True,
    ) as process:
        assert process.stdin
        assert process.stdout
        try:
            yield process.stdin, process.stdout
        finally:
            process.stdin.close()
            try:
                process.wait(timeout=10)
            except subprocess.TimeoutExpired:
                process.kill()


def _call(send: IO[str], receive: IO[str], number: int, method: str, params: dict[str, Any]) -> Any:
    send.write(json.dumps({"jsonrpc": "2.0", "id": number, "method": method, "params": params}) + "\n")
    send.flush()
    for line in receive:
        answer = json.loads(line)
        if answer.get("id") == number:
            return answer["result"]
    raise AssertionError("the Azure MCP server ended before it answered")
