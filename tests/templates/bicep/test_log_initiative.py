"""Logs: every resource has what Azure's initiative looks for, and the initiative has the rights it needs."""

from __future__ import annotations

import pytest

from coe_scaffold.errors import CoeError
from coe_scaffold.model.resources import Resource, ResourceGraph
from coe_scaffold.model.scope import Scope
from tests.templates.bicep.landing_zones import REMEDIATING, combination, graph

SETTINGS = "Microsoft.Insights/diagnosticSettings"
ASSIGNMENTS = "Microsoft.Authorization/policyAssignments"
ROLES = "Microsoft.Authorization/roleAssignments"
CONTRIBUTOR = "92aaf0da-9dab-42b6-94a3-d43ce8d16293"

# Types that both initiatives, 0884adba and f5b29bc4, look at and the templates create.
WITH_BOTH_GROUPS = {
    "Microsoft.ApiManagement/service", "Microsoft.App/managedEnvironments",
    "Microsoft.CognitiveServices/accounts", "Microsoft.ContainerRegistry/registries",
    "Microsoft.Dashboard/grafana", "Microsoft.DocumentDB/databaseAccounts", "Microsoft.KeyVault/vaults",
    "Microsoft.MachineLearningServices/registries", "Microsoft.MachineLearningServices/workspaces",
    "Microsoft.Network/bastionHosts", "Microsoft.Network/publicIPAddresses",
    "Microsoft.OperationalInsights/workspaces", "Microsoft.Search/searchServices",
}  # fmt: skip
ASKED = [{"categoryGroup": "audit", "enabled": False}, {"categoryGroup": "allLogs", "enabled": True}]


@pytest.mark.parametrize(
    ("kind", "topology"),
    [("rag", "hub"), ("agent", "closed"), ("ml", "standalone"), ("docproc", "standalone")],
)
def test_the_initiative_finds_the_logs_of_every_resource(kind: str, topology: str) -> None:
    """It compares entry by entry, and would deploy a second setting where one is missing."""
    whole = combination("prod", kind, topology)
    sent = {str(item.scope).lower(): item.properties["logs"] for item in whole.of_type(SETTINGS)}
    judged = [item for name in WITH_BOTH_GROUPS for item in whole.of_type(name) if not item.existing]
    assert len(judged) >= 4
    assert not [str(item.id) for item in judged if sent.get(str(item.id).lower()) != ASKED]


def initiative(whole: ResourceGraph) -> Resource | None:
    return next((item for item in whole.of_type(ASSIGNMENTS) if item.name == "coe-logs"), None)


def contributors(whole: ResourceGraph) -> set[Scope | None]:
    found = whole.of_type(ROLES)
    return {item.scope for item in found if item.properties["roleDefinitionId"].endswith(CONTRIBUTOR)}


def test_strict_platforms_report_and_others_do_not_ask() -> None:
    strict = graph("platform", "prod")
    asked = initiative(strict)
    assert asked is not None
    assert asked.properties["parameters"]["effect"] == {"value": "AuditIfNotExists"}
    assert asked.body["identity"] == {"type": "None"}
    assert not contributors(strict)
    assert initiative(graph("platform", "dev")) is None


def test_an_initiative_that_deploys_may_write_settings_and_connect_them_to_the_workspace() -> None:
    whole = graph("platform", "prod", monitoring=REMEDIATING)
    deploying = initiative(whole)
    assert deploying is not None
    assert deploying.body["identity"] == {"type": "SystemAssigned"}
    given = {name: item["value"] for name, item in deploying.properties["parameters"].items()}
    assert given["effect"] == "DeployIfNotExists"
    assert given["diagnosticSettingName"] == "coe"
    assert contributors(whole) == {deploying.scope, Scope.parse(str(REMEDIATING["workspaceId"]))}


def test_settings_that_would_take_logs_away_are_not_deployed() -> None:
    narrowed = {**REMEDIATING, "initiative": {"logs": "audit", "effect": "DeployIfNotExists"}}
    with pytest.raises(CoeError, match="AuditIfNotExists"):
        graph("platform", "prod", monitoring=narrowed)
