from __future__ import annotations

from dataclasses import replace

import pytest

from coe_scaffold.access import holdings, places, role_lookup, sample_places
from coe_scaffold.access.conditions import delegation_to_groups, delegation_to_service_principals
from coe_scaffold.access.ownership import owned_by_members
from coe_scaffold.access.separation import Situation, separation
from coe_scaffold.catalog import custom_role_guid, matrix, separation_rules
from coe_scaffold.model.access import (
    Assignment,
    DirectoryView,
    GroupPeople,
    Mode,
    PrincipalType,
    RoleRef,
)
from coe_scaffold.model.coe import FUNCTION_IDS
from coe_scaffold.model.finding import Finding, Outcome
from coe_scaffold.model.json import Unknown
from coe_scaffold.model.resources import ResourceGraph
from coe_scaffold.model.scope import Scope
from tests.fakes.landing import graph, resource
from tests.fakes.workspace import settings

ENVIRONMENTS = ("dev", "test", "prod")
LOOKUP = role_lookup("mg-ai")
GROUP = Scope("/subscriptions/20000000-0000-4000-8000-000000000003").group("rg")
ACCOUNT = GROUP.child("Microsoft.CognitiveServices/accounts", "aif")
OWNER = RoleRef("8e3af657-a8ff-443c-a75c-2fe8c4bcb635", "Owner")
CONTRIBUTOR = RoleRef("b24988ac-6180-42a0-ab88-20f7382dd24c", "Contributor")
READER = RoleRef("acdd72a7-3385-48ef-bd42-f606fba81ae7", "Reader")
ROLE_ADMIN = RoleRef("f58310d9-a9f6-439a-9e8d-f62e7b41a168", "Role Based Access Control Administrator")
FOUNDRY_USER = RoleRef("53ca6127-db72-4b80-b1b0-d745d6d5456d", "Foundry User")
BLOB_READER = RoleRef("2a2b9908-6ea1-4ae2-8e65-a410df84e7d1", "Storage Blob Data Reader")
POLICY = RoleRef("36243c78-bf99-498c-9df9-86d9f8d28608", "Resource Policy Contributor")
FEDERATE = RoleRef(
    "7e559ce2-48d7-4b27-9128-fa1b247f1308", "Managed Identity Federated Identity Credential Contributor"
)
ANALYST = RoleRef("3b03c2da-16b3-4a49-8834-0f8130efdd3b", "Log Analytics Data Reader")


def held(
    function: str,
    role: RoleRef,
    scope: Scope = GROUP,
    mode: Mode = Mode.STANDING,
    *,
    principal: str = "g",
    condition: str = "",
) -> Assignment:
    kind = PrincipalType.GROUP if function else PrincipalType.SERVICE_PRINCIPAL
    return Assignment(scope, principal, kind, role, mode, condition, function, principal)


def judge(
    *assignments: Assignment, environment: str = "prod", with_graph: ResourceGraph | None = None
) -> tuple[Finding, ...]:
    return separation(assignments, Situation(environment, LOOKUP, with_graph))


def rules(*assignments: Assignment, environment: str = "prod") -> set[str]:
    return {finding.rule for finding in judge(*assignments, environment=environment)}


@pytest.mark.parametrize("environment", ENVIRONMENTS)
@pytest.mark.parametrize("function", FUNCTION_IDS)
def test_the_shipped_matrix_violates_nothing(function: str, environment: str) -> None:
    base = settings()
    everything = holdings(base, environment, sample_places(base, environment))
    own = [item.assignment for item in everything if item.row.function == function]
    assert own
    assert judge(*own, environment=environment) == ()


@pytest.mark.parametrize("environment", ENVIRONMENTS)
def test_the_whole_landing_zone_violates_nothing(environment: str) -> None:
    base = settings()
    deployed = graph(base, environment)
    everything = holdings(base, environment, places(base, environment, deployed))
    assert (
        judge(*(item.assignment for item in everything), environment=environment, with_graph=deployed) == ()
    )


@pytest.mark.parametrize("environment", ENVIRONMENTS)
def test_the_workload_identities_violate_nothing(environment: str) -> None:
    base = settings()
    found = sample_places(base, environment)
    conditions = {
        "": "",
        "delegate-to-groups": delegation_to_groups("mg-ai"),
        "delegate-to-service-principals": delegation_to_service_principals(),
    }
    assignments = [
        held(
            "",
            RoleRef(row.role.guid or custom_role_guid("mg-ai", row.role.name), row.role.name),
            found[row.scope_kind][0].scope,
            principal=row.identity,
            condition=conditions[row.condition],
        )
        for row in matrix().workload
    ]
    assert judge(*assignments, environment=environment) == ()
    bare = [replace(item, condition="") for item in assignments]
    assert {finding.rule for finding in judge(*bare)} == {"SOD-06"}


@pytest.mark.parametrize("mode", list(Mode))
@pytest.mark.parametrize("role", [OWNER, ROLE_ADMIN])
def test_sod_01_nobody_grants_himself_more_in_any_mode(role: RoleRef, mode: Mode) -> None:
    confined = held("mlops-engineer", role, mode=mode, condition=delegation_to_groups("mg-ai"))
    assert "SOD-01" in rules(confined)


def test_sod_02_standing_write_in_prod_but_not_in_dev_nor_eligible() -> None:
    assert "SOD-02" in rules(held("ai-engineer", CONTRIBUTOR))
    assert "SOD-02" not in rules(held("ai-engineer", CONTRIBUTOR), environment="dev")
    assert "SOD-02" not in rules(held("ai-engineer", CONTRIBUTOR, mode=Mode.ELIGIBLE))
    writer = RoleRef("ba92f5b4-2d11-453d-a403-e96b0029c9fe", "Storage Blob Data Contributor")
    assert "SOD-02" in rules(held("data-engineer", writer))


def test_sod_03_builder_and_approver_in_one_group_names_both() -> None:
    found = [
        finding
        for finding in judge(held("ai-engineer", FOUNDRY_USER), held("compliance-officer", BLOB_READER))
        if finding.rule == "SOD-03"
    ]
    assert len(found) == 1
    assert "Foundry User (AI Engineer" in found[0].message
    assert "Storage Blob Data Reader (Compliance Officer" in found[0].message
    assert found[0].blocks


def test_sod_03_is_judged_per_group() -> None:
    two = (held("ai-engineer", READER, principal="a"), held("compliance-officer", BLOB_READER, principal="b"))
    assert "SOD-03" not in {finding.rule for finding in judge(*two, environment="dev")}


def test_sod_04_ethics_sees_no_data_and_no_logs_but_evidence() -> None:
    container = "Microsoft.Storage/storageAccounts/blobServices/containers"
    evidence = GROUP.child(container, "st/default/evidence")
    data = GROUP.child(container, "st/default/data")
    assert "SOD-04" not in rules(held("ai-ethics-officer", BLOB_READER, evidence))
    assert "SOD-04" in rules(held("ai-ethics-officer", BLOB_READER, data))
    assert "SOD-04" in rules(held("compliance-officer", READER))
    assert "SOD-04" in rules(held("compliance-officer", ANALYST, mode=Mode.ELIGIBLE), environment="test")


def test_sod_04_counts_what_the_group_holds_through_another_function_and_names_both() -> None:
    consumer = RoleRef("eed3b665-ab3a-47b6-8f48-c9382fb1dad6", "Foundry Agent Consumer")
    review = RoleRef(custom_role_guid("mg-ai", "CoE RAI Reviewer"), "CoE RAI Reviewer")
    project = GROUP.child("Microsoft.CognitiveServices/accounts/projects", "aif/proj")
    found = judge(
        held("ai-ethics-officer", review, Scope.management_group("mg-ai")),
        held("business-analyst", consumer, project),
        environment="dev",
    )
    assert [finding.rule for finding in found] == ["SOD-04"]
    assert "Foundry Agent Consumer (Business Analyst" in found[0].message
    assert "CoE RAI Reviewer (AI Ethics Officer" in found[0].message


def test_sod_05_only_the_publisher_changes_filters() -> None:
    everything = RoleRef("25fbc0a9-bd7c-42a3-aa1a-3b75d497ee68", "Cognitive Services Contributor")
    assert "SOD-05" in rules(held("ai-engineer", everything, ACCOUNT), environment="dev")
    deployer = RoleRef(custom_role_guid("mg-ai", "CoE Model Deployer"), "CoE Model Deployer")
    assert "SOD-05" not in rules(held("mlops-engineer", deployer, ACCOUNT), environment="dev")


def test_sod_06_a_role_administrator_needs_a_condition() -> None:
    assert rules(held("", ROLE_ADMIN)) == {"SOD-06"}
    assert rules(held("", ROLE_ADMIN, condition=delegation_to_service_principals())) == set()
    half = delegation_to_service_principals().split(" AND ((!")[0]
    assert rules(held("", ROLE_ADMIN, condition=half)) == {"SOD-06"}


def test_sod_07_policies_and_role_assignments_in_one_identity() -> None:
    two = (held("", POLICY), held("", ROLE_ADMIN, condition=delegation_to_groups("mg-ai")))
    found = judge(*two)
    assert [finding.rule for finding in found] == ["SOD-07"]
    assert "Resource Policy Contributor" in found[0].message
    assert "Role Based Access Control Administrator" in found[0].message


def test_sod_08_keys_where_local_authentication_is_on() -> None:
    at_account = held("data-scientist", FOUNDRY_USER, ACCOUNT)
    assert "SOD-08" in rules(at_account, environment="dev")

    def outcome(properties: object) -> list[Outcome]:
        there = resource(GROUP, "Microsoft.CognitiveServices/accounts", "aif", properties=properties)
        found = judge(at_account, environment="dev", with_graph=ResourceGraph((there,)))
        return [finding.outcome for finding in found if finding.rule == "SOD-08"]

    assert outcome({"disableLocalAuth": True}) == []
    assert outcome({}) == [Outcome.FAIL]
    assert outcome({"disableLocalAuth": Unknown("x")}) == [Outcome.UNKNOWN]


def test_sod_08_counts_eligible_contributors_over_the_group() -> None:
    there = resource(GROUP, "Microsoft.Search/searchServices", "srch", properties={"disableLocalAuth": False})
    found = judge(
        held("ai-engineer", CONTRIBUTOR, mode=Mode.ELIGIBLE),
        environment="dev",
        with_graph=ResourceGraph((there,)),
    )
    assert [finding.rule for finding in found] == ["SOD-08"]


def test_sod_10_becoming_an_identity_is_never_standing() -> None:
    assert "SOD-10" in rules(held("mlops-engineer", FEDERATE), environment="dev")
    assert "SOD-10" not in rules(held("mlops-engineer", FEDERATE, mode=Mode.ELIGIBLE), environment="dev")


def test_every_finding_has_an_owner_and_a_fix() -> None:
    for finding in judge(held("ai-engineer", OWNER), held("compliance-officer", READER)):
        assert finding.owner in FUNCTION_IDS
        assert finding.fix


def test_sod_09_a_group_is_not_owned_by_its_members() -> None:
    known = {
        "g1": GroupPeople(frozenset({"a", "b"}), frozenset({"b", "c"})),
        "g2": GroupPeople(frozenset({"a"}), frozenset({"b"})),
    }
    found = tuple(owned_by_members(DirectoryView({}, known), {"g1": ("data-scientist",)}))
    assert [(finding.rule, finding.subject) for finding in found] == [("SOD-09", "/groups/g1")]
    assert found[0].message == "group g1 (Data Scientist) is owned by its members b"


def test_every_rule_has_a_seeded_violation() -> None:
    """Named after the rule: test_sod_01_..., so that a new rule without one is noticed."""
    tested = {name[5:11].upper().replace("_", "-") for name in globals() if name.startswith("test_sod_")}
    assert tested == {rule.id for rule in separation_rules()}
