"""Resource groups, generic resources, locks and tags."""

from __future__ import annotations

import pytest

from tests.contract.sandbox.place import STORAGE, Client


def test_a_group_is_made_updated_and_listed(arm: Client) -> None:
    path = f"/subscriptions/{arm.subscription}/resourcegroups/rg-b"
    assert arm.call("HEAD", path).status == 404
    made = arm.call("PUT", path, {"location": "swedencentral", "tags": {"a": "1"}})
    assert made.status == 201
    assert made.body == {
        "id": f"/subscriptions/{arm.subscription}/resourceGroups/rg-b",
        "name": "rg-b",
        "type": "Microsoft.Resources/resourceGroups",
        "location": "swedencentral",
        "tags": {"a": "1"},
        "properties": {"provisioningState": "Succeeded"},
    }
    assert arm.call("PUT", path, {"location": "Sweden Central"}).status == 200
    assert arm.call("PATCH", path, {"tags": {"b": "2"}}).body["tags"] == {"b": "2"}
    assert arm.call("HEAD", path).status == 204
    groups = f"/subscriptions/{arm.subscription}/resourcegroups"
    for query, names in (
        ("", ["rg-b"]),
        ("$filter=tagName eq 'b' and tagValue eq '2'", ["rg-b"]),
        ("$filter=tagName eq 'a'", []),
    ):
        assert [item["name"] for item in arm.call("GET", groups, query=query).body["value"]] == names


@pytest.mark.parametrize(
    ("name", "body", "code"),
    [
        ("rg-c", {}, "LocationRequired"),
        ("ends-with.", {"location": "swedencentral"}, "InvalidResourceGroupName"),
    ],
)
def test_a_group_that_azure_would_refuse(arm: Client, name: str, body: dict[str, str], code: str) -> None:
    answer = arm.call("PUT", f"{arm.scope}/resourceGroups/{name}", body)
    assert (answer.status, answer.code) == (400, code)


def test_a_group_stays_where_it_is(arm: Client) -> None:
    group = arm.group()
    answer = arm.call("PUT", group.path, {"location": "westeurope"})
    assert (answer.status, answer.code) == (409, "InvalidResourceGroupLocation")


def test_deleting_a_group_is_asynchronous_and_takes_everything_along(arm: Client) -> None:
    group = arm.group()
    account = f"{group}/providers/Microsoft.Storage/storageAccounts/sta"
    arm.call("PUT", account, STORAGE)
    started = arm.call("DELETE", group.path)
    assert (started.status, started.body) == (202, None)
    assert started.headers["location"].startswith(arm.endpoint.url)
    assert started.headers["x-ms-retry-after-ms"] == "50"
    done = arm.poll(started.headers["location"])
    assert (done.status, done.body) == (200, None)
    assert arm.call("GET", group.path).code == "ResourceGroupNotFound"
    assert arm.call("GET", account).code == "ResourceGroupNotFound"
    again = arm.call("DELETE", group.path)
    assert (again.status, again.code) == (404, "ResourceGroupNotFound")


def test_a_resource_shows_what_was_sent_and_what_azure_adds(arm: Client) -> None:
    group = arm.group()
    path = f"{group}/providers/Microsoft.Storage/storageAccounts/stb"
    assert arm.call("GET", path).code == "ResourceNotFound"
    made = arm.call("PUT", path, {**STORAGE, "identity": {"type": "SystemAssigned"}})
    assert made.status == 201
    properties = made.body["properties"]
    assert properties["allowBlobPublicAccess"] is False
    assert properties["provisioningState"] == "Succeeded"
    assert properties["primaryEndpoints"]["blob"] == "https://stb.blob.core.windows.net/"
    assert set(made.body["identity"]) == {"type", "principalId", "tenantId"}
    assert arm.call("PUT", path, STORAGE).status == 200
    patched = arm.call("PATCH", path, {"tags": {"x": "y"}, "properties": {"minimumTlsVersion": "TLS1_2"}})
    assert patched.body["tags"] == {"x": "y"}
    assert patched.body["properties"]["allowBlobPublicAccess"] is False
    assert patched.body["properties"]["minimumTlsVersion"] == "TLS1_2"
    assert arm.call("HEAD", path).status == 204
    assert arm.call("DELETE", path).status == 200
    assert arm.call("DELETE", path).status == 204


def test_a_recreated_identity_is_another_principal(arm: Client) -> None:
    group = arm.group()
    path = f"{group}/providers/Microsoft.ManagedIdentity/userAssignedIdentities/id-a"
    first = arm.call("PUT", path, {"location": "swedencentral"}).body["properties"]
    assert arm.call("PUT", path, {"location": "swedencentral"}).body["properties"] == first
    arm.call("DELETE", path)
    second = arm.call("PUT", path, {"location": "swedencentral"}).body["properties"]
    assert first.keys() == second.keys() == {"principalId", "clientId", "tenantId"}
    assert first["principalId"] != second["principalId"]


def test_user_assigned_identities_are_filled_in_and_must_exist(arm: Client) -> None:
    group = arm.group()
    identity = f"{group}/providers/Microsoft.ManagedIdentity/userAssignedIdentities/id-a"
    made = arm.call("PUT", identity, {"location": "swedencentral"}).body["properties"]
    body = {**STORAGE, "identity": {"type": "UserAssigned", "userAssignedIdentities": {identity: {}}}}
    path = f"{group}/providers/Microsoft.Storage/storageAccounts/stc"
    shown = arm.call("PUT", path, body).body["identity"]["userAssignedIdentities"][identity]
    assert shown == {"principalId": made["principalId"], "clientId": made["clientId"]}
    body["identity"]["userAssignedIdentities"] = {identity + "-no": {}}  # type: ignore[index]
    refused = arm.call("PUT", path, body)
    assert (refused.status, refused.code) == (400, "FailedIdentityOperation")


def test_children_need_their_parent_unless_azure_makes_it(arm: Client) -> None:
    group = arm.group()
    account = f"{group}/providers/Microsoft.Storage/storageAccounts/std"
    container = f"{account}/blobServices/default/containers/data"
    orphan = arm.call("PUT", container, {"properties": {}})
    assert (orphan.status, orphan.code) == (404, "ParentResourceNotFound")
    arm.call("PUT", account, STORAGE)
    assert arm.call("PUT", container, {"properties": {}}).status == 201
    listed = arm.call("GET", f"{account}/blobServices/default/containers")
    assert [item["name"] for item in listed.body["value"]] == ["data"]
    arm.call("DELETE", account)
    arm.call("PUT", account, STORAGE)
    assert arm.call("GET", container).code == "ResourceNotFound"


def test_subnets_are_one_whether_inline_or_on_their_own(arm: Client) -> None:
    group = arm.group()
    path = f"{group}/providers/Microsoft.Network/virtualNetworks/vnet"
    subnet = {"name": "one", "properties": {"addressPrefix": "10.0.0.0/24"}}
    space = {"addressPrefixes": ["10.0.0.0/16"]}
    arm.call(
        "PUT", path, {"location": "swedencentral", "properties": {"addressSpace": space, "subnets": [subnet]}}
    )
    assert arm.call("GET", f"{path}/subnets/ONE").body["id"] == f"{path}/subnets/one"
    arm.call("PUT", f"{path}/subnets/two", {"properties": {"addressPrefix": "10.0.1.0/24"}})
    shown = arm.call("GET", path).body["properties"]["subnets"]
    assert [item["name"] for item in shown] == ["one", "two"]


def test_extension_resources_need_what_they_extend(arm: Client) -> None:
    group = arm.group()
    account = f"{group}/providers/Microsoft.Storage/storageAccounts/ste"
    setting = f"{account}/providers/Microsoft.Insights/diagnosticSettings/all"
    assert arm.call("PUT", setting, {"properties": {}}).code == "ResourceNotFound"
    arm.call("PUT", account, STORAGE)
    made = arm.call("PUT", setting, {"properties": {"logs": []}})
    assert made.status == 201
    assert made.body["type"] == "Microsoft.Insights/diagnosticSettings"
    assert made.body["properties"] == {"logs": []}


def test_lists_show_located_resources_and_filter(arm: Client) -> None:
    group = arm.group()
    arm.call(
        "PUT", f"{group}/providers/Microsoft.Storage/storageAccounts/stf", {**STORAGE, "tags": {"t": "1"}}
    )
    arm.call("PUT", f"{group}/providers/Microsoft.KeyVault/vaults/kv-a", {"location": "swedencentral"})
    for query, names in (
        ("", ["kv-a", "stf"]),
        ("$filter=resourceType eq 'Microsoft.Storage/storageAccounts'", ["stf"]),
        ("$filter=tagName eq 't' and tagValue eq '1'", ["stf"]),
        ("$filter=tagName eq 't' and tagValue eq '2'", []),
        ("$filter=startswith(tagName, 't')", ["stf"]),
        ("$filter=substringof('v-', name)", ["kv-a"]),
        ("$filter=resourceType ne 'Microsoft.Storage/storageAccounts'", ["kv-a"]),
        ("$filter=name eq 'stf' or (kind eq 'x') or location ne 'swedencentral'", ["stf"]),
        ("$expand=createdTime", ["kv-a", "stf"]),
    ):
        for root in (group.path, arm.scope.path):
            answer = arm.call("GET", f"{root}/resources", query=query)
            assert sorted(item["name"] for item in answer.body["value"]) == names
            assert all("properties" not in item for item in answer.body["value"])
            assert all(("createdTime" in item) == ("createdTime" in query) for item in answer.body["value"])
    assert arm.call("GET", f"{group}/resources", query="$filter=plan eq 'x'").code == "SandboxNotModelled"


def test_a_resource_stays_where_it_is(arm: Client) -> None:
    group = arm.group()
    path = f"{group}/providers/Microsoft.KeyVault/vaults/kv-b"
    vault = arm.call("PUT", path, {"location": "swedencentral"})
    assert vault.body["properties"]["vaultUri"] == "https://kv-b.vault.azure.net/"
    answer = arm.call("PUT", path, {"location": "westeurope"})
    assert (answer.status, answer.code) == (409, "InvalidResourceLocation")


def test_list_actions_give_made_up_keys_of_their_own(arm: Client) -> None:
    group = arm.group()
    path = f"{group}/providers/Microsoft.Storage/storageAccounts/stg"
    assert arm.call("POST", f"{path}/listKeys").code == "ResourceNotFound"
    arm.call("PUT", path, STORAGE)
    keys = arm.call("POST", f"{path}/listKeys").body["keys"]
    assert [key["keyName"] for key in keys] == ["key1", "key2"]
    assert keys[0]["value"] != keys[1]["value"]
    assert arm.call("POST", f"{path}/regenerateKey", {}).code == "SandboxNotModelled"


@pytest.mark.parametrize("level", ["CanNotDelete", "ReadOnly"])
def test_locks_are_enforced_from_above_and_below(arm: Client, level: str) -> None:
    group = arm.group()
    account = f"{group}/providers/Microsoft.Storage/storageAccounts/sth"
    arm.call("PUT", account, STORAGE)
    lock = f"{group}/providers/Microsoft.Authorization/locks/keep"
    made = arm.call("PUT", lock, {"properties": {"level": level}})
    assert (made.status, made.body["properties"]["level"]) == (201, level)
    assert arm.call("PUT", lock, {"properties": {"level": level}}).status == 200
    for path in (account, group.path):
        refused = arm.call("DELETE", path)
        assert (refused.status, refused.code) == (409, "ScopeLocked")
        assert group.path in refused.body["error"]["message"]
    write = arm.call("PUT", account, STORAGE)
    assert write.status == (409 if level == "ReadOnly" else 200)
    assert [item["name"] for item in arm.call("GET", lock.rpartition("/")[0]).body["value"]] == ["keep"]
    assert arm.call("DELETE", lock).status == 200
    assert arm.call("DELETE", lock).status == 204
    assert arm.call("GET", lock).code == "LockNotFound"
    assert arm.call("DELETE", account).status == 200


def test_a_lock_on_a_resource_keeps_its_group(arm: Client) -> None:
    group = arm.group()
    account = f"{group}/providers/Microsoft.Storage/storageAccounts/sti"
    arm.call("PUT", account, STORAGE)
    arm.call(
        "PUT",
        f"{account}/providers/Microsoft.Authorization/locks/k",
        {"properties": {"level": "CanNotDelete"}},
    )
    assert arm.call("DELETE", group.path).code == "ScopeLocked"
    wrong = arm.call(
        "PUT", f"{group}/providers/Microsoft.Authorization/locks/w", {"properties": {"level": "Maybe"}}
    )
    assert wrong.status == 400


def test_tags_are_merged_replaced_and_deleted(arm: Client) -> None:
    group = arm.group(tags={"a": "1"})
    path = f"{group}/providers/Microsoft.Resources/tags/default"
    assert arm.call("GET", path).body["properties"]["tags"] == {"a": "1"}
    for operation, given, left in (
        ("Merge", {"b": "2"}, {"a": "1", "b": "2"}),
        ("Delete", {"a": "1", "b": "other"}, {"b": "2"}),
        ("Replace", {"c": "3"}, {"c": "3"}),
    ):
        answer = arm.call("PATCH", path, {"operation": operation, "properties": {"tags": given}})
        assert answer.body["properties"]["tags"] == left
    assert arm.call("GET", group.path).body["tags"] == {"c": "3"}
    assert arm.call("PUT", path, {"properties": {"tags": {"d": "4"}}}).status == 200
    assert arm.call("DELETE", path).status == 200
    assert arm.call("GET", path).body["properties"]["tags"] == {}


def test_policy_assignments_are_recorded(arm: Client) -> None:
    path = f"{arm.scope}/providers/Microsoft.Authorization/policyAssignments/audit"
    body = {"properties": {"policyDefinitionId": "/providers/Microsoft.Authorization/policySetDefinitions/x"}}
    for _ in range(2):
        made = arm.call("PUT", path, body)
        assert (made.status, made.body["properties"]["enforcementMode"]) == (201, "Default")
    assert [item["name"] for item in arm.call("GET", path.rpartition("/")[0]).body["value"]] == ["audit"]
    assert arm.call("DELETE", path).status == 200
    assert arm.call("DELETE", path).status == 204
    assert arm.call("GET", path).code == "PolicyAssignmentNotFound"
