"""What a caller may do, what policies and deny settings forbid, and how stacks let go of what they made."""

from __future__ import annotations

import uuid
from typing import Any

import pytest

from tests.contract.sandbox.place import GROUPS, READER, STORAGE, Client, inner_template

CONTRIBUTOR = "b24988ac-6180-42a0-ab88-20f7382dd24c"
AUTHORIZATION = "providers/Microsoft.Authorization"


def give(arm: Client, role: str, principal: str, scope: str) -> None:
    path = f"{scope}/{AUTHORIZATION}/roleAssignments/{uuid.uuid4()}"
    role_id = f"{arm.scope}/{AUTHORIZATION}/roleDefinitions/{role}"
    given = {"roleDefinitionId": role_id, "principalId": principal, "principalType": "Group"}
    assert arm.call("PUT", path, {"properties": given}, version="2022-04-01").status == 201


def as_principal(arm: Client, *principals: str) -> Client:
    return Client(arm.endpoint.acting_as(*principals), arm.subscription)


def test_a_caller_has_what_is_assigned_to_it_and_its_groups(arm: Client) -> None:
    group = arm.group()
    path = f"{group}/providers/Microsoft.Storage/storageAccounts/stguard"
    stranger = as_principal(arm, GROUPS[0])
    refused = stranger.call("PUT", path, STORAGE)
    assert (refused.status, refused.code) == (403, "AuthorizationFailed")
    assert "'Microsoft.Storage/storageAccounts/write'" in refused.body["error"]["message"]
    give(arm, CONTRIBUTOR, GROUPS[1], group.path)
    member = as_principal(arm, GROUPS[0], GROUPS[1])
    assert member.call("PUT", path, STORAGE).status == 201
    assert stranger.call("GET", path).status == 403


def test_a_contributor_cannot_give_roles_not_even_in_a_template(arm: Client) -> None:
    group = arm.group()
    give(arm, CONTRIBUTOR, GROUPS[2], arm.scope.path)
    contributor = as_principal(arm, GROUPS[2])
    body = {"properties": {"principalId": GROUPS[3], "roleDefinitionId": READER}}
    path = f"{group}/{AUTHORIZATION}/roleAssignments/{uuid.uuid4()}"
    assert contributor.call("PUT", path, body).code == "AuthorizationFailed"
    template = {
        "template": inner_template(),
        "parameters": {"name": {"value": "guard"}},
        "mode": "Incremental",
    }
    deployment = f"{group}/providers/Microsoft.Resources/deployments/d"
    refused = contributor.call("PUT", deployment, {"properties": {**template, "mode": "Incremental"}})
    assert (refused.status, refused.code) == (403, "InvalidTemplateDeployment")
    assert "Microsoft.Authorization/roleAssignments/write" in refused.body["error"]["message"]
    assert (
        contributor.call("GET", f"{group}/providers/Microsoft.Storage/storageAccounts/stguard").status == 404
    )


def test_permissions_are_those_of_the_caller(arm: Client) -> None:
    give(arm, READER, GROUPS[4], arm.scope.path)
    found = as_principal(arm, GROUPS[4]).call("GET", f"{arm.scope}/{AUTHORIZATION}/permissions").body["value"]
    assert found == [{"actions": ["*/read"], "notActions": []}]
    assert arm.call("GET", f"{arm.scope}/{AUTHORIZATION}/permissions").body["value"][0]["actions"] == ["*"]


def test_naming_an_identity_needs_its_assign_action(arm: Client) -> None:
    group = arm.group()
    identity = f"{group}/providers/Microsoft.ManagedIdentity/userAssignedIdentities/id"
    arm.call("PUT", identity, {"location": "swedencentral"})
    storage_only = "17d1049b-9a84-46fb-8f53-869881c3d3ab"
    give(arm, storage_only, GROUPS[5], group.path)
    body = {**STORAGE, "identity": {"type": "UserAssigned", "userAssignedIdentities": {identity: {}}}}
    path = f"{group}/providers/Microsoft.Storage/storageAccounts/stlinked"
    refused = as_principal(arm, GROUPS[5]).call("PUT", path, body)
    assert (refused.status, refused.code) == (403, "LinkedAuthorizationFailed")


def assign(arm: Client, rule: dict[str, Any], **more: Any) -> str:
    definition = f"{arm.scope}/{AUTHORIZATION}/policyDefinitions/p{uuid.uuid4().hex[:8]}"
    made = arm.call("PUT", definition, {"properties": {"mode": "Indexed", "policyRule": rule}})
    assert made.status == 201, made.body
    path = f"{arm.scope}/{AUTHORIZATION}/policyAssignments/a{uuid.uuid4().hex[:8]}"
    body = {"properties": {"policyDefinitionId": definition, **more}}
    assert arm.call("PUT", path, body).status == 201
    return path


ELSEWHERE = {"if": {"field": "location", "notEquals": "swedencentral"}, "then": {"effect": "deny"}}


def test_a_deny_policy_refuses_and_an_exemption_lets_pass(arm: Client) -> None:
    group = arm.group()
    assignment = assign(arm, ELSEWHERE)
    path = f"{group}/providers/Microsoft.Storage/storageAccounts/stpolicy"
    refused = arm.call("PUT", path, {**STORAGE, "location": "westus"})
    assert (refused.status, refused.code) == (403, "RequestDisallowedByPolicy")
    assert refused.body["error"]["additionalInfo"][0]["info"]["policyAssignmentId"] == assignment.lower()
    exemption = f"{group}/{AUTHORIZATION}/policyExemptions/e"
    given = {"policyAssignmentId": assignment, "exemptionCategory": "Waiver"}
    assert arm.call("PUT", exemption, {"properties": given}, version="2022-07-01-preview").status == 201
    assert arm.call("PUT", path, {**STORAGE, "location": "westus"}).status == 201


def test_a_policy_that_is_not_enforced_denies_nothing(arm: Client) -> None:
    group = arm.group()
    assign(arm, ELSEWHERE, enforcementMode="DoNotEnforce")
    path = f"{group}/providers/Microsoft.Storage/storageAccounts/stloose"
    assert arm.call("PUT", path, {**STORAGE, "location": "westus"}).status == 201


@pytest.mark.parametrize(("cascade", "status"), [({}, 403), ({"resourceGroup": "allow"}, 202)])
def test_a_deny_action_policy_refuses_deletions(arm: Client, cascade: dict[str, str], status: int) -> None:
    group = arm.group()
    path = f"{group}/providers/Microsoft.Storage/storageAccounts/stkept{len(cascade)}"
    assert arm.call("PUT", path, {**STORAGE, "location": "westus"}).status == 201
    details = {"actionNames": ["delete"], "cascadeBehaviors": cascade}
    rule = {"if": {"field": "name", "like": "stkept*"}, "then": {"effect": "denyAction", "details": details}}
    assignment = assign(arm, rule)
    assert arm.call("PUT", path, {**STORAGE, "location": "westus"}).status == 200, "writing is another matter"
    refused = arm.call("DELETE", path)
    assert (refused.status, refused.code) == (403, "RequestDisallowedByPolicy")
    info = refused.body["error"]["additionalInfo"][0]["info"]
    assert info["policyDefinitionEffect"] == "denyAction"
    assert arm.call("DELETE", group.path).status == status
    assert arm.call("DELETE", assignment).status == 200
    assert arm.call("DELETE", path).status in (200, 404)


def test_a_modify_policy_changes_what_is_written(arm: Client) -> None:
    group = arm.group()
    operation = {"operation": "addOrReplace", "field": "tags['owner']", "value": "platform"}
    details = {"roleDefinitionIds": [], "operations": [operation]}
    condition = {"field": "type", "equals": "Microsoft.Storage/storageAccounts"}
    assign(arm, {"if": condition, "then": {"effect": "modify", "details": details}})
    path = f"{group}/providers/Microsoft.Storage/storageAccounts/stmodify"
    assert arm.call("PUT", path, STORAGE).body["tags"] == {"owner": "platform"}


def stack(template: dict[str, Any], action: str = "delete", **deny: Any) -> dict[str, Any]:
    actions = {"resources": action, "resourceGroups": action, "managementGroups": action}
    properties = {"template": template, "actionOnUnmanage": actions, "denySettings": {"mode": "none", **deny}}
    return {"properties": properties}


def storage_template(*names: str) -> dict[str, Any]:
    kind = {"type": "Microsoft.Storage/storageAccounts", "apiVersion": "2024-01-01", **STORAGE}
    return {"contentVersion": "1.0.0.0", "resources": [{**kind, "name": name} for name in names]}


@pytest.fixture
def place(arm: Client) -> tuple[Client, str]:
    group = arm.group()
    return arm, f"{group}/providers/Microsoft.Resources/deploymentStacks/s"


def apply(arm: Client, path: str, body: dict[str, Any]) -> Any:
    answer = arm.call("PUT", path, body, version="2024-03-01")
    assert answer.body["properties"]["provisioningState"] == "initializing", answer.body
    return arm.poll(answer.headers["azure-asyncoperation"]).body


def test_a_stack_deletes_what_leaves_its_template(place: tuple[Client, str]) -> None:
    arm, path = place
    group = path.partition("/providers/")[0]
    assert apply(arm, path, stack(storage_template("stone", "sttwo")))["status"] == "succeeded"
    assert apply(arm, path, stack(storage_template("stone")))["status"] == "succeeded"
    shown = arm.call("GET", path, version="2024-03-01").body["properties"]
    assert [item["id"].rpartition("/")[2] for item in shown["resources"]] == ["stone"]
    assert [item["id"].rpartition("/")[2] for item in shown["deletedResources"]] == ["sttwo"]
    assert arm.call("GET", f"{group}/providers/Microsoft.Storage/storageAccounts/sttwo").status == 404


@pytest.mark.parametrize(("action", "status", "left"), [("detach", 200, 200), ("delete", 202, 404)])
def test_deleting_a_stack(place: tuple[Client, str], action: str, status: int, left: int) -> None:
    arm, path = place
    apply(arm, path, stack(storage_template("stgone")))
    query = "&".join(f"unmanageAction.{kind}={action}" for kind in ("Resources", "ResourceGroups"))
    answer = arm.call("DELETE", path, query=query, version="2024-03-01")
    assert answer.status == status
    if url := answer.headers.get("azure-asyncoperation"):
        assert arm.call("GET", url).body["status"] in ("deleting", "succeeded")
        assert arm.poll(url).body["status"] == "succeeded"
    assert arm.call("GET", path, version="2024-03-01").code == "DeploymentStackResourceNotFound"
    group = path.partition("/providers/")[0]
    assert arm.call("GET", f"{group}/providers/Microsoft.Storage/storageAccounts/stgone").status == left


def test_deny_settings_hold_for_everybody_but_the_stack(place: tuple[Client, str]) -> None:
    arm, path = place
    group = path.partition("/providers/")[0]
    account = f"{group}/providers/Microsoft.Storage/storageAccounts/stdeny"
    apply(arm, path, stack(storage_template("stdeny"), mode="denyWriteAndDelete"))
    for method, body in (("PUT", STORAGE), ("DELETE", None)):
        refused = arm.call(method, account, body)
        assert (refused.status, refused.code) == (403, "DenyAssignmentAuthorizationFailed")
    body = stack(storage_template("stdeny"), mode="denyDelete")
    assert apply(arm, path, body)["status"] == "succeeded", "the stack itself may write"
    assert arm.call("PUT", account, STORAGE).status == 200
    assert arm.call("DELETE", account).status == 403


def test_a_failing_stack_names_the_cause(place: tuple[Client, str]) -> None:
    arm, path = place
    template = storage_template("stbad")
    template["resources"][0]["identity"] = {
        "type": "UserAssigned",
        "userAssignedIdentities": {f"{arm.scope.group('rg-a')}/providers/Microsoft.ManagedIdentity/x/y": {}},
    }
    state = apply(arm, path, stack(template))
    assert state["status"] == "failed"
    assert state["error"]["code"] == "DeploymentStackDeploymentFailed"
    assert state["error"]["details"][0]["code"] == "DeploymentFailed"
