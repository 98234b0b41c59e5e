"""The JSON Schema of the plan document, and the check of a document against it."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from enum import StrEnum
from typing import Any

from coe_scaffold.model.finding import Outcome, Severity
from coe_scaffold.model.json import Json, JsonObject
from coe_scaffold.model.plan import PLAN_FORMAT, Action, StepKind
from coe_scaffold.model.resources import ChangeType

_TEXT: JsonObject = {"type": "string"}
_TEXTS: JsonObject = {"type": "array", "items": _TEXT}
_DIGEST: JsonObject = {"type": "string", "description": "SHA-256, 64 hex digits; empty: not checked"}
_SCOPE: JsonObject = {"type": "string", "pattern": "^/", "description": "an Azure scope or resource id"}
_VALUE: JsonObject = {"description": 'any JSON; {"$unknown": expression} is known only after apply'}


def schema() -> dict[str, Any]:
    """Return the JSON Schema (draft 2020-12) of a plan document."""
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "title": "coe-scaffold plan",
        **_object(
            format={"type": "string", "enum": [PLAN_FORMAT]},
            environment=_TEXT,
            cloud=_TEXT,
            workspace=_TEXT,
            inputs=_DIGEST,
            observed=_DIGEST,
            counts=_object(**{action.value: {"type": "integer", "minimum": 0} for action in Action}),
            notes=_TEXTS,
            findings={"type": "array", "items": _finding()},
            steps={"type": "array", "items": _step()},
        ),
    }


def problems(document: Json) -> tuple[str, ...]:
    """Return what is wrong with a document, one sentence each with its place; empty when it is a plan."""
    return tuple(_problems(document, schema(), "plan"))


def _step() -> JsonObject:
    difference = _object(path=_TEXT, before=_VALUE, after=_VALUE, noise=_TEXT)
    change = _object(
        resource=_SCOPE,
        change=_one_of(ChangeType),
        reason=_TEXT,
        title={"type": "string", "description": "names the resource where its id says nothing"},
        delta={"type": "array", "items": difference},
    )
    return _object(
        id={"type": "string", "pattern": "."},
        kind=_one_of(StepKind),
        action=_one_of(Action),
        scope=_SCOPE,
        title=_TEXT,
        reason=_TEXT,
        needs={"type": "string", "description": "the least ARM action the step takes"},
        function={"type": "string", "description": "id of the CoE function an assignment belongs to"},
        dependsOn=_TEXTS,
        changes={"type": "array", "items": change},
        before=_VALUE,
        after=_VALUE,
    )


def _finding() -> JsonObject:
    words = ("rule", "title", "subject", "message", "owner", "fix", "path", "location")
    return _object(
        **dict.fromkeys(words, _TEXT),
        severity=_one_of(Severity),
        outcome=_one_of(Outcome),
        actual=_VALUE,
        expected=_VALUE,
    )


def _object(**members: JsonObject) -> dict[str, Any]:
    return {
        "type": "object",
        "additionalProperties": False,
        "required": list(members),
        "properties": members,
    }


def _one_of(values: type[StrEnum]) -> JsonObject:
    return {"type": "string", "enum": [value.value for value in values]}


_TYPES = {"string": str, "array": list, "object": dict, "integer": int}


def _problems(value: Json, rule: JsonObject, place: str) -> Iterator[str]:
    kind = rule.get("type")
    if kind is None:
        return
    if not isinstance(value, _TYPES[kind]) or isinstance(value, bool):
        yield f"{place} must be of type {kind}"
    elif "enum" in rule and value not in rule["enum"]:
        yield f"{place} must be one of {', '.join(rule['enum'])}"
    elif "pattern" in rule and not re.search(rule["pattern"], str(value), re.DOTALL):
        yield f"{place} must match {rule['pattern']}"
    elif isinstance(value, list):
        for number, item in enumerate(value):
            yield from _problems(item, rule["items"], f"{place}[{number}]")
    elif isinstance(value, Mapping):
        yield from _members(value, rule, place)


def _members(value: JsonObject, rule: JsonObject, place: str) -> Iterator[str]:
    members: Mapping[str, JsonObject] = rule["properties"]
    yield from (f"{place}.{name} is missing" for name in members if name not in value)
    yield from (f"{place}.{name} is unknown" for name in value if name not in members)
    for name, inner in members.items():
        if name in value:
            yield from _problems(value[name], inner, f"{place}.{name}")
