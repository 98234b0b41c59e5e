"""The official OpenAPI files: which operation an exchange belongs to, and whether it keeps its schema."""

from __future__ import annotations

import json
import os
import re
import tarfile
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from typing import Any

import jsonschema
import referencing
import referencing.jsonschema

FILES = (
    "resources/resource-manager/Microsoft.Resources/stable/2024-07-01/resources.json",
    "resources/resource-manager/Microsoft.Resources/stable/2022-12-01/subscriptions.json",
    "resources/resource-manager/Microsoft.Authorization/stable/2020-05-01/locks.json",
    "authorization/resource-manager/Microsoft.Authorization/stable/2022-04-01/authorization-RoleAssignmentsCalls.json",
    "authorization/resource-manager/Microsoft.Authorization/stable/2022-04-01/authorization-RoleDefinitionsCalls.json",
    "authorization/resource-manager/Microsoft.Authorization/stable/2022-04-01/authorization-DenyAssignmentCalls.json",
    *(
        f"authorization/resource-manager/Microsoft.Authorization/stable/2020-10-01/Role{name}.json"
        for name in (
            "AssignmentSchedule",
            "AssignmentScheduleInstance",
            "AssignmentScheduleRequest",
            "EligibilitySchedule",
            "EligibilityScheduleInstance",
            "EligibilityScheduleRequest",
            "ManagementPolicy",
            "ManagementPolicyAssignment",
        )
    ),
    "managementgroups/resource-manager/Microsoft.Management/stable/2023-04-01/management.json",
    "resources/resource-manager/Microsoft.Resources/stable/2024-03-01/deploymentStacks.json",
    "resources/resource-manager/Microsoft.Authorization/stable/2024-05-01/policyDefinitions.json",
    "resources/resource-manager/Microsoft.Authorization/stable/2024-05-01/policySetDefinitions.json",
    "resources/resource-manager/Microsoft.Authorization/stable/2024-05-01/policyAssignments.json",
    "resources/resource-manager/Microsoft.Authorization/preview/2022-07-01-preview/policyExemptions.json",
)


@dataclass(frozen=True)
class Operation:
    """One operation of one file."""

    file: Path
    id: str
    method: str
    pattern: re.Pattern[str]
    literal: int
    responses: Mapping[str, Any] = field(hash=False)
    body: Any = field(hash=False, default=None)


@dataclass
class Specs:
    """The files below a folder named ``specification``."""

    root: Path

    @cached_property
    def operations(self) -> list[Operation]:
        return [operation for name in FILES for operation in _operations(self.root / name)]

    @cached_property
    def registry(self) -> Any:
        """Every file but the examples, searched for what can be referred to once."""
        files = (file for file in self.root.rglob("*.json") if file.parent.name != "examples")
        return referencing.Registry().with_resources((file.as_uri(), _schema(file)) for file in files).crawl()

    def of(self, name: str) -> frozenset[str]:
        """Return the ids of the operations of one of FILES."""
        return frozenset(item.id for item in self.operations if item.file == self.root / name)

    def judge(self, method: str, path: str, sent: Any, status: int, answered: Any) -> tuple[str, list[str]]:
        """Return the operation's id (empty: in no file) and what its schema says against an exchange."""
        bare = re.sub(r"^https?://[^/]+", "", path).partition("?")[0]
        found = [item for item in self.operations if item.method == method and item.pattern.fullmatch(bare)]
        if not found:
            return "", []
        operation = max(found, key=lambda item: item.literal)
        problems = []
        response = operation.responses.get(str(status), operation.responses.get("default"))
        if response is None:
            problems.append(f"{operation.id}: status {status} is not in the specification")
        elif "schema" in response and answered is not None:
            problems += self._against(operation, response["schema"], answered)
        elif status < 300 and answered is not None:
            problems.append(f"{operation.id}: {status} has no body in the specification")
        if operation.body is not None and sent is not None and status < 300:
            problems += self._against(operation, operation.body, sent)
        return operation.id, problems

    def _against(self, operation: Operation, schema: Any, value: Any) -> list[str]:
        uri = operation.file.as_uri()
        absolute = json.loads(
            re.sub(r'"\$ref": "([^"]+)"', lambda m: f'"$ref": "{_absolute(uri, m[1])}"', json.dumps(schema))
        )
        validator = jsonschema.Draft4Validator(absolute, registry=self.registry)
        return [
            f"{operation.id}: {'/'.join(map(str, error.path))}: {error.message[:200]}"
            for error in validator.iter_errors(_thinned(value))
        ]


def own(path: str) -> bool:
    """Return whether a path is not Resource Manager's: Microsoft Graph, login, discovery."""
    return bool(re.search(r"(?i)^/+(v1\.0|msi|metadata)/|/oauth2/|/\.well-known/", path))


def given(folder: Path) -> Specs | None:
    """Return the files that COE_SPECS names, or None: a folder, or an archive to unpack into ``folder``."""
    place = os.environ.get("COE_SPECS", "")
    if not place:
        return None
    path = Path(place)
    if path.is_file():
        with tarfile.open(path) as archive:
            archive.extractall(folder, filter="data")
        path = folder
    roots = sorted(path.rglob("specification"))
    assert roots, f"COE_SPECS={place} holds no folder named 'specification'"
    return Specs(roots[0])


def _operations(file: Path) -> Iterator[Operation]:
    document = json.loads(file.read_text(encoding="utf-8"))
    for template, methods in document["paths"].items():
        for method, operation in methods.items():
            bodies = [item["schema"] for item in operation.get("parameters", []) if item.get("in") == "body"]
            yield Operation(
                file,
                operation["operationId"],
                method.upper(),
                _pattern(template),
                len(re.sub(r"\{\w+\}", "", template)),
                operation["responses"],
                bodies[0] if bodies else None,
            )


def _pattern(template: str) -> re.Pattern[str]:
    wide = {"scope", "roleAssignmentId", "roleId", "resourceId", "parentResourcePath"}
    text = ""
    for part in re.split(r"(\{\w+\})", template.strip("/")):
        name = part.strip("{}")
        text += ("(.+)" if name in wide else "([^/]+)") if part.startswith("{") else re.escape(part)
    return re.compile("/" + text + "/?", re.IGNORECASE)


def _absolute(uri: str, reference: str) -> str:
    file, _, fragment = reference.partition("#")
    base = uri if not file else (Path(uri.removeprefix("file://")).parent / file).resolve().as_uri()
    return f"{base}#{fragment}"


def _schema(file: Path) -> Any:
    document = json.loads(file.read_text(encoding="utf-8"))
    return referencing.Resource.from_contents(
        _nullable(document), default_specification=referencing.jsonschema.DRAFT4
    )


def _thinned(value: Any) -> Any:
    """Return a value whose lists keep one item of each shape: 500 role definitions say no more than a few."""
    if isinstance(value, dict):
        return {key: _thinned(item) for key, item in value.items()}
    if isinstance(value, list):
        items = [_thinned(item) for item in value]
        return list({repr(_shape(item)): item for item in items}.values())
    return value


def _shape(value: Any) -> Any:
    if isinstance(value, dict):
        return {key: _shape(value[key]) for key in sorted(value)}
    return [_shape(item) for item in value] if isinstance(value, list) else type(value).__name__


def _nullable(node: Any) -> Any:
    """Swagger's ``x-nullable`` as JSON Schema; examples and formats left out."""
    if isinstance(node, list):
        return [_nullable(item) for item in node]
    if not isinstance(node, dict):
        return node
    copy = {key: _nullable(value) for key, value in node.items() if key not in ("example", "x-ms-examples")}
    if copy.pop("x-nullable", False):
        kind = copy.pop("type", None)
        return {"anyOf": [{**copy, **({"type": kind} if kind else {})}, {"type": "null"}]}
    return copy
