from __future__ import annotations

from collections.abc import Sequence
from datetime import date

import pytest

from coe_scaffold.access import desired
from coe_scaffold.access.conditions import delegation_to_service_principals
from coe_scaffold.catalog import custom_role_guid
from coe_scaffold.errors import UsageError
from coe_scaffold.model.access import Mode, ObservedAssignment
from coe_scaffold.model.coe import FUNCTION_IDS
from coe_scaffold.model.json import Unknown
from coe_scaffold.model.resources import ResourceGraph
from coe_scaffold.model.schedules import SCHEDULE_TYPES, ObservedSchedule
from coe_scaffold.model.scope import Scope
from coe_scaffold.operations.access import access_matrix, can, explain, separation, who_can
from coe_scaffold.operations.access_audit import audit
from coe_scaffold.operations.observing import ObservedAccess
from tests.fakes.landing import graph, resource
from tests.fakes.workspace import settings

BASE = settings()
DEPLOY = "Microsoft.CognitiveServices/accounts/deployments/write"
KEYS = "Microsoft.CognitiveServices/accounts/listKeys/action"
BLOBS = "Microsoft.Storage/storageAccounts/blobServices/containers/blobs/read"


def group(name: str, environment: str) -> Scope:
    return BASE.environments[environment].scope.group(name)


def test_the_matrix_view_has_all_rows_function_ids_and_guids() -> None:
    rows = access_matrix(BASE)
    assert len(rows) == 65
    assert {row.function for row in rows} == set(FUNCTION_IDS)
    assert all(len(row.role) == 36 for row in rows)
    reviewer = next(row for row in rows if row.role_name == "CoE RAI Reviewer")
    assert reviewer.role == custom_role_guid("mg-ai", "CoE RAI Reviewer")
    assert set(reviewer.as_json()) >= {
        "function",
        "environment",
        "scopeKind",
        "role",
        "roleName",
        "mode",
        "why",
    }


def test_the_matrix_view_can_be_narrowed() -> None:
    rows = access_matrix(BASE, environment="prod", function_id="data-engineer")
    assert [(row.role_name, row.mode) for row in rows] == [
        ("Reader", "standing"),
        ("Storage Blob Data Reader", "eligible"),
    ]
    with pytest.raises(UsageError):
        access_matrix(BASE, environment="staging")
    with pytest.raises(UsageError):
        access_matrix(BASE, function_id="boss")


@pytest.mark.parametrize(
    ("function", "action", "environment", "data", "standing", "expected"),
    [
        ("data-scientist", DEPLOY, "prod", False, False, False),
        ("data-scientist", KEYS, "dev", False, False, False),
        ("ai-engineer", DEPLOY, "dev", False, False, True),
        ("ai-engineer", DEPLOY, "dev", False, True, False),
        ("mlops-engineer", DEPLOY, "prod", False, False, True),
        ("mlops-engineer", DEPLOY, "prod", False, True, False),
        ("ai-engineer", "Microsoft.KeyVault/vaults/secrets/getSecret/action", "dev", True, True, True),
        ("ai-engineer", "Microsoft.KeyVault/vaults/secrets/getSecret/action", "prod", True, False, False),
        ("compliance-officer", BLOBS, "prod", True, True, True),
        (
            "compliance-officer",
            "Microsoft.OperationalInsights/workspaces/query/read",
            "prod",
            False,
            False,
            False,
        ),
        ("compliance-officer", "Microsoft.Authorization/roleAssignments/read", "dev", False, True, True),
        ("ai-coe-lead", "Microsoft.Authorization/roleAssignments/write", "prod", False, False, False),
        (
            "business-analyst",
            "Microsoft.CognitiveServices/accounts/AIServices/endpoints/interact/action",
            "prod",
            True,
            False,
            True,
        ),
    ],
)
def test_can(
    function: str, action: str, environment: str, *, data: bool, standing: bool, expected: bool
) -> None:
    answer = can(BASE, function, action, environment, graph(BASE, environment), data=data, standing=standing)
    assert answer.allowed is expected
    if standing:
        assert all(grant.assignment.mode is Mode.STANDING for grant in answer.granted)


def test_can_on_a_scope_counts_what_is_inherited_there() -> None:
    home = group("rg-cto-claims-chat-dev-sdc", "dev")
    account = home.child("Microsoft.CognitiveServices/accounts", "aif-claims-chat")
    deployed = graph(BASE)
    assert can(BASE, "ai-engineer", DEPLOY, "dev", deployed, on=account).allowed
    assert not can(BASE, "ai-engineer", DEPLOY, "dev", deployed, on=group("rg-other", "dev")).allowed
    read = "Microsoft.CognitiveServices/accounts/read"
    assert can(BASE, "compliance-officer", read, "dev", deployed, on=account).allowed
    evidence = group("rg-cto-platform-dev-sdc", "dev").child(
        "Microsoft.Storage/storageAccounts/blobServices/containers", "stctoevidence/default/evidence"
    )
    assert can(BASE, "compliance-officer", BLOBS, "dev", deployed, data=True, on=evidence).allowed
    assert not can(BASE, "data-engineer", BLOBS, "dev", deployed, data=True, on=evidence).allowed


def test_can_says_what_takes_it_back_and_what_is_out_of_reach() -> None:
    assign = "Microsoft.Authorization/locks/delete"
    answer = can(BASE, "ai-engineer", assign, "dev", graph(BASE))
    assert any("Microsoft.Authorization/*/Delete takes it back" in line for line in answer.denied)
    keys = can(BASE, "data-scientist", KEYS, "dev", graph(BASE))
    assert any("Foundry User" in line and "not possible at proj-claims-chat" in line for line in keys.denied)
    later = can(BASE, "ai-engineer", DEPLOY, "dev", graph(BASE), standing=True)
    assert any("not standing" in line for line in later.denied)


def test_can_hints_at_the_other_kind_of_action() -> None:
    forgot = can(BASE, "compliance-officer", BLOBS, "prod", graph(BASE, "prod"))
    assert not forgot.allowed
    assert forgot.hint == "roles have this as a data action: ask again with --data"
    read = "Microsoft.Authorization/roleAssignments/read"
    wrong = can(BASE, "compliance-officer", read, "prod", graph(BASE, "prod"), data=True)
    assert wrong.hint == "roles have this as a control action: ask again without --data"


def test_a_resource_that_is_not_deployed_gives_nothing_but_the_matrix_alone_does() -> None:
    run = "Microsoft.MachineLearningServices/workspaces/experiments/runs/read"
    assert not can(BASE, "data-scientist", run, "dev", graph(BASE)).allowed
    assert can(BASE, "data-scientist", run, "dev", None).allowed


@pytest.mark.parametrize(
    "action", ["deployments/write", "Microsoft.CognitiveServices/*", "", "CognitiveServices/a/b"]
)
def test_an_action_that_is_none_is_refused(action: str) -> None:
    with pytest.raises(UsageError):
        can(BASE, "ai-engineer", action, "dev", None)


def test_who_can_names_functions_in_order() -> None:
    answers = who_can(BASE, DEPLOY, "prod", graph(BASE, "prod"))
    assert [answer.function for answer in answers] == ["mlops-engineer"]
    readers = who_can(BASE, "Microsoft.Authorization/roleAssignments/read", "prod", graph(BASE, "prod"))
    order = [FUNCTION_IDS.index(answer.function) for answer in readers]
    assert order == sorted(order)
    assert len(order) > 3


def test_explain_lists_assignments_with_mode_reason_and_patterns() -> None:
    rows = explain(BASE, "mlops-engineer", "prod", graph(BASE, "prod"))
    deployer = next(row for row in rows if row.assignment.role.name == "CoE Model Deployer")
    assert deployer.assignment.mode is Mode.ELIGIBLE
    assert DEPLOY in deployer.actions
    assert deployer.assignment.reason
    contributor = next(row for row in rows if row.assignment.role.name == "Contributor")
    assert "Microsoft.Authorization/*/Write" in contributor.not_actions


@pytest.mark.parametrize("environment", ["dev", "test", "prod"])
def test_the_sample_workspace_violates_no_separation_rule(environment: str) -> None:
    assert separation(BASE, environment, graph(BASE, environment)) == ()
    assert separation(BASE, environment, None) == ()


def test_an_account_that_takes_keys_is_found_through_the_eligible_contributor() -> None:
    home = group("rg-cto-claims-chat-dev-sdc", "dev")
    weak = resource(home, "Microsoft.CognitiveServices/accounts", "weak", kind="AIServices", properties={})
    found = separation(BASE, "dev", ResourceGraph((*graph(BASE).resources, weak)))
    assert {finding.rule for finding in found} == {"SOD-08"}


def test_what_the_templates_give_to_identities_is_judged_too() -> None:
    home = group("rg-cto-claims-chat-dev-sdc", "dev")
    deploy = Unknown("reference('/subscriptions/x/providers/M/i/id-deploy', '2024-11-30').principalId")

    def given(role: str, **more: object) -> ResourceGraph:
        properties = {"roleDefinitionId": f"/x/roleDefinitions/{role}", "principalId": deploy, **more}
        made = resource(home, "Microsoft.Authorization/roleAssignments", "a", properties=properties)
        return ResourceGraph((*graph(BASE).resources, made))

    administrator = "f58310d9-a9f6-439a-9e8d-f62e7b41a168"
    (finding,) = separation(BASE, "dev", given(administrator))
    assert finding.rule == "SOD-06"
    assert finding.message.startswith("id-deploy: Role Based Access Control Administrator")
    assert separation(BASE, "dev", given(administrator, condition=delegation_to_service_principals())) == ()
    assert separation(BASE, "dev", given("b24988ac-6180-42a0-ab88-20f7382dd24c")) == ()
    assert separation(BASE, "dev", given("not-a-known-role")) == ()


def audited(deployed: ResourceGraph, there: Sequence[ObservedAssignment]) -> list[str]:
    wanted = desired(BASE, "dev", deployed)
    held = tuple(
        ObservedSchedule(
            item.scope.child(SCHEDULE_TYPES[item.mode], item.name),
            item.scope,
            item.principal,
            "Group",
            item.role.guid,
            item.mode,
            item.condition,
            ends="2027-11-24T00:00:00Z",
        )
        for item in wanted.scheduled
    )
    rules = {policy.key: policy.rules for policy in wanted.policies}
    observed = ObservedAccess(tuple(there), wanted.custom_roles, held, rules)
    found = audit(BASE, "dev", deployed, wanted, observed, today=date(2026, 11, 24))
    return [finding.rule for finding in found]


def test_audit_knows_the_groups_and_what_templates_assign() -> None:
    deployed = graph(BASE)
    wanted = desired(BASE, "dev", deployed)
    kind = "Microsoft.Authorization/roleAssignments"
    there = [
        ObservedAssignment(
            item.scope.child(kind, item.name),
            item.scope,
            item.principal,
            "Group",
            item.role.guid,
            item.condition,
            item.description,
        )
        for item in wanted.assignments
    ]
    assert audited(deployed, there) == []
    role = "1407120a-92aa-4202-b7e9-c0e197c71c8f"
    search = group("rg-cto-claims-chat-dev-sdc", "dev").child(
        "Microsoft.Search/searchServices", "srch-claims-chat"
    )
    workload = ObservedAssignment(
        search.child(kind, "w"),
        search,
        "identity",
        "ServicePrincipal",
        role,
        "",
        "coe-scaffold: app reads the index",
    )
    properties = {
        "roleDefinitionId": f"/subscriptions/x/providers/Microsoft.Authorization/roleDefinitions/{role}"
    }
    template = resource(search, kind, "w", properties=properties)
    with_template = ResourceGraph((*deployed.resources, template))
    assert audited(with_template, [*there, workload]) == []
    assert audited(deployed, [*there, workload]) == ["COE-AUD-02"]


def test_a_data_action_that_a_wildcard_of_control_actions_covers_is_pointed_out() -> None:
    secret = "Microsoft.KeyVault/vaults/secrets/getSecret/action"
    asked = can(BASE, "ai-engineer", secret, "dev", None)
    assert asked.allowed
    assert asked.hint == "roles have this as a data action: ask again with --data"
    assert can(BASE, "ai-engineer", secret, "dev", None, data=True).hint == ""
    assert can(BASE, "ai-engineer", DEPLOY, "dev", None).hint == ""
