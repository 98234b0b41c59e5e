"""Agreement with recorded deployments of the real ARM, where a file of recordings is at hand.

COE_RECORDINGS names a JSON-lines file, gzipped or not, of conversations ``{"steps": [{method, url, request,
response, ...}]}``. Ids and outputs of ours must be those ARM answered.
"""

from __future__ import annotations

import gzip
import json
import os
import re
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from urllib.parse import unquote, urlsplit

import pytest

from coe_scaffold.model.json import unknowns
from coe_scaffold.template import evaluate
from tests.fakes.template import context

RECORDINGS = os.environ.get("COE_RECORDINGS", "")
DEPLOYMENT = re.compile(r"(?i)^(.*?)/providers/Microsoft.Resources/deployments/([^/]+)$")

pytestmark = pytest.mark.skipif(not RECORDINGS, reason="COE_RECORDINGS names no file of recorded deployments")


def test_resources_and_outputs_are_those_arm_reported() -> None:
    judged: Counter[str] = Counter()
    for request, answer, scope, name in deployments():
        facts = {"name": name, "location": request.get("location", ""), "group_location": "westus"}
        properties = request["properties"]
        graph = evaluate(properties["template"], properties.get("parameters") or {}, context(scope, **facts))
        reported = {item["id"].lower() for item in answer["outputResources"]}
        nested = {key for key in reported if "/providers/microsoft.resources/deployments/" in key}
        assert {resource.id.key for resource in graph.resources} == reported - nested
        judged["deployments"] += 1
        outputs = {key.lower(): item["value"] for key, item in graph.outputs.items()}
        for key, item in (answer.get("outputs") or {}).items():
            value = outputs[key.lower()]
            if not list(unknowns(value)):
                assert value == item.get("value")
                judged["outputs"] += 1
    assert judged["deployments"]


def deployments() -> Iterator[tuple[Any, Any, str, str]]:
    """Each recorded deployment that succeeded: request body, final properties, scope and name."""
    raw = Path(RECORDINGS).read_bytes()
    text = gzip.decompress(raw) if raw[:2] == b"\x1f\x8b" else raw
    for line in text.decode().splitlines():
        steps = json.loads(line)["steps"]
        for place, step in enumerate(steps):
            match = DEPLOYMENT.match(path_of(step))
            template = template_of(step)
            if match and template:
                answer = final(steps[place + 1 :], path_of(step))
                if answer.get("outputResources"):
                    yield step["request"], answer, match.group(1) or "/", match.group(2)


def template_of(step: Any) -> Any:
    request = step.get("request")
    properties = request.get("properties") if isinstance(request, dict) else None
    found = properties.get("template") if isinstance(properties, dict) else None
    return found if step["method"] == "PUT" and isinstance(found, dict) else None


def final(steps: list[Any], path: str) -> Any:
    """Properties of the deployment after it succeeded, read before the next one starts."""
    for step in steps:
        if step["method"] == "PUT" and DEPLOYMENT.match(path_of(step)):
            break
        response = step.get("response")
        if step["method"] == "GET" and path_of(step).lower() == path.lower() and isinstance(response, dict):
            properties = response.get("properties") or {}
            if properties.get("provisioningState") == "Succeeded":
                return properties
    return {}


def path_of(step: Any) -> str:
    return re.sub(r"/+", "/", unquote(urlsplit(step["url"]).path))
