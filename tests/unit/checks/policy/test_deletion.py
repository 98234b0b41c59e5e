"""Policies about deletions: what they forbid, alone or with the group, and what is not known."""

from __future__ import annotations

import json
from typing import Any

import pytest

from coe_scaffold.checks.policy import Deletion, denied_deletions, judge_policies, read_export
from coe_scaffold.model.json import Unknown
from coe_scaffold.model.resources import Resource, ResourceGraph
from tests.unit.checks.policy.test_policies import (
    GROUP,
    NOW,
    STORAGE,
    account,
    assignment,
    definition,
    exemption,
)


def forbidding(mode: str = "Indexed", names: tuple[str, ...] = ("delete",), **cascade: str) -> dict[str, Any]:
    details = {"actionNames": list(names), **({"cascadeBehaviors": cascade} if cascade else {})}
    rule = {
        "if": {
            "allOf": [
                {"field": "type", "equals": STORAGE},
                {"field": "tags.keep", "notEquals": "no"},
            ]
        },
        "then": {"effect": "denyAction", "details": details},
    }
    return definition("keep", mode=mode, parameters={}, policyRule=rule)


def denied(
    policy: dict[str, Any], resource: Resource, *more: dict[str, Any], cascading: bool = False
) -> list[bool]:
    given = more or (assignment("policyDefinitions/keep"),)
    export = read_export(json.dumps([policy, *given]), "x.json")
    found = denied_deletions(export, [Deletion(resource, cascading)], now=NOW)
    return [one.sure for one in found]


OTHER = Resource("Microsoft.KeyVault/vaults", "kv", "2023-07-01", GROUP, {"location": "westus", "tags": {}})
LOOSE = Resource(STORAGE, "sta", "2024-01-01", GROUP, {"location": "westus", "tags": {"keep": "no"}})
UNREAD = Resource(STORAGE, "sta", "", GROUP, {"location": Unknown("l"), "tags": Unknown("t")})


@pytest.mark.parametrize(
    ("resource", "expected"), [(account(), [True]), (OTHER, []), (LOOSE, []), (UNREAD, [False])]
)
def test_what_the_rule_describes_must_not_go(resource: Resource, expected: list[bool]) -> None:
    assert denied(forbidding(), resource) == expected


def test_a_group_takes_along_only_what_the_policy_lets_go_with_it() -> None:
    assert denied(forbidding(), account(), cascading=True) == [True]
    assert denied(forbidding(resourceGroup="deny"), account(), cascading=True) == [True]
    assert denied(forbidding(resourceGroup="allow"), account(), cascading=True) == []
    assert denied(forbidding(resourceGroup="allow"), account()) == [True]


def test_other_actions_exemptions_and_what_is_not_enforced_forbid_nothing() -> None:
    assert denied(forbidding(names=("restart",)), account()) == []
    given = assignment("policyDefinitions/keep")
    waived = exemption(policyAssignmentId=given["id"])
    assert denied(forbidding(), account(), given, waived) == []
    idle = assignment("policyDefinitions/keep", enforcementMode="DoNotEnforce")
    assert denied(forbidding(), account(), idle) == []


def test_it_is_not_judged_on_what_is_deployed() -> None:
    export = read_export(json.dumps([forbidding(), assignment("policyDefinitions/keep")]), "x.json")
    found, missed = judge_policies(export, ResourceGraph((account(),)), now=NOW)
    assert found == ()
    assert "about deletions" in missed[0].reason
