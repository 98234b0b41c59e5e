"""Policies somebody exported may hold anything: that is a refusal or a listed policy, never a crash."""

from __future__ import annotations

import copy
import json
from datetime import UTC, datetime
from typing import Any

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from coe_scaffold.checks.policy import judge_policies, read_export
from coe_scaffold.errors import ConfigError
from coe_scaffold.model.json import Unknown
from coe_scaffold.model.resources import Resource, ResourceGraph
from coe_scaffold.model.scope import Scope

STORAGE = "Microsoft.Storage/storageAccounts"
GROUP = Scope("/subscriptions/s/resourceGroups/rg-a")
GRAPH = ResourceGraph(
    (
        Resource(
            "Microsoft.Resources/resourceGroups",
            "rg-a",
            "2024-01-01",
            Scope("/subscriptions/s"),
            {"tags": {}},
        ),
        Resource(
            STORAGE,
            "sta",
            "2024-01-01",
            GROUP,
            {
                "location": "swedencentral",
                "tags": {"a": Unknown("x")},
                "properties": {"list": [{"a": 1}, Unknown("y")], "flag": True, "later": Unknown("z")},
            },
        ),
    )
)
POLICY = {
    "id": "/providers/Microsoft.Authorization/policyDefinitions/p",
    "name": "p",
    "properties": {
        "displayName": "P",
        "mode": "All",
        "parameters": {"effect": {"type": "String", "defaultValue": "modify"}, "n": {"defaultValue": 1}},
        "policyRule": {
            "if": {
                "allOf": [
                    {"field": "type", "equals": STORAGE},
                    {"not": {"field": f"{STORAGE}/flag", "equals": "false"}},
                    {"anyOf": [{"value": "[length(field('name'))]", "greater": "[parameters('n')]"}]},
                    {
                        "count": {
                            "field": f"{STORAGE}/list[*]",
                            "where": {"field": f"{STORAGE}/list[*].a", "less": 2},
                        },
                        "greaterOrEquals": 0,
                    },
                ]
            },
            "then": {
                "effect": "[parameters('effect')]",
                "details": {"operations": [{"operation": "add", "field": "tags['b']", "value": "x"}]},
            },
        },
    },
}
ASSIGNMENT = {
    "id": "/subscriptions/s/providers/Microsoft.Authorization/policyAssignments/a",
    "name": "a",
    "properties": {
        "policyDefinitionId": POLICY["id"],
        "scope": "/subscriptions/s",
        "notScopes": [],
        "parameters": {"effect": {"value": "deny"}},
        "overrides": [{"kind": "policyEffect", "value": "audit", "selectors": []}],
        "resourceSelectors": [{"name": "r", "selectors": [{"kind": "resourceType", "in": [STORAGE]}]}],
    },
}
INITIATIVE = {
    "id": "/providers/Microsoft.Authorization/policySetDefinitions/i",
    "name": "i",
    "properties": {
        "parameters": {"e": {"defaultValue": "audit"}},
        "policyDefinitions": [
            {
                "policyDefinitionId": POLICY["id"],
                "policyDefinitionReferenceId": "r",
                "parameters": {"effect": {"value": "[parameters('e')]"}},
            }
        ],
    },
}
EXEMPTION = {
    "id": "/subscriptions/s/resourceGroups/rg-a/providers/Microsoft.Authorization/policyExemptions/x",
    "name": "x",
    "properties": {
        "policyAssignmentId": ASSIGNMENT["id"],
        "expiresOn": "2027-01-01T00:00:00Z",
        "policyDefinitionReferenceIds": ["r"],
    },
}
WHOLE = [POLICY, ASSIGNMENT, INITIATIVE, EXEMPTION]
ODD = st.one_of(
    st.none(),
    st.booleans(),
    st.integers(-3, 3),
    st.text(max_size=3),
    st.sampled_from(
        ["", "[", "[]", "[parameters('none')]", "[field('x')]", "[current()]", "/", "deny", "tags[", "[*]"]
    ),
    st.just([]),
    st.just({}),
    st.just([None]),
    st.just([[1]]),
    st.just({"value": None}),
)


def places(node: Any, path: tuple[Any, ...] = ()) -> list[tuple[Any, ...]]:
    keys = node if isinstance(node, dict) else range(len(node)) if isinstance(node, list) else ()
    return [path, *(found for key in keys for found in places(node[key], (*path, key)))]


def changed(path: tuple[Any, ...], value: Any) -> Any:
    if not path:
        return value
    document = copy.deepcopy(WHOLE)
    node: Any = document
    for key in path[:-1]:
        node = node[key]
    node[path[-1]] = value
    return document


@settings(max_examples=600, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(st.sampled_from(places(WHOLE)), ODD)
def test_a_policy_with_anything_anywhere(path: tuple[Any, ...], value: Any) -> None:
    try:
        export = read_export(json.dumps(changed(path, value)), "policies.json")
    except ConfigError:
        return
    findings, missed = judge_policies(export, GRAPH, now=datetime(2026, 11, 24, tzinfo=UTC))
    assert all(item.reason for item in missed)
    assert all(finding.rule for finding in findings)


def test_the_document_itself_is_judged() -> None:
    export = read_export(json.dumps(WHOLE), "policies.json")
    findings, missed = judge_policies(export, GRAPH, now=datetime(2026, 11, 24, tzinfo=UTC))
    assert [(finding.outcome.value, finding.severity.value) for finding in findings] == [("fail", "medium")]
    assert missed == ()
