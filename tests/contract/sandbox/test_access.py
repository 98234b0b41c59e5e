"""Role definitions and assignments: the authorization provider's statuses, codes and shapes."""

from __future__ import annotations

import uuid
from typing import Any

import pytest

from coe_scaffold.model.scope import Scope
from coe_scaffold.sandbox.surfaces import schedules as surface
from tests.contract.sandbox.place import GROUPS, READER, STORAGE, TENANT, Client

V = "2022-04-01"
CONTRIBUTOR = "b24988ac-6180-42a0-ab88-20f7382dd24c"


def body(principal: str = GROUPS[0], role: str = READER, **more: Any) -> dict[str, Any]:
    definition = f"/subscriptions/x/providers/Microsoft.Authorization/roleDefinitions/{role}"
    return {"properties": {"roleDefinitionId": definition, "principalId": principal, **more}}


def at(scope: Scope, name: str = "") -> str:
    return f"{scope}/providers/Microsoft.Authorization/roleAssignments/{name or uuid.uuid4()}"


def test_an_assignment_is_created_with_201_and_null_fields(arm: Client) -> None:
    path = at(arm.group())
    made = arm.call("PUT", path, body(principalType="Group", description="d"), version=V)
    assert made.status == 201
    properties = made.body["properties"]
    assert properties["description"] == "d"
    for name in ("condition", "conditionVersion", "delegatedManagedIdentityResourceId", "createdBy"):
        assert properties[name] is None
    assert properties["scope"] == f"{arm.scope}/resourceGroups/rg-a"
    assert properties["roleDefinitionId"].endswith(f"/roleDefinitions/{READER}")
    again = arm.call("PUT", path, body(principalType="Group", description="e"), version=V)
    assert (again.status, again.body["properties"]["description"]) == (201, "e")
    assert arm.call("GET", path, version=V).body["properties"]["createdBy"]


def test_the_same_tuple_under_another_name_exists(arm: Client) -> None:
    group = arm.group()
    name = str(uuid.uuid4())
    arm.call("PUT", at(group, name), body(), version=V)
    other = arm.call("PUT", at(group), body(condition="x", conditionVersion="2.0"), version=V)
    assert (other.status, other.code) == (409, "RoleAssignmentExists")
    assert name.replace("-", "") in other.body["error"]["message"]
    assert "x-ms-failure-cause" not in other.headers
    assert arm.call("PUT", at(group), body(GROUPS[1]), version=V).status == 201
    assert arm.call("PUT", at(group), body(role=CONTRIBUTOR), version=V).status == 201
    assert arm.call("PUT", at(arm.scope), body(), version=V).status == 201


@pytest.mark.parametrize("change", ["principal", "role", "scope"])
def test_a_name_keeps_its_tuple(arm: Client, change: str) -> None:
    group, name = arm.group(), str(uuid.uuid4())
    arm.call("PUT", at(group, name), body(), version=V)
    path, given = {
        "principal": (at(group, name), body(GROUPS[1])),
        "role": (at(group, name), body(role=CONTRIBUTOR)),
        "scope": (at(arm.scope, name), body()),
    }[change]
    answer = arm.call("PUT", path, given, version=V)
    assert (answer.status, answer.code) == (400, "RoleAssignmentUpdateNotPermitted")


def test_what_an_assignment_names_must_exist(arm: Client) -> None:
    group = arm.group()
    stranger = str(uuid.uuid4())
    for path, given, status, code in (
        (at(group, "reader"), body(), 400, "InvalidRoleAssignmentId"),
        (at(group), body(stranger), 400, "PrincipalNotFound"),
        (at(group), body("ai-engineers"), 400, "InvalidPrincipalId"),
        (at(group), body(role=stranger), 400, "RoleDefinitionDoesNotExist"),
        (at(arm.scope.group("none")), body(), 404, "ResourceGroupNotFound"),
        (at(Scope(f"{group}/providers/Microsoft.Search/searchServices/no")), body(), 404, "ResourceNotFound"),
    ):
        answer = arm.call("PUT", path, given, version=V)
        assert (answer.status, answer.code) == (status, code)
        if code == "PrincipalNotFound":
            assert stranger.replace("-", "") in answer.body["error"]["message"]
            assert TENANT in answer.body["error"]["message"]


def test_the_type_of_a_resources_identity_is_known(arm: Client) -> None:
    group = arm.group()
    account = f"{group}/providers/Microsoft.Storage/storageAccounts/st"
    made = arm.call("PUT", account, {**STORAGE, "identity": {"type": "SystemAssigned"}})
    principal = made.body["identity"]["principalId"]
    wrong = arm.call("PUT", at(group), body(principal, principalType="User"), version=V)
    assert (wrong.status, wrong.code) == (400, "UnmatchedPrincipalType")
    right = arm.call("PUT", at(group), body(principal), version=V)
    assert right.body["properties"]["principalType"] == "ServicePrincipal"
    arm.call("DELETE", account)
    gone = arm.call("PUT", at(arm.scope), body(principal), version=V)
    assert gone.code == "PrincipalNotFound"
    assert arm.call("GET", right.body["id"], version=V).status == 200, "the orphan stays"


def test_delete_answers_with_the_body_once(arm: Client) -> None:
    path = at(arm.group())
    arm.call("PUT", path, body(), version=V)
    gone = arm.call("DELETE", path, version=V)
    assert (gone.status, gone.body["properties"]["principalId"]) == (200, GROUPS[0])
    assert arm.call("DELETE", path, version=V).status == 204
    assert arm.call("GET", path, version=V).code == "RoleAssignmentNotFound"
    assert arm.call("PUT", at(arm.scope.group("rg-a")), body(), version=V).status == 201


def test_lists_go_up_and_down_and_filter(arm: Client) -> None:
    group = arm.group()
    account = Scope(f"{group}/providers/Microsoft.Storage/storageAccounts/st")
    arm.call("PUT", account.path, STORAGE)
    for scope, principal in ((arm.scope, GROUPS[0]), (group, GROUPS[1]), (account, GROUPS[2])):
        assert arm.call("PUT", at(scope), body(principal), version=V).status == 201

    def seen(scope: Scope, query: str = "") -> list[str]:
        path = f"{scope}/providers/Microsoft.Authorization/roleAssignments"
        items = arm.call("GET", path, version=V, query=query).body["value"]
        own = [item for item in items if item["properties"]["scope"].startswith(arm.scope.path)]
        return sorted(item["properties"]["principalId"][-1] for item in own)

    assert seen(arm.scope) == ["1", "2", "3"]
    assert seen(group) == ["1", "2", "3"]
    assert seen(account, "$filter=atScope()") == ["1", "2", "3"]
    assert seen(group, "$filter=atScope()") == ["1", "2"]
    assert seen(arm.scope, "$filter=atScope()") == ["1"]
    assert seen(arm.scope, f"$filter=principalId eq '{GROUPS[2]}'") == ["3"]
    assert seen(group, f"$filter=atScope() and assignedTo('{GROUPS[0]}')") == ["1"]
    refused = arm.call(
        "GET",
        f"{arm.scope}/providers/Microsoft.Authorization/roleAssignments",
        version=V,
        query="$filter=roleName eq 'x'",
    )
    assert (refused.status, refused.code) == (400, "UnsupportedQuery")


def test_assignments_at_a_management_group_are_inherited(arm: Client) -> None:
    path = at(Scope.management_group("mg-ai"), "77777777-0000-4000-8000-000000000001")
    made = arm.call("PUT", path, body(GROUPS[8]), version=V)
    assert made.status == 201
    listed = arm.call("GET", f"{arm.scope}/providers/Microsoft.Authorization/roleAssignments", version=V)
    assert made.body["id"] in [item["id"] for item in listed.body["value"]]
    assert arm.call("DELETE", path, version=V).status == 200


def test_assignments_go_with_their_scope_and_are_kept_by_locks(arm: Client) -> None:
    group = arm.group()
    path = at(group)
    arm.call("PUT", path, body(), version=V)
    lock = f"{group}/providers/Microsoft.Authorization/locks/keep"
    arm.call("PUT", lock, {"properties": {"level": "CanNotDelete"}})
    assert arm.call("DELETE", path, version=V).code == "ScopeLocked"
    arm.call("DELETE", lock)
    arm.poll(arm.call("DELETE", group.path).headers["location"])
    arm.group()
    assert arm.call("GET", path, version=V).code == "RoleAssignmentNotFound"
    assert arm.call("PUT", path, body(), version=V).status == 201


def test_built_in_roles_are_found_by_id_and_name(arm: Client) -> None:
    root = f"{arm.scope}/providers/Microsoft.Authorization/roleDefinitions"
    reader = arm.call("GET", f"{root}/{READER}", version=V).body
    assert reader["properties"]["roleName"] == "Reader"
    assert reader["properties"]["permissions"][0]["actions"] == ["*/read"]
    assert reader["id"] == f"{root}/{READER}"
    named = arm.call("GET", root, version=V, query="$filter=roleName eq 'reader'").body["value"]
    assert [item["name"] for item in named] == [READER]
    assert len(arm.call("GET", root, version=V, query="$filter=type eq 'BuiltInRole'").body["value"]) > 800


def test_custom_roles_are_made_changed_and_deleted(arm: Client) -> None:
    root = f"{arm.scope}/providers/Microsoft.Authorization/roleDefinitions"
    name = str(uuid.uuid4())
    role = {
        "properties": {
            "roleName": f"Custom {name}",
            "description": "d",
            "assignableScopes": [arm.scope.path],
            "permissions": [{"actions": ["*/read"]}],
        }
    }
    for _ in range(2):
        made = arm.call("PUT", f"{root}/{name}", role, version=V)
        assert (made.status, made.body["properties"]["type"]) == (201, "CustomRole")
    assert made.body["properties"]["permissions"] == [
        {"actions": ["*/read"], "notActions": [], "dataActions": [], "notDataActions": []}
    ]
    old = arm.call("GET", f"{root}/{name}", version="2015-07-01").body["properties"]["permissions"]
    assert old == [{"actions": ["*/read"], "notActions": []}]
    twin = arm.call("PUT", f"{root}/{uuid.uuid4()}", role, version=V)
    assert (twin.status, twin.code) == (409, "RoleDefinitionWithSameNameExists")
    custom = arm.call("GET", root, version=V, query="$filter=type eq 'CustomRole'").body["value"]
    assert [item["name"] for item in custom] == [name]
    assignment = at(arm.scope)
    assert arm.call("PUT", assignment, body(role=name), version=V).status == 201
    used = arm.call("DELETE", f"{root}/{name}", version=V)
    assert (used.status, used.code) == (400, "RoleDefinitionHasAssignments")
    arm.call("DELETE", assignment, version=V)
    assert arm.call("DELETE", f"{root}/{name}", version=V).status == 200
    assert arm.call("DELETE", f"{root}/{name}", version=V).status == 204
    gone = arm.call("GET", f"{root}/{name}", version=V)
    assert (gone.status, gone.code) == (404, "RoleDefinitionDoesNotExist")
    built_in = arm.call("PUT", f"{root}/{READER}", role, version=V)
    assert built_in.code == "SandboxNotModelled"


def test_a_schedule_request_is_taken_back_while_it_is_not_provisioned(
    arm: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(surface, "_PROVISIONING_SECONDS", 600)
    group, version = arm.group(), "2020-10-01"
    asked = f"{group}/providers/Microsoft.Authorization/roleEligibilityScheduleRequests/{uuid.uuid4()}"
    schedule = {"expiration": {"type": "AfterDuration", "duration": "P10D"}}
    wanted = {**body()["properties"], "requestType": "AdminAssign"}
    made = arm.call("PUT", asked, {"properties": {**wanted, "scheduleInfo": schedule}}, version=version)
    assert made.status == 201, made.body
    assert arm.call("POST", f"{asked}/cancel", version=version).status == 200
    assert arm.call("GET", asked, version=version).body["properties"]["status"] == "Canceled"
    schedules = f"{group}/providers/Microsoft.Authorization/roleEligibilitySchedules"
    assert arm.call("GET", schedules, version=version).body["value"] == []
    again = f"{asked.rpartition('/')[0]}/{uuid.uuid4()}"
    monkeypatch.setattr(surface, "_PROVISIONING_SECONDS", 0)
    arm.call("PUT", again, {"properties": {**wanted, "scheduleInfo": schedule}}, version=version)
    late = arm.call("POST", f"{again}/cancel", version=version)
    assert (late.status, late.code) == (400, "RoleAssignmentRequestCannotBeCancelled")
    of_role = f"$filter=atScope() and roleDefinitionId eq '{READER}'"
    for listed in (schedules, schedules[:-1] + "Instances"):
        [one] = arm.call("GET", listed, version=version, query=of_role).body["value"]
        assert arm.call("GET", one["id"], version=version).body == one
        assert arm.call("GET", f"{listed}/{uuid.uuid4()}", version=version).status == 404
        assert arm.call("GET", listed, version=version, query="$filter=asTarget()").body["value"] == []


def test_what_is_below_a_group_and_its_policies(arm: Client) -> None:
    group = arm.group("rg-below")
    here = f"{group}/providers/Microsoft.Authorization"
    [child] = arm.call("GET", f"{arm.scope}/providers/Microsoft.Authorization/eligibleChildResources").body[
        "value"
    ]
    assert child == {"id": group.path, "name": "rg-below", "type": "resourcegroup"}
    arm.call("PUT", f"{group}/providers/Microsoft.Storage/storageAccounts/stbelow", STORAGE)
    below = arm.call("GET", f"{here}/eligibleChildResources").body["value"]
    assert [item["name"] for item in below] == ["stbelow"]
    query = f"$filter=roleDefinitionId eq '{READER}'"
    [policy] = arm.call("GET", f"{here}/roleManagementPolicyAssignments", query=query).body["value"]
    assert arm.call("GET", policy["id"]).body == policy
    classic = arm.call("GET", f"{arm.scope}/providers/Microsoft.Authorization/classicAdministrators")
    assert classic.body == {"value": []}


def test_an_initiative_is_made_with_201_and_updated_with_200(arm: Client) -> None:
    root = f"{arm.scope}/providers/Microsoft.Authorization"
    members = [{"policyDefinitionId": f"{root}/policyDefinitions/p"}]
    path = f"{root}/policySetDefinitions/s-{uuid.uuid4().hex[:6]}"
    given = {"properties": {"policyDefinitions": members}}
    assert [arm.call("PUT", path, given).status for _ in range(2)] == [201, 200]
    assert arm.call("GET", f"{path}/none").code == "ResourceTypeNotSupported"
    assert arm.call("GET", f"{path}/versions").status == 501


def test_an_exemption_is_patched(arm: Client) -> None:
    home = f"{arm.scope}/providers/Microsoft.Authorization"
    properties = {"policyAssignmentId": f"{home}/policyAssignments/a", "exemptionCategory": "Waiver"}
    path, version = f"{home}/policyExemptions/e", "2022-07-01-preview"
    arm.call("PUT", path, {"properties": properties}, version=version)
    change = {"properties": {"assignmentScopeValidation": "DoNotValidate"}}
    answer = arm.call("PATCH", path, change, version=version)
    assert answer.status == 200
    assert answer.body["properties"] == {**properties, **change["properties"]}
    assert arm.call("PATCH", f"{path}x", change, version=version).code == "PolicyExemptionNotFound"
