"""Exported policies on predicted resources: what applies where, what it does, what is left out."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from coe_scaffold.checks.policy import PolicyExport, judge_policies, read_export
from coe_scaffold.errors import ConfigError
from coe_scaffold.local.files import DiskFiles
from coe_scaffold.model.finding import Finding, Outcome, Severity
from coe_scaffold.model.json import Unknown
from coe_scaffold.model.judgement import NotJudged
from coe_scaffold.model.resources import Resource, ResourceGraph
from coe_scaffold.model.scope import Scope
from coe_scaffold.operations.policies import read_policies

NOW = datetime(2026, 11, 24, tzinfo=UTC)
SUBSCRIPTION = "/subscriptions/10000000-0000-4000-8000-000000000001"
GROUP = Scope(f"{SUBSCRIPTION}/resourceGroups/rg-a")
AUTHORIZATION = "/providers/Microsoft.Authorization"
STORAGE = "Microsoft.Storage/storageAccounts"


def account(name: str = "sta", **properties: Any) -> Resource:
    return Resource(
        STORAGE,
        name,
        "2024-01-01",
        GROUP,
        {"location": "swedencentral", "tags": {}, "properties": properties},
        source="/resources/0",
    )


def definition(name: str = "open", effect: str = "deny", **changed: Any) -> dict[str, Any]:
    properties = {
        "displayName": f"Policy {name}",
        "mode": "Indexed",
        "parameters": {"effect": {"type": "String", "defaultValue": effect}},
        "policyRule": {
            "if": {
                "allOf": [
                    {"field": "type", "equals": STORAGE},
                    {"field": f"{STORAGE}/allowBlobPublicAccess", "notEquals": False},
                ]
            },
            "then": {"effect": "[parameters('effect')]"},
        },
        **changed,
    }
    return {"id": f"{AUTHORIZATION}/policyDefinitions/{name}", "name": name, "properties": properties}


def initiative(*names: str) -> dict[str, Any]:
    members = [
        {
            "policyDefinitionId": f"{AUTHORIZATION}/policyDefinitions/{name}",
            "policyDefinitionReferenceId": f"ref-{name}",
            "parameters": {"effect": {"value": "[parameters('level')]"}},
        }
        for name in names
    ]
    properties = {
        "displayName": "Baseline",
        "parameters": {"level": {"type": "String"}},
        "policyDefinitions": members,
    }
    return {
        "id": f"{AUTHORIZATION}/policySetDefinitions/base",
        "name": "base",
        "properties": properties,
    }


def assignment(
    target: str = "policyDefinitions/open", scope: str = SUBSCRIPTION, **more: Any
) -> dict[str, Any]:
    return {
        "id": f"{scope}{AUTHORIZATION}/policyAssignments/a1",
        "name": "a1",
        "properties": {"policyDefinitionId": f"{AUTHORIZATION}/{target}", "scope": scope, **more},
    }


def selecting(**chosen: list[str]) -> dict[str, Any]:
    given = {key.rstrip("_"): value for key, value in chosen.items()}
    return {"name": "regions", "selectors": [{"kind": "resourceLocation", **given}]}


def override(effect: str, **chosen: list[str]) -> dict[str, Any]:
    return {"kind": "policyEffect", "value": effect, "selectors": selecting(**chosen)["selectors"]}


def exemption(**more: Any) -> dict[str, Any]:
    return {
        "id": f"{GROUP.path}{AUTHORIZATION}/policyExemptions/e1",
        "name": "e1",
        "properties": {
            "policyAssignmentId": f"{SUBSCRIPTION}{AUTHORIZATION}/policyAssignments/a1",
            "exemptionCategory": "Waiver",
            **more,
        },
    }


def export(*items: dict[str, Any]) -> PolicyExport:
    return read_export(json.dumps(list(items)), "policies.json")


def judged(
    *items: dict[str, Any], resources: tuple[Resource, ...] = (account(allowBlobPublicAccess=True),)
) -> tuple[tuple[Finding, ...], tuple[NotJudged, ...]]:
    locations = {"/resources/0": "main.bicep:7"}
    return judge_policies(export(*items), ResourceGraph(resources), now=NOW, locations=locations)


def outcomes(*items: dict[str, Any]) -> list[str]:
    return [finding.outcome.value for finding in judged(*items)[0]]


@pytest.mark.parametrize(
    ("effect", "severity"), [("deny", Severity.HIGH), ("Audit", Severity.MEDIUM), ("AUDIT", Severity.MEDIUM)]
)
def test_an_assigned_policy_names_the_resource_its_place_and_why(effect: str, severity: Severity) -> None:
    (found,), missed = judged(definition(effect=effect), assignment())
    assert not missed
    assert (found.outcome, found.severity) == (Outcome.FAIL, severity)
    assert found.subject.endswith("/storageAccounts/sta")
    assert found.location == "main.bicep:7"
    assert found.actual == {"allowBlobPublicAccess": True}
    assert found.rule == "policy/open"


def test_a_policy_that_acts_on_nothing_is_one_pass() -> None:
    (found,), _ = judged(definition(), assignment(), resources=(account(allowBlobPublicAccess=False),))
    assert (found.outcome, found.subject) == (Outcome.PASS, SUBSCRIPTION)


def test_what_is_known_after_apply_is_unknown() -> None:
    (found,), _ = judged(definition(), assignment(), resources=(account(allowBlobPublicAccess=Unknown("x")),))
    assert found.outcome is Outcome.UNKNOWN


@pytest.mark.parametrize(
    ("given", "expected"),
    [
        (assignment(scope=GROUP.path), "fail"),
        (assignment(scope=f"{SUBSCRIPTION}/resourceGroups/rg-b"), "pass"),
        (assignment(scope="/providers/Microsoft.Management/managementGroups/mg-ai"), "fail"),
        (assignment(notScopes=[GROUP.path]), "pass"),
        (assignment(parameters={"effect": {"value": "audit"}}), "fail"),
        (assignment(overrides=[{"kind": "policyEffect", "value": "audit"}]), "fail"),
        (
            assignment(resourceSelectors=[{"selectors": [{"kind": "resourceType", "notIn": [STORAGE]}]}]),
            "pass",
        ),
        (
            assignment(
                resourceSelectors=[{"selectors": [{"kind": "resourceLocation", "in": ["westeurope"]}]}]
            ),
            "pass",
        ),
        (
            assignment(resourceSelectors=[selecting(in_=["westeurope"]), selecting(in_=["swedencentral"])]),
            "fail",
        ),
        (assignment(overrides=[override("disabled", in_=["swedencentral"])]), "pass"),
        (assignment(overrides=[override("disabled", in_=["westeurope"])]), "fail"),
        (
            assignment(
                overrides=[
                    override("audit", notIn=["westeurope"]),
                    override("disabled", in_=["swedencentral"]),
                ]
            ),
            "fail",
        ),
    ],
)
def test_where_an_assignment_applies(given: dict[str, Any], expected: str) -> None:
    assert outcomes(definition(), given) == [expected]


def test_an_assignment_that_does_not_enforce_only_audits() -> None:
    (found,), _ = judged(definition(), assignment(enforcementMode="DoNotEnforce"))
    assert found.severity is Severity.MEDIUM


@pytest.mark.parametrize(
    ("effect", "acts"),
    [
        ("deny", "mark it as not compliant"),
        ("modify", "mark it as not compliant"),
        ("append", "mark it as not compliant"),
        ("deployIfNotExists", "mark it as not compliant, for what is missing beside it"),
    ],
)
def test_what_is_not_enforced_changes_nothing_and_is_told(effect: str, acts: str) -> None:
    rule = {
        "if": {"field": "type", "equals": STORAGE},
        "then": {"effect": effect, "details": {"type": "Microsoft.Insights/diagnosticSettings"}},
    }
    (found,), _ = judged(definition(policyRule=rule), assignment(enforcementMode="DoNotEnforce"))
    assert found.message.startswith(f"Azure Policy would {acts}.")


def test_overrides_for_some_regions_come_in_their_order() -> None:
    first = [override("audit", in_=["swedencentral"]), override("disabled", in_=["swedencentral"])]
    (found,), missed = judged(definition(), assignment(overrides=first))
    assert (found.severity, missed) == (Severity.MEDIUM, ())
    (other,), _ = judged(definition(), assignment(overrides=[override("audit", in_=["westeurope"])]))
    assert other.severity is Severity.HIGH


def test_a_resource_whose_subscription_nobody_named_may_be_of_any() -> None:
    elsewhere = "/subscriptions/20000000-0000-4000-8000-000000000002"
    graph = ResourceGraph((account(allowBlobPublicAccess=True),))
    given = export(definition(), assignment(scope=elsewhere))
    assert [f.outcome.value for f in judge_policies(given, graph, now=NOW)[0]] == ["pass"]
    assert [f.outcome.value for f in judge_policies(given.anywhere(), graph, now=NOW)[0]] == ["fail"]
    grouped = export(definition(), assignment(scope=f"{elsewhere}/resourceGroups/rg-x")).anywhere()
    found, (missed,) = judge_policies(grouped, graph, now=NOW)
    assert found == ()
    assert "rg-x" in missed.reason


def test_a_disabled_policy_says_nothing() -> None:
    assert judged(definition(effect="Disabled"), assignment()) == ((), ())


def test_what_a_public_address_belongs_to_is_known_to_azure_alone() -> None:
    kind = "Microsoft.Network/publicIPAddresses"
    rule = {"if": {"allOf": [
        {"field": "type", "equals": kind}, {"field": f"{kind}/natGateway", "exists": False},
    ]}, "then": {"effect": "audit"}}  # fmt: skip
    address = Resource(kind, "pip", "2024-07-01", GROUP, {"location": "westeurope", "properties": {}})
    findings, _ = judge_policies(export(definition(policyRule=rule)), ResourceGraph((address,)), now=NOW)
    assert [finding.outcome.value for finding in findings] == ["unknown"]


def test_a_default_that_only_looks_like_an_expression_is_a_text() -> None:
    declared = {"effect": {"defaultValue": "deny"}, "excluded": {"type": "String", "defaultValue": "[]"}}
    assert outcomes(definition(parameters=declared)) == ["fail"]


def test_an_initiative_gives_its_members_their_values() -> None:
    given = assignment("policySetDefinitions/base", parameters={"level": {"value": "audit"}})
    found, missed = judged(definition(), initiative("open"), given)
    assert [item.severity for item in found] == [Severity.MEDIUM]
    assert not missed
    absent = judged(definition(), initiative("open", "gone"), given)[1]
    assert [item.reason for item in absent] == ["its definition could not be read"]
    unset = judged(definition(), initiative("open"), assignment("policySetDefinitions/base"))
    assert unset[0] == ()
    assert "level" in unset[1][0].reason


def test_without_assignments_every_definition_is_judged_with_its_defaults() -> None:
    assert outcomes(definition(), definition("other")) == ["fail", "fail"]


@pytest.mark.parametrize(
    ("given", "expected"),
    [
        (exemption(), "excepted"),
        (exemption(expiresOn="2026-11-23T00:00:00Z"), "fail"),
        (exemption(expiresOn="2026-12-23T00:00:00Z"), "excepted"),
        (exemption(expiresOn="soon"), "fail"),
        (exemption(policyDefinitionReferenceIds=["ref-other"]), "fail"),
        (exemption(policyAssignmentId="/other"), "fail"),
        (exemption(resourceSelectors=[selecting(in_=["swedencentral"])]), "excepted"),
        (exemption(resourceSelectors=[selecting(in_=["westeurope"])]), "fail"),
        (exemption(resourceSelectors=[{"selectors": [{"kind": "phase", "in": ["x"]}]}]), "fail"),
    ],
)
def test_exemptions(given: dict[str, Any], expected: str) -> None:
    assert outcomes(definition(), assignment(), given) == [expected]


@pytest.mark.parametrize(
    ("changed", "reason"),
    [
        ({"mode": "Microsoft.Kubernetes.Data"}, "its mode"),
        ({"parameters": {"effect": {"defaultValue": "denyAction"}}}, "its effect"),
        ({"parameters": {"effect": {"type": "String"}}}, "no value for the parameter effect"),
        (
            {"policyRule": {"if": {"field": "kind", "resembles": "x"}, "then": {"effect": "deny"}}},
            "resembles",
        ),
        ({"policyRule": {"then": {"effect": "deny"}}}, "no 'if'"),
    ],
)
def test_what_cannot_be_judged_is_listed_and_not_passed(changed: dict[str, Any], reason: str) -> None:
    found, missed = judged(definition(**changed), assignment())
    assert found == ()
    assert reason in missed[0].reason


def test_mode_indexed_leaves_out_what_has_no_location() -> None:
    rule = {"if": {"field": "tags.owner", "exists": "false"}, "then": {"effect": "audit"}}
    child = Resource(f"{STORAGE}/blobServices", "sta/default", "2024-01-01", GROUP, {"properties": {}})
    group = Resource(
        "Microsoft.Resources/resourceGroups", "rg-a", "2024-01-01", Scope(SUBSCRIPTION), {"location": "x"}
    )
    indexed, _ = judged(definition(policyRule=rule), assignment(), resources=(child, group))
    assert [item.outcome for item in indexed] == [Outcome.PASS]
    whole, _ = judged(definition(policyRule=rule, mode="All"), assignment(), resources=(child, group))
    assert [item.outcome for item in whole] == [Outcome.FAIL, Outcome.FAIL]


def modify(*operations: dict[str, Any]) -> dict[str, Any]:
    then = {"effect": "modify", "details": {"roleDefinitionIds": [], "operations": list(operations)}}
    return definition(policyRule={"if": {"field": "type", "equals": STORAGE}, "then": then})


def test_modify_tells_what_it_would_change() -> None:
    (found,), _ = judged(
        modify(
            {"operation": "addOrReplace", "field": "tags['owner']", "value": "[field('name')]"},
            {"operation": "add", "field": f"{STORAGE}/allowBlobPublicAccess", "value": False},
            {"operation": "remove", "field": "tags['none']"},
            {"operation": "add", "field": "tags['x']", "value": 1, "condition": "[equals('a', 'b')]"},
        ),
        assignment(),
    )
    assert (found.outcome, found.severity) == (Outcome.FAIL, Severity.LOW)
    assert found.expected == {"tags['owner']": "sta"}


def test_modify_that_finds_its_value_in_place_changes_nothing() -> None:
    same = {"operation": "addOrReplace", "field": f"{STORAGE}/allowBlobPublicAccess", "value": True}
    assert outcomes(modify(same), assignment()) == ["pass"]


def append(*details: dict[str, Any]) -> dict[str, Any]:
    then = {"effect": "append", "details": list(details)}
    return definition(policyRule={"if": {"field": "type", "equals": STORAGE}, "then": then})


@pytest.mark.parametrize(
    ("member", "value", "outcome", "severity"),
    [
        ("minimumTlsVersion", "TLS1_2", "fail", Severity.LOW),
        ("allowBlobPublicAccess", True, "pass", Severity.LOW),
        ("allowBlobPublicAccess", False, "fail", Severity.HIGH),
        ("networkAcls.ipRules[*]", {"value": "10.0.0.1"}, "fail", Severity.LOW),
    ],
)
def test_append_adds_what_is_absent_and_denies_another_value(
    member: str, value: Any, outcome: str, severity: Severity
) -> None:
    (found,), missed = judged(append({"field": f"{STORAGE}/{member}", "value": value}), assignment())
    assert (found.outcome.value, missed) == (outcome, ())
    if outcome == "fail":
        assert found.severity is severity
        assert found.expected == {f"{STORAGE}/{member}": value}


def flat(item: dict[str, Any]) -> dict[str, Any]:
    """As the Azure CLI prints it: members beside the id."""
    return {**item["properties"], "id": item["id"], "name": item["name"]}


def powershell(item: dict[str, Any]) -> dict[str, Any]:
    """As Azure PowerShell prints it: capital letters, some members in the singular."""
    plain = {"id": "Id", "name": "Name", "parameters": "Parameter", "notScopes": "NotScope"}
    return {plain.get(key, key[:1].upper() + key[1:]): value for key, value in flat(item).items()}


def powershell_before_13(item: dict[str, Any]) -> dict[str, Any]:
    """As older versions print it: below ``Properties``, with every member of any kind of policy."""
    properties = {key[:1].upper() + key[1:]: value for key, value in item["properties"].items()}
    kind = "Microsoft.Authorization/" + item["id"].rpartition("Microsoft.Authorization/")[2].partition("/")[0]
    own = {"ResourceId": item["id"], "Name": item["name"], "ResourceType": kind}
    return {**own, "Properties": properties, "PolicyDefinitionId": item["id"], "PolicyAssignmentId": None}


@pytest.mark.parametrize(
    "document",
    [
        [definition(), assignment()],
        [powershell(definition()), powershell(assignment())],
        [powershell_before_13(definition()), powershell_before_13(assignment())],
        {"count": 2, "data": [definition(), assignment()], "skip_token": None},
        {"value": [definition(), assignment()]},
        [flat(definition()), flat(assignment())],
        {"policyDefinitions": [definition()], "policyAssignments": [assignment()]},
        {
            "resources": [
                {"type": "Microsoft.Authorization/policyDefinitions", **definition()},
                {"type": "Microsoft.Authorization/policyAssignments", **assignment()},
            ]
        },
    ],
)
def test_every_way_an_export_is_written(document: Any) -> None:
    found = read_export(json.dumps(document), "policies.json")
    assert len(found.definitions) == len(found.assignments) == 1
    assert judge_policies(found, ResourceGraph((account(),)), now=NOW)[0][0].outcome is Outcome.FAIL


@pytest.mark.parametrize("text", ["{", "[]", "{}", '{"name": "x"}', '"text"', "[[1]]"])
def test_a_file_without_policies_is_refused(text: str) -> None:
    with pytest.raises(ConfigError):
        read_export(text, "policies.json")


def test_what_is_nested_too_deeply_is_refused() -> None:
    with pytest.raises(ConfigError) as refused:
        read_export("[" * 5000 + "]" * 5000, "policies.json")
    assert "nested more than 200 levels deep" in str(refused.value.problems[0])


def test_a_single_initiative_is_read() -> None:
    assert len(read_export(json.dumps(initiative("open")), "x").initiatives) == 1
    assert len(read_export(json.dumps(flat(initiative("open"))), "x").initiatives) == 1


def test_policies_without_a_name_or_id_stay_apart() -> None:
    rules = [{"policyRule": definition()["properties"]["policyRule"], "mode": mode} for mode in ("All", "x")]
    found = read_export(json.dumps(rules), "exports/own.json")
    assert [identifier.rpartition("/")[2] for identifier in found.definitions] == ["own-1", "own-2"]


def test_two_policies_of_one_id_are_refused_in_one_file_and_in_two(tmp_path: Path) -> None:
    files = [tmp_path / "a.json", tmp_path / "b.json"]
    for file, mode in zip(files, ("All", "Indexed"), strict=True):
        body = definition()
        file.write_text(json.dumps({**body, "properties": {**body["properties"], "mode": mode}}))
    both = "[" + ",".join(file.read_text() for file in files) + "]"
    with pytest.raises(ConfigError, match="1 problem"):
        read_export(both, "both.json")
    with pytest.raises(ConfigError, match="1 problem"):
        read_policies(files, DiskFiles())
    assert read_policies([files[0], files[0]], DiskFiles()) is not None
