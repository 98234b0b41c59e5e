"""What the alert rules of a project look at, when they fire, and whom they tell."""

from __future__ import annotations

from typing import Any

import pytest

from coe_scaffold.model.resources import ResourceGraph
from coe_scaffold.scaffold.components import KINDS
from tests.templates.bicep.landing_zones import combination, graph, values

METRIC, LOG = "Microsoft.Insights/metricAlerts", "Microsoft.Insights/scheduledQueryRules"
APPLICATION = {"image": "registry.example/app:1"}
OPERATIONS = "/subscriptions/20000000-0000-4000-8000-000000000009/resourceGroups/rg-ops"
OWN = f"{OPERATIONS}/providers/Microsoft.Insights/actionGroups/ops"

# Namespace → metric → its aggregations, and dimensions that rules may use, as Azure Monitor's reference lists
# supported metrics (learn.microsoft.com/azure/azure-monitor/reference/metrics-index, read on 2026-11-29).
SUPPORTED: dict[str, dict[str, tuple[set[str], set[str]]]] = {
    "Microsoft.CognitiveServices/accounts": {
        "ModelRequests": ({"Total"}, {"StatusCode", "ModelDeploymentName"}),
        "ModelAvailabilityRate": ({"Average", "Minimum", "Maximum"}, {"ModelDeploymentName"}),
        "AzureOpenAITimeToResponse": ({"Average", "Minimum", "Maximum"}, {"ModelDeploymentName"}),
        "RAIRejectedRequests": ({"Total"}, {"ModelDeploymentName", "Category"}),
        "TotalTokens": ({"Total"}, {"ModelDeploymentName"}),
        "ServerErrors": ({"Total"}, {"OperationName"}),
        "BlockedCalls": ({"Total"}, {"OperationName"}),
    },
    "Microsoft.Search/searchServices": {
        "ThrottledSearchQueriesPercentage": ({"Average"}, set()),
        "SearchLatency": ({"Average"}, set()),
    },
    "Microsoft.App/containerapps": {
        "Requests": ({"Average", "Total", "Maximum", "Minimum"}, {"statusCodeCategory", "revisionName"}),
        "ResponseTime": ({"Average", "Total", "Maximum", "Minimum"}, {"statusCodeCategory"}),
        "RestartCount": ({"Average", "Total", "Maximum", "Minimum"}, {"revisionName", "podName"}),
    },
    "Microsoft.DocumentDB/databaseAccounts": {"TotalRequests": ({"Count"}, {"StatusCode"})},
    "Microsoft.MachineLearningServices/workspaces": {
        "Failed Runs": ({"Total", "Average", "Minimum", "Maximum", "Count"}, {"ExperimentName"}),
    },
    "Microsoft.MachineLearningServices/workspaces/onlineEndpoints": {
        "RequestsPerMinute": ({"Average"}, {"statusCodeClass", "deployment"}),
        "RequestLatency_P95": ({"Average"}, {"deployment"}),
    },
    "Microsoft.DataFactory/factories": {"PipelineFailedRuns": ({"Total"}, {"Name", "FailureType"})},
    "Microsoft.KeyVault/vaults": {"Availability": ({"Average"}, {"StatusCode", "ActivityName"})},
    "Microsoft.Storage/storageAccounts": {
        "Availability": ({"Average", "Minimum", "Maximum"}, {"ApiName", "GeoType"}),
    },
}  # fmt: skip


def rules(whole: ResourceGraph) -> dict[str, Any]:
    """The alert rules by id: alert-<id>-<suffix>."""
    found = (*whole.of_type(METRIC), *whole.of_type(LOG))
    return {rule.name.split("-")[1]: rule for rule in found}


@pytest.mark.parametrize("kind", KINDS)
def test_every_rule_of_the_parameter_file_is_made_once_the_application_runs(kind: str) -> None:
    whole = combination("prod", kind, "standalone")
    wanted = values("project", "prod", kind)["alerts"]
    assert rules(whole).keys() == wanted.keys()
    for name, rule in rules(whole).items():
        criterion = rule.properties["criteria"]["allOf"][0]
        assert criterion["threshold"] == wanted[name]["threshold"]
        assert rule.properties["severity"] == wanted[name]["severity"]
        assert rule.properties["windowSize"] == wanted[name]["window"]


def test_rules_look_at_what_the_project_has() -> None:
    whole = combination("prod", "agent", "standalone")
    known = {str(resource.id).lower(): resource.type.lower() for resource in whole.resources}
    for rule in whole.of_type(METRIC):
        (scope,) = rule.properties["scopes"]
        (criterion,) = rule.properties["criteria"]["allOf"]
        assert known[scope.lower()] == criterion["metricNamespace"].lower(), rule.name


def test_without_an_application_nothing_looks_at_one() -> None:
    assert not {"appFailing", "contentUnsafe"} & rules(graph("project", "dev")).keys()
    assert {"appFailing", "contentUnsafe"} < rules(graph("project", "dev", application=APPLICATION)).keys()


def test_the_log_is_read_for_this_application_alone() -> None:
    whole = graph("project", "dev", application=APPLICATION)
    (app,) = whole.of_type("Microsoft.App/containerApps")
    for rule in whole.of_type(LOG):
        query = rule.properties["criteria"]["allOf"][0]["query"]
        assert query.startswith(f'ContainerAppConsoleLogs | where ContainerAppName == "{app.name}" | ')
        assert rule.properties["scopes"][0].endswith("/workspaces/log-cto-platform-dev-sdc")


def test_the_platform_s_action_groups_are_told() -> None:
    groups = {
        group.name: str(group.id).lower()
        for group in graph("platform", "dev").of_type("Microsoft.Insights/actionGroups")
    }
    found = rules(graph("project", "dev", application=APPLICATION))
    engineer, officer = (
        groups[f"ag-{function}-cto-platform-dev-sdc"] for function in ("mlops-engineer", "ai-ethics-officer")
    )
    assert [one["actionGroupId"].lower() for one in found["appFailing"].properties["actions"]] == [engineer]
    assert [one.lower() for one in found["contentUnsafe"].properties["actions"]["actionGroups"]] == [officer]


@pytest.mark.parametrize(("given", "told"), [({}, []), ({"mlops-engineer": OWN}, [OWN])])
def test_a_platform_of_others_tells_whom_it_has(given: dict[str, str], told: list[str]) -> None:
    platform = {**values("project", "dev")["platform"], "actionGroupIds": given}
    found = rules(graph("project", "dev", platform=platform, application=APPLICATION))
    assert [one["actionGroupId"] for one in found["appFailing"].properties["actions"]] == told
    assert found["contentUnsafe"].properties["actions"] == {"actionGroups": []}


def test_a_rule_that_is_left_out_is_not_made() -> None:
    one = {"vaultUnavailable": values("project", "dev")["alerts"]["vaultUnavailable"]}
    assert rules(graph("project", "dev", alerts=one)).keys() == {"vaultUnavailable"}
    assert not rules(graph("project", "dev", alerts={}))


def test_metrics_are_those_that_azure_monitor_has() -> None:
    judged = set()
    for kind in KINDS:
        for rule in combination("prod", kind, "standalone").of_type(METRIC):
            (found,) = rule.properties["criteria"]["allOf"]
            aggregations, dimensions = SUPPORTED[found["metricNamespace"]][found["metricName"]]
            assert found["timeAggregation"] in aggregations, rule.name
            assert {item["name"] for item in found["dimensions"]} <= dimensions, rule.name
            judged.add(found["metricName"])
    assert judged == {metric for metrics in SUPPORTED.values() for metric in metrics}


def test_rules_on_logs_are_made_where_the_workspace_is() -> None:
    platform = {**values("project", "dev")["platform"], "workspaceLocation": "westeurope"}
    whole = graph("project", "dev", platform=platform, application=APPLICATION)
    assert {rule.body["location"] for rule in whole.of_type(LOG)} == {"westeurope"}
    assert {rule.body["location"] for rule in whole.of_type(METRIC)} == {"global"}
