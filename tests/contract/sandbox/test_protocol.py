"""What every answer has, whatever was asked: routing, versions, authentication, headers."""

from __future__ import annotations

from tests.contract.sandbox.place import TENANT, Client


def test_paths_are_matched_without_regard_to_case_and_doubled_slashes(arm: Client) -> None:
    arm.group("rg-Case")
    loud = f"//SUBSCRIPTIONS//{arm.subscription}/RESOURCEGROUPS/RG-CASE/"
    answer = arm.call("GET", loud)
    assert answer.status == 200
    assert answer.body["id"] == f"/subscriptions/{arm.subscription}/resourceGroups/rg-Case"


def test_api_version_is_required_and_a_date(arm: Client) -> None:
    path = f"/subscriptions/{arm.subscription}"
    missing = arm.call("GET", path, version="")
    assert (missing.status, missing.code) == (400, "MissingApiVersionParameter")
    wrong = arm.call("GET", path, version="latest")
    assert (wrong.status, wrong.code) == (400, "InvalidApiVersionParameter")
    assert arm.call("GET", path, version="2022-04-01-preview").status == 200


def test_a_token_is_required_and_challenged(arm: Client) -> None:
    path = f"/subscriptions/{arm.subscription}"
    none = arm.call("GET", path, headers={"authorization": ""})
    assert (none.status, none.code) == (401, "AuthenticationFailed")
    assert TENANT in none.headers["www-authenticate"]
    wrong = arm.call("GET", path, headers={"authorization": "Bearer guess"})
    assert (wrong.status, wrong.code) == (401, "InvalidAuthenticationToken")


def test_only_loopback_names_are_answered(arm: Client) -> None:
    answer = arm.call("GET", "/subscriptions", headers={"host": "management.example:80"})
    assert (answer.status, answer.code) == (403, "Forbidden")


def test_each_answer_can_be_traced_and_counts_down(arm: Client) -> None:
    path = f"/subscriptions/{arm.subscription}"
    first = arm.call("GET", path, headers={"x-ms-correlation-request-id": "abc"})
    second = arm.call("GET", path, headers={"x-ms-client-request-id": "mine"})
    assert first.headers["x-ms-correlation-request-id"] == "abc"
    assert second.headers["x-ms-client-request-id"] == "mine"
    assert first.headers["x-ms-request-id"] != second.headers["x-ms-request-id"]
    remaining = "x-ms-ratelimit-remaining-subscription-reads"
    assert int(first.headers[remaining]) == 249
    assert int(second.headers[remaining]) in (248, 249)
    assert int(first.headers["x-ms-ratelimit-remaining-subscription-global-reads"]) == 3749
    region, _, number = first.headers["x-ms-routing-request-id"].split(":")
    assert (region.isupper(), number) == (True, first.headers["x-ms-request-id"])
    wide = arm.call("GET", "/tenants")
    assert "x-ms-ratelimit-remaining-tenant-reads" in wide.headers


def test_refusals_say_who_refused(arm: Client) -> None:
    group = arm.call("GET", f"/subscriptions/{arm.subscription}/resourceGroups/none")
    assert (group.status, group.code) == (404, "ResourceGroupNotFound")
    assert group.headers["x-ms-failure-cause"] == "gateway"
    role = arm.call(
        "GET", f"/subscriptions/{arm.subscription}/providers/Microsoft.Authorization/roleDefinitions/x"
    )
    assert (role.status, role.code) == (404, "RoleDefinitionDoesNotExist")
    assert "x-ms-failure-cause" not in role.headers


def test_broken_content_and_wrong_methods_are_refused(arm: Client) -> None:
    path = f"/subscriptions/{arm.subscription}/resourceGroups/rg-x"
    broken = arm.call("PUT", path, "{not json")
    assert (broken.status, broken.code) == (400, "InvalidRequestContent")
    listed = arm.call("PUT", path, [])
    assert (listed.status, listed.code) == (400, "InvalidRequestContent")
    method = arm.call("PUT", "/subscriptions")
    assert (method.status, method.code) == (405, "MethodNotAllowed")


def test_what_is_not_modelled_says_so(arm: Client) -> None:
    group = arm.group()
    for path in (
        f"{group}/providers/Microsoft.Authorization/accessReviews/p",
        f"{group}/providers/Microsoft.Resources/classicThings/s",
    ):
        answer = arm.call("PUT", path, {"properties": {}})
        assert (answer.status, answer.code) == (501, "SandboxNotModelled"), path
    unknown = arm.call("PUT", f"{group}/providers/Contoso.Made/up/x", {})
    assert (unknown.status, unknown.code) == (400, "InvalidResourceNamespace")


def test_subscriptions_tenants_and_management_groups(arm: Client) -> None:
    one = arm.call("GET", f"/subscriptions/{arm.subscription}").body
    assert (one["subscriptionId"], one["tenantId"], one["state"]) == (arm.subscription, TENANT, "Enabled")
    assert one in arm.call("GET", "/subscriptions").body["value"]
    assert arm.call("GET", "/tenants").body["value"][0]["tenantId"] == TENANT
    missing = arm.call("GET", f"/subscriptions/{TENANT}")
    assert (missing.status, missing.code) == (404, "SubscriptionNotFound")
    groups = "/providers/Microsoft.Management/managementGroups"
    assert arm.call("GET", f"{groups}/mg-ai").body["name"] == "mg-ai"
    assert "mg-ai" in [item["name"] for item in arm.call("GET", groups).body["value"]]
    assert arm.call("GET", f"{groups}/none").status == 404


def test_providers_are_registered(arm: Client) -> None:
    root = f"/subscriptions/{arm.subscription}/providers"
    listed = {item["namespace"] for item in arm.call("GET", root).body["value"]}
    assert {"Microsoft.CognitiveServices", "Microsoft.KeyVault", "Microsoft.Resources"} <= listed
    for answer in (
        arm.call("GET", f"{root}/microsoft.storage"),
        arm.call("POST", f"{root}/microsoft.storage/register"),
    ):
        assert (answer.status, answer.body["registrationState"]) == (200, "Registered")
        assert "storageAccounts" in [item["resourceType"] for item in answer.body["resourceTypes"]]
    assert arm.call("GET", f"{root}/Contoso.Nothing").status == 404
