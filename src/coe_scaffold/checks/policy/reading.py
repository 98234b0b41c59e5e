"""Reads exported policies: what ``az policy ... list``, the REST API and ARM templates write as JSON."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterator, Mapping
from pathlib import PurePath
from typing import Any

from coe_scaffold.checks.policy.model import (
    Assignment,
    Definition,
    Exemption,
    Initiative,
    Member,
    PolicyExport,
)
from coe_scaffold.checks.policy.spelling import as_rest
from coe_scaffold.errors import ConfigError, Problem
from coe_scaffold.model.json import Json, JsonObject
from coe_scaffold.template.comments import read_json

_PREFIX = "microsoft.authorization/"
_KINDS = ("policydefinitions", "policysetdefinitions", "policyassignments", "policyexemptions")
_TOP = "/providers/Microsoft.Authorization/"


def read_export(text: str, file: str) -> PolicyExport:
    """Return what an exported JSON file holds.

    Taken are a list of resources, ``{"value": [...]}``, ``{"data": [...]}`` (Azure Resource Graph), one
    resource, or an object with the lists ``policyDefinitions``, ``policySetDefinitions``,
    ``policyAssignments`` and ``policyExemptions``. Members may stand below ``properties`` (REST) or beside
    the id (Azure CLI, Azure PowerShell). Raises ConfigError when the text is no JSON, or holds no policy.
    """
    try:
        document = read_json(text)
    except json.JSONDecodeError as error:
        raise ConfigError(
            [Problem(file, error.lineno, error.colno, f"this is not JSON: {error.msg}")]
        ) from None
    export = read_documents(document, file)
    if export == PolicyExport():
        message = "there is no policy definition, initiative or assignment in this file"
        fix = "Export them with 'az policy definition list' and its kin"
        raise ConfigError([Problem(file, 0, 0, message, fix)])
    return export


def read_documents(document: Json, source: str) -> PolicyExport:
    """Return what JSON holds, as :func:`read_export` does; it may hold nothing. Raises ConfigError."""
    made: dict[str, list[Any]] = {kind: [] for kind in _KINDS}
    problems = []
    for number, (kind, item) in enumerate(_items(document, "")):
        name = str(item.get("name", "")) or f"{PurePath(source).stem}-{number + 1}"
        identifier = str(item.get("id", ""))
        identifier = identifier if f"/{kind}/" in identifier.lower() else f"{_TOP}{kind}/{name}"
        try:
            inner = _object(item, "properties") if "properties" in item else item
            made[kind].append(_MAKERS[kind](identifier, {**inner, "name": name}))
        except _WrongShapeError as error:
            problems.append(Problem(source, 0, 0, f"{name}: {error}"))
    for kind in _KINDS[:2]:
        known: dict[str, Any] = {}
        twice = {item.id for item in made[kind] if known.setdefault(item.id, item) != item}
        problems += [
            Problem(source, 0, 0, f"{item} is there twice, and says two things") for item in sorted(twice)
        ]
    if problems:
        raise ConfigError(problems)
    definitions, initiatives, assignments, exemptions = (made[kind] for kind in _KINDS)
    return PolicyExport(
        definitions={item.id: item for item in definitions},
        initiatives={item.id: item for item in initiatives},
        assignments=tuple(assignments),
        exemptions=tuple(exemptions),
    )


class _WrongShapeError(Exception):
    """A member of a policy that is not of the type the API documents."""


def _object(body: JsonObject, key: str) -> dict[str, Any]:
    value = body.get(key)
    if value is not None and not isinstance(value, dict):
        raise _WrongShapeError(f"'{key}' must be an object")
    return value or {}


def _texts(body: JsonObject, key: str) -> tuple[str, ...]:
    value = body.get(key)
    if value is not None and not (isinstance(value, list) and all(isinstance(item, str) for item in value)):
        raise _WrongShapeError(f"'{key}' must be a list of texts")
    return tuple(value or ())


def _objects(body: JsonObject, key: str) -> tuple[dict[str, Any], ...]:
    value = body.get(key)
    if value is not None and not (isinstance(value, list) and all(isinstance(item, dict) for item in value)):
        raise _WrongShapeError(f"'{key}' must be a list of objects")
    return tuple(value or ())


def _text(body: JsonObject, key: str) -> str:
    value = body.get(key)
    if value is not None and not isinstance(value, str):
        raise _WrongShapeError(f"'{key}' must be a text")
    return value or ""


def _items(document: Json, kind: str) -> Iterator[tuple[str, dict[str, Any]]]:
    """Yield each policy object with its kind, however the file wraps them."""
    if isinstance(document, list):
        for item in document:
            yield from _items(item, kind)
        return
    if not isinstance(document, dict):
        return
    document = as_rest(document)
    own = _kind(document) or kind
    if own in _KINDS and ("value" not in document or "properties" in document):
        yield own, document
        return
    for key, value in document.items():
        inside = key.lower() if key.lower() in _KINDS else ""
        if isinstance(value, list) and (inside or key in ("value", "data", "resources")):
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
    return _text(body, "displayName") or _text(body, "name") or identifier.rpartition("/")[2]


def _definition(identifier: str, body: JsonObject) -> Definition:
    return Definition(
        id=identifier.lower(),
        title=_title(identifier, body),
        mode=_text(body, "mode") or "Indexed",
        rule=_object(body, "policyRule"),
        parameters=_object(body, "parameters"),
    )


def _initiative(identifier: str, body: JsonObject) -> Initiative:
    members = tuple(
        Member(
            _text(item, "policyDefinitionReferenceId"),
            _text(item, "policyDefinitionId").lower(),
            _values(item),
        )
        for item in _objects(body, "policyDefinitions")
    )
    return Initiative(identifier.lower(), _title(identifier, body), members, _object(body, "parameters"))


def _assignment(identifier: str, body: JsonObject) -> Assignment:
    return Assignment(
        id=identifier.lower(),
        title=_title(identifier, body),
        scope=_text(body, "scope") or _above(identifier),
        definition=_text(body, "policyDefinitionId").lower(),
        values=_values(body),
        not_scopes=_texts(body, "notScopes"),
        enforced=_text(body, "enforcementMode").lower() != "donotenforce",
        overrides=_selecting(body, "overrides"),
        selectors=_selecting(body, "resourceSelectors"),
    )


def _exemption(identifier: str, body: JsonObject) -> Exemption:
    return Exemption(
        id=identifier.lower(),
        scope=_above(identifier),
        assignment=_text(body, "policyAssignmentId").lower(),
        references=_texts(body, "policyDefinitionReferenceIds"),
        expires=_text(body, "expiresOn"),
        category=_text(body, "exemptionCategory") or "exemption",
        selectors=_selecting(body, "resourceSelectors"),
    )


def _selecting(body: JsonObject, key: str) -> tuple[dict[str, Any], ...]:
    """Return resource selectors or overrides, whose own selectors list texts."""
    items = _objects(body, key)
    for item in items:
        for selector in _objects(item, "selectors"):
            _texts(selector, "in")
            _texts(selector, "notIn")
    return items


def _above(identifier: str) -> str:
    """Return the scope an assignment or exemption was made at, from its id."""
    return re.sub(r"(?i)/?providers/Microsoft\.Authorization/policy\w+/[^/]*$", "", identifier)


def _values(body: JsonObject) -> dict[str, Json]:
    """Return parameter values from ``{"name": {"value": ...}}``."""
    return {
        name: item["value"]
        for name, item in _object(body, "parameters").items()
        if isinstance(item, dict) and "value" in item
    }


_MAKERS: Mapping[str, Callable[[str, JsonObject], Any]] = dict(
    zip(_KINDS, (_definition, _initiative, _assignment, _exemption), strict=True)
)
