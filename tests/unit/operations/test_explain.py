"""What a parameter means, and how far its value reaches."""

from __future__ import annotations

import json

import pytest
from click.testing import CliRunner

from coe_scaffold.catalog import evidence
from coe_scaffold.checks import all_rules
from coe_scaffold.cli.commands.explain import command
from coe_scaffold.errors import UsageError
from coe_scaffold.operations.explain import Explanation, explain, names
from coe_scaffold.operations.influence import Source, Touched, influence


def one(name: str, template: str) -> Explanation:
    (found,) = [item for item in explain(name) if item.template == template]
    return found


def guardrails(explanation: Explanation) -> set[str]:
    return {guardrail for guardrail, _ in explanation.guardrails}


def test_a_member_is_found_by_its_dotted_name_and_by_itself() -> None:
    assert explain("network.egress") == explain("egress")
    egress = one("egress", "platform")
    assert egress.name == "network.egress"
    assert set(egress.allowed) == {"none", "nat", "firewall"}
    assert egress.default == "required"
    assert "Microsoft.Network/natGateways" in egress.resources
    assert "Microsoft.Storage/storageAccounts" not in egress.resources
    assert guardrails(egress) == {
        "nsg-no-any-inbound", "subnet-nsg", "subnet-private-outbound", "subnet-udr-firewall",
    }  # fmt: skip


def test_a_parameter_of_several_templates_is_told_for_each() -> None:
    assert [item.template for item in explain("profile")] == ["platform", "project"]
    assert "search-replicas" in guardrails(one("profile", "project"))
    assert "search-replicas" not in guardrails(one("profile", "platform"))


def test_a_union_lists_the_members_of_all_its_types() -> None:
    members = {member.name: member.type for member in one("monitoring.initiative", "platform").members}
    assert members == {"logs": "allLogs | audit", "effect": "AuditIfNotExists | DeployIfNotExists"}


def test_members_of_members_are_explained_too() -> None:
    network = one("network.existing.endpointsSubnet", "platform")
    assert (network.name, network.type) == ("network.existing.endpointsSubnet", "string")
    assert "private endpoints" in network.description
    assert one("gateway.projects.tokensPerMinute", "platform").allowed == ("at least 1",)
    effect = one("initiatives.federation.effect", "governance")
    assert effect.allowed == ("Audit", "Deny")
    assert effect.resources == ("Microsoft.Authorization/policyAssignments",)
    with pytest.raises(UsageError):
        explain("network.existing.nothing")


def test_a_diagnostic_setting_concerns_guardrails_of_what_it_is_attached_to() -> None:
    assert "search-diagnostics" in guardrails(one("components.search", "project"))
    assert "kv-logs" not in guardrails(one("components.search", "project"))


def test_an_object_lists_its_members_with_their_types() -> None:
    monitoring = one("monitoring", "platform")
    assert {member.name: member.type for member in monitoring.members} == {
        "retentionDays": "int", "dailyQuotaGb": "int", "workspaceId": "string",
        "initiative": "logInitiativeType",
    }  # fmt: skip
    assert one("monitoring.retentionDays", "platform").allowed == ("at least 180", "at most 730")
    assert "law-retention" in guardrails(one("monitoring.retentionDays", "platform"))
    assert "law-retention" not in guardrails(one("monitoring.dailyQuotaGb", "platform"))


def test_choosing_a_component_concerns_every_guardrail_of_its_resources() -> None:
    chosen = guardrails(one("components.search", "project"))
    assert {rule.id for rule in all_rules() if rule.id.startswith("search-")} <= chosen


def test_an_unknown_name_is_refused_with_the_nearest_ones() -> None:
    with pytest.raises(UsageError) as refused:
        explain("netwrk.egres")
    assert "network.egress" in refused.value.fix


def test_every_name_can_be_explained_and_is_described() -> None:
    assert len(names()) > 60
    silent = [item.name for name in names() for item in explain(name) if not item.description]
    assert not silent


def test_the_command_prints_text_or_one_document() -> None:
    text = CliRunner().invoke(command, ["options.grafana"]).output
    assert "Microsoft.Dashboard/grafana" in text
    document = json.loads(CliRunner().invoke(command, ["egress", "--output", "json"]).output)
    assert document["format"] == "coe-scaffold/explain/v1"
    assert document["parameters"][0]["name"] == "network.egress"
    listed = json.loads(CliRunner().invoke(command, ["--output", "json"]).output)
    assert listed["names"] == list(names())
    assert set(listed["guardrails"]) == {rule.id for rule in all_rules()}
    assert listed["evidence"] == [item.id for item in evidence().items]


def test_a_guardrail_is_told_with_every_field_of_the_catalogue() -> None:
    text = CliRunner().invoke(command, ["kv-rbac"]).output
    assert "Operator: equals" in text
    assert "Expected: true" in text
    document = json.loads(CliRunner().invoke(command, ["required-tags", "--output", "json"]).output)
    (told,) = document["guardrails"]
    assert told["operator"] == "hasKeys"
    assert "ai-use-case-id" in told["expected"]
    assert (told["owner"], told["severity"], told["judgedBy"]) == ("ai-coe-lead", "high", "template")
    missing = {key for key in ("rationale", "fix", "source", "azurePolicy", "psrule") if not told[key]}
    assert not missing
    elsewhere = json.loads(CliRunner().invoke(command, ["rbac-pim", "--output", "json"]).output)
    assert elsewhere["guardrails"][0]["judgedAt"]


def test_an_item_of_evidence_is_told_with_what_asks_for_it() -> None:
    text = CliRunner().invoke(command, ["dpia"]).output
    assert "approver: Compliance Officer" in text
    assert "Asked for by: EU AI Act Art. 26(9); NIST AI RMF MEASURE 2.10; ISO/IEC 42001 A.5.4" in text
    document = json.loads(CliRunner().invoke(command, ["DPIA", "--output", "json"]).output)
    (told,) = document["evidence"]
    assert (told["files"], told["gate"], told["tier"]) == ("governance/dpia.md", "design", "limited")
    assert all(item.rests_on for item in evidence().items)


NESTED = {
    "parameters": {"network": {"type": "object"}},
    "variables": {"direct": "[parameters('network').range]", "second": "[concat(variables('direct'), 'x')]"},
    "resources": [
        {"type": "A/a", "name": "a", "properties": {"range": ["[variables('second')]"], "other": "fixed"}},
        {"type": "A/existing", "existing": True, "name": "[parameters('network').range]"},
        {
            "type": "Microsoft.Resources/deployments",
            "name": "inner",
            "properties": {
                "parameters": {"given": {"value": "[parameters('network')]"}},
                "template": {
                    "resources": {
                        "b": {"type": "B/b", "tags": {"r": "[tryGet(parameters('given'), 'range')]"}},
                        "c": {"type": "C/c", "name": "c", "condition": "[parameters('given').other]"},
                    },
                },
            },
        },
    ],
}  # fmt: skip


def test_values_are_followed_through_variables_and_nested_deployments() -> None:
    assert influence(NESTED, Source("network", "range")) == {
        Touched("A/a", "properties.range"), Touched("B/b", "tags.r"),
    }  # fmt: skip
    assert influence(NESTED, Source("network", "other")) == {Touched("C/c", "")}
    assert influence(NESTED, Source("network", "ran")) == frozenset()
    assert influence(NESTED, Source("absent")) == frozenset()
