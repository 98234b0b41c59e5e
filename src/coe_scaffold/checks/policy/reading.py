"""Reads exported policies: what ``az policy ... list``, the REST API and ARM templates write as JSON."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from typing import Any

from coe_scaffold.checks.policy.model import (
    Assignment,
    Definition,
    Exemption,
    Initiative,
    Member,
    PolicyExport,
)
from coe_scaffold.errors import ConfigError, Problem
from coe_scaffold.model.json import Json, JsonObject

_PREFIX = "microsoft.authorization/"
_KINDS = ("policydefinitions", "policysetdefinitions", "policyassignments", "policyexemptions")
_TOP = "/providers/Microsoft.Authorization/"


def read_export(text: str, file: str) -> PolicyExport:
    """Return what an exported JSON file holds.

    Taken are a list of resources, ``{"value": [...]}``, one resource, or an object with the lists
    ``policyDefinitions``, ``policySetDefinitions``, ``policyAssignments`` and ``policyExemptions``.
    Members may stand below ``properties`` (REST) or beside the id (Azure CLI). Raises ConfigError when the
    text is no JSON, or holds no policy.
    """
    try:
        document = json.loads(text)
    except json.JSONDecodeError as error:
        raise ConfigError(
            [Problem(file, error.lineno, error.colno, f"this is not JSON: {error.msg}")]
        ) from None
    found: dict[str, list[tuple[str, JsonObject]]] = {kind: [] for kind in _KINDS}
    problems = []
    for kind, item in _items(document, ""):
        name = str(item.get("name", ""))
        identifier = str(item.get("id", "") or item.get("policyDefinitionId", "") if kind else "")
        identifier = identifier if f"/{kind}/" in identifier.lower() else f"{_TOP}{kind}/{name}"
        inner = item.get("properties", item)
        if not isinstance(inner, dict):
            problems.append(Problem(file, 0, 0, f"the policy '{name or identifier}' has no properties"))
            continue
        found[kind].append((identifier, {**inner, "name": name}))
    if not problems and not any(found.values()):
        message = "there is no policy definition, initiative or assignment in this file"
        problems.append(
            Problem(file, 0, 0, message, "Export them with 'az policy definition list' and its kin")
        )
    if problems:
        raise ConfigError(problems)
    definitions = [_definition(*item) for item in found["policydefinitions"]]
    initiatives = [_initiative(*item) for item in found["policysetdefinitions"]]
    return PolicyExport(
        definitions={item.id: item for item in definitions},
        initiatives={item.id: item for item in initiatives},
        assignments=tuple(_assignment(*item) for item in found["policyassignments"]),
        exemptions=tuple(_exemption(*item) for item in found["policyexemptions"]),
    )


def _items(document: Json, kind: str) -> Iterator[tuple[str, dict[str, Any]]]:
    """Yield each policy object with its kind, however the file wraps them."""
    if isinstance(document, list):
        for item in document:
            yield from _items(item, kind)
        return
    if not isinstance(document, dict):
        return
    own = _kind(document) or kind
    if own in _KINDS and ("value" not in document or "properties" in document):
        yield own, document
        return
    for key, value in document.items():
        inside = key.lower() if key.lower() in _KINDS else ""
        if isinstance(value, list) and (inside or key in ("value", "resources")):
            yield from _items(value, inside or kind)


def _kind(item: dict[str, Any]) -> str:
    """Return the kind an object's type or id says, or what its members show; empty when it is none."""
    resource_type = str(item.get("type", "")).lower()
    if resource_type.startswith(_PREFIX):
        return resource_type.removeprefix(_PREFIX)
    inner = item.get("properties", item)
    members = set(inner) if isinstance(inner, dict) else set()
    if "policyRule" in members:
        return _KINDS[0]
    if "policyAssignmentId" in members:
        return _KINDS[3]
    if "policyDefinitionId" in members:
        return _KINDS[2]
    entries = inner.get("policyDefinitions") if isinstance(inner, dict) else None
    listed = isinstance(entries, list) and all(
        isinstance(entry, dict) and "policyDefinitionId" in entry for entry in entries
    )
    return _KINDS[1] if listed and entries else ""


def _title(identifier: str, body: JsonObject) -> str:
    return str(body.get("displayName") or body.get("name") or identifier.rpartition("/")[2])


def _definition(identifier: str, body: JsonObject) -> Definition:
    rule = body.get("policyRule")
    return Definition(
        id=identifier.lower(),
        title=_title(identifier, body),
        mode=str(body.get("mode") or "Indexed"),
        rule=rule if isinstance(rule, dict) else {},
        parameters=body.get("parameters") or {},
    )


def _initiative(identifier: str, body: JsonObject) -> Initiative:
    members = tuple(
        Member(
            str(item.get("policyDefinitionReferenceId", "")),
            str(item.get("policyDefinitionId", "")).lower(),
            _values(item.get("parameters")),
        )
        for item in body.get("policyDefinitions") or []
    )
    return Initiative(identifier.lower(), _title(identifier, body), members, body.get("parameters") or {})


def _assignment(identifier: str, body: JsonObject) -> Assignment:
    above = re.sub(r"(?i)/?providers/Microsoft\.Authorization/policyAssignments/[^/]+$", "", identifier)
    return Assignment(
        id=identifier.lower(),
        title=_title(identifier, body),
        scope=str(body.get("scope") or above),
        definition=str(body.get("policyDefinitionId", "")).lower(),
        values=_values(body.get("parameters")),
        not_scopes=tuple(str(scope) for scope in body.get("notScopes") or []),
        enforced=str(body.get("enforcementMode") or "Default").lower() != "donotenforce",
        overrides=tuple(body.get("overrides") or []),
        selectors=tuple(body.get("resourceSelectors") or []),
    )


def _exemption(identifier: str, body: JsonObject) -> Exemption:
    above = re.sub(r"(?i)/?providers/Microsoft\.Authorization/policyExemptions/[^/]+$", "", identifier)
    return Exemption(
        id=identifier.lower(),
        scope=above,
        assignment=str(body.get("policyAssignmentId", "")).lower(),
        references=tuple(str(item) for item in body.get("policyDefinitionReferenceIds") or []),
        expires=str(body.get("expiresOn") or ""),
        category=str(body.get("exemptionCategory") or "exemption"),
    )


def _values(written: Json) -> dict[str, Json]:
    """Return parameter values from ``{"name": {"value": ...}}``."""
    members = written if isinstance(written, dict) else {}
    return {
        name: item["value"] for name, item in members.items() if isinstance(item, dict) and "value" in item
    }
