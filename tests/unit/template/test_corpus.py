"""Compiled templates from elsewhere, where a folder is at hand: evaluated or refused, never a crash."""

from __future__ import annotations

import json
import os
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest

from coe_scaffold.errors import CompileError
from coe_scaffold.template.schema import resolved
from tests.fakes.template import GROUP, SUBSCRIPTION, deploy

CORPUS = os.environ.get("COE_CORPUS", "")

pytestmark = pytest.mark.skipif(not CORPUS, reason="COE_CORPUS names no folder of compiled templates")


def test_most_templates_are_evaluated_and_none_crashes() -> None:
    done, refused = 0, []
    for path in sorted(Path(CORPUS).rglob("*.json")):
        template = loaded(path)
        if template is None:
            continue
        try:
            deploy(template, samples(template), scope=scope_of(template))
            done += 1
        except CompileError as error:
            refused.append(f"{path}: {error.summary}")
    assert done > len(refused), "\n".join(refused[:50])


def loaded(path: Path) -> dict[str, Any] | None:
    try:
        found = json.loads(path.read_text(encoding="utf-8-sig"), strict=False)
    except ValueError:
        return None
    schema = str(found.get("$schema", "")) if isinstance(found, dict) else ""
    return found if "eploymentTemplate.json" in schema else None


def scope_of(template: Mapping[str, Any]) -> str:
    name = str(template["$schema"]).lower()
    if "subscription" in name:
        return SUBSCRIPTION
    if "managementgroup" in name:
        return "/providers/Microsoft.Management/managementGroups/mg"
    return "/" if "tenant" in name else GROUP


def samples(template: Mapping[str, Any]) -> dict[str, Any]:
    """A value for each parameter that needs one."""
    definitions = template.get("definitions", {})
    result = {}
    for name, declared in template.get("parameters", {}).items():
        schema = resolved(declared, definitions)
        if "defaultValue" not in schema and not schema.get("nullable"):
            result[name] = sample(schema, definitions)
    return result


def sample(schema: Mapping[str, Any], definitions: Mapping[str, Any]) -> Any:
    kind = resolved(schema, definitions)
    if kind.get("allowedValues"):
        first = kind["allowedValues"][0]
        return [first] if kind.get("type") == "array" and not isinstance(first, list) else first
    match str(kind.get("type")).lower():
        case "int":
            return kind.get("minValue", 1)
        case "bool":
            return True
        case "array":
            if "prefixItems" in kind:
                return [sample(item, definitions) for item in kind["prefixItems"]]
            return [sample(kind["items"], definitions)] if isinstance(kind.get("items"), dict) else []
        case "object" | "secureobject":
            return members(kind, definitions)
    return "a" * max(3, kind.get("minLength", 3))


def members(kind: Mapping[str, Any], definitions: Mapping[str, Any]) -> dict[str, Any]:
    if "discriminator" in kind:
        tag, chosen = next(iter(kind["discriminator"]["mapping"].items()))
        return {**sample(chosen, definitions), kind["discriminator"]["propertyName"]: tag}
    return {
        name: sample(item, definitions)
        for name, item in kind.get("properties", {}).items()
        if not resolved(item, definitions).get("nullable")
    }
