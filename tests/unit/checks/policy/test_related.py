"""Effects that look beside a resource: what the deployment brings is found, what it lacks is told."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import pytest

from coe_scaffold.checks.policy import judge_policies, read_documents
from coe_scaffold.model.finding import Outcome, Severity
from coe_scaffold.model.json import Unknown
from coe_scaffold.model.resources import Resource, ResourceGraph
from tests.fakes.plans import PLATFORM, PROJECT, SUBSCRIPTION

ACCOUNT = Resource("Microsoft.Storage/storageAccounts", "st", "2025-01-01", PROJECT, {"location": "x"})
DEFINITION = "/providers/Microsoft.Authorization/policyDefinitions/beside"


def setting(name: str, value: Any) -> Resource:
    body = {"properties": {"logs": value}}
    return Resource("Microsoft.Insights/diagnosticSettings", name, "2021-05-01-preview", ACCOUNT.id, body)


def judged(effect: str, details: dict[str, Any], *around: Resource) -> list[tuple[Outcome, Severity]]:
    rule = {
        "if": {"field": "type", "equals": ACCOUNT.type},
        "then": {"effect": effect, "details": details},
    }
    documents = [
        {"id": DEFINITION, "properties": {"mode": "All", "policyRule": rule, "displayName": "Beside"}},
        {
            "id": f"{SUBSCRIPTION}/providers/Microsoft.Authorization/policyAssignments/a",
            "properties": {"policyDefinitionId": DEFINITION, "displayName": "A"},
        },
    ]
    graph = ResourceGraph((ACCOUNT, *around))
    findings, missed = judge_policies(
        read_documents(documents, "test"), graph, now=datetime(2026, 11, 29, tzinfo=UTC)
    )
    assert missed == ()
    return [(one.outcome, one.severity) for one in findings]


SETTINGS = "Microsoft.Insights/diagnosticSettings"
LOGGED: dict[str, Any] = {
    "type": SETTINGS,
    "existenceCondition": {
        "field": "Microsoft.Insights/diagnosticSettings/logs[*].enabled",
        "equals": "true",
    },
}


@pytest.mark.parametrize(
    ("around", "outcome"),
    [
        ((), Outcome.FAIL),
        ((setting("on", [{"enabled": "true"}]),), Outcome.PASS),
        ((setting("off", [{"enabled": "false"}]),), Outcome.FAIL),
        ((setting("later", Unknown("x()")),), Outcome.UNKNOWN),
    ],
    ids=["absent", "as wanted", "otherwise", "known only after apply"],
)
def test_what_is_wanted_on_a_resource_is_looked_for(around: tuple[Resource, ...], outcome: Outcome) -> None:
    ((found, severity),) = judged("auditIfNotExists", LOGGED, *around)
    assert found is outcome
    assert severity is Severity.MEDIUM


def test_a_setting_of_another_resource_does_not_count() -> None:
    body = setting("", [{"enabled": "true"}]).body
    other = Resource(SETTINGS, "on", "2021-05-01-preview", PLATFORM, body)
    assert judged("deployIfNotExists", {**LOGGED, "name": "on"}, other) == [(Outcome.FAIL, Severity.LOW)]


@pytest.mark.parametrize(
    ("home", "scope", "outcome"),
    [
        (PROJECT, "", Outcome.PASS),
        (PLATFORM, "", Outcome.FAIL),
        (PLATFORM, "Subscription", Outcome.PASS),
    ],
)
def test_a_resource_of_its_own_is_looked_for_in_the_group(home: Any, scope: str, outcome: Outcome) -> None:
    plan = Resource("Microsoft.Security/pricings", "x", "2024-01-01", home, {})
    details = {"type": "Microsoft.Security/pricings", **({"existenceScope": scope} if scope else {})}
    assert judged("auditIfNotExists", details, plan) == [(outcome, Severity.MEDIUM)]


def test_the_details_may_name_the_group_it_is_in() -> None:
    plan = Resource("Microsoft.Security/pricings", "x", "2024-01-01", PLATFORM, {})
    details = {"type": "Microsoft.Security/pricings", "resourceGroupName": PLATFORM.resource_group.upper()}
    assert judged("auditIfNotExists", details, plan) == [(Outcome.PASS, Severity.MEDIUM)]


def test_a_child_is_named_alone_or_with_its_parents() -> None:
    child = Resource(f"{ACCOUNT.type}/children", "st/default", "2024-01-01", PROJECT, {})
    for name in ("default", "ST/Default"):
        details = {"type": f"{ACCOUNT.type}/children", "name": name}
        assert judged("auditIfNotExists", details, child) == [(Outcome.PASS, Severity.MEDIUM)]
    details = {"type": f"{ACCOUNT.type}/children", "name": "other"}
    assert judged("auditIfNotExists", details, child) == [(Outcome.FAIL, Severity.MEDIUM)]


def test_what_only_azure_makes_is_not_missed() -> None:
    details = {"type": f"{ACCOUNT.type}/privateEndpointConnections"}
    assert judged("auditIfNotExists", details) == [(Outcome.UNKNOWN, Severity.MEDIUM)]
