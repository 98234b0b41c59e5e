"""Smaller surfaces: regions, tag names, exports of groups, what is below management groups."""

from __future__ import annotations

import uuid
from pathlib import Path

import pytest

from coe_scaffold.bicep import compile_bicep
from coe_scaffold.sandbox import registration
from tests.contract.sandbox.place import STORAGE, TENANT, Client, eventually

MANAGEMENT = "/providers/Microsoft.Management"


def test_regions_are_azures(arm: Client) -> None:
    found = {
        item["name"]: item
        for item in arm.call("GET", f"{arm.scope}/locations", version="2022-12-01").body["value"]
    }
    sweden = found["swedencentral"]
    assert (sweden["displayName"], sweden["metadata"]["geographyGroup"]) == ("Sweden Central", "Europe")
    assert len(sweden["availabilityZoneMappings"]) == 3
    old = arm.call("GET", f"{arm.scope}/locations", version="2019-11-01").body["value"][0]
    assert "type" not in old
    assert "geography" not in old["metadata"]


def test_tag_names_are_counted_and_can_be_written_down(arm: Client) -> None:
    arm.group("rg-tags", tags={"team": "ml"})
    root = f"{arm.scope}/tagNames"
    assert arm.call("PUT", f"{root}/stage").status == 201
    assert arm.call("PUT", f"{root}/stage").status == 200
    value = arm.call("PUT", f"{root}/stage/tagValues/dev")
    assert (value.status, value.body["count"]) == (201, {"type": "Total", "value": 0})
    found = {item["tagName"]: item for item in arm.call("GET", root).body["value"]}
    assert found["team"]["count"]["value"] == 1
    assert [item["tagValue"] for item in found["stage"]["values"]] == ["dev"]
    assert arm.call("DELETE", f"{root}/stage/tagValues/dev").status == 200
    assert arm.call("DELETE", f"{root}/stage/tagValues/dev").status == 204
    assert arm.call("DELETE", f"{root}/stage").status == 200
    assert arm.call("DELETE", f"{root}/stage").status == 204


@pytest.mark.parametrize("options", ["", "IncludeParameterDefaultValue", "SkipResourceNameParameterization"])
def test_a_group_is_exported_so_that_it_can_be_deployed_again(arm: Client, options: str) -> None:
    group = arm.group(f"rg-{uuid.uuid4().hex[:6]}")
    export = f"{group}/exportTemplate"
    wanted = {"resources": ["*"], "options": options}
    empty = arm.call("POST", export, wanted)
    assert (empty.status, empty.body["template"]["resources"]) == (200, [])
    account = f"{group}/providers/Microsoft.Storage/storageAccounts/stabc"
    arm.call("PUT", account, STORAGE, version="2024-01-01")
    arm.call("PUT", f"{account}/blobServices/default/containers/data", {"properties": {}})
    started = arm.call("POST", export, wanted)
    assert started.status == 202
    template = arm.poll(started.headers["location"]).body["template"]
    kinds = [item["type"] for item in template["resources"]]
    assert kinds == [
        "Microsoft.Storage/storageAccounts",
        "Microsoft.Storage/storageAccounts/blobServices/containers",
    ]
    name = "storageAccounts_stabc_name"
    needed = {name: {"value": "stabc"}} if not options else {}
    properties = {"mode": "Incremental", "template": template, "parameters": needed}
    checked = arm.call(
        "POST",
        f"{group}/providers/Microsoft.Resources/deployments/again/validate",
        {"properties": properties},
    )
    assert checked.status == 200, checked.body
    assert {item["id"] for item in checked.body["properties"]["validatedResources"]} == {
        account,
        f"{account}/blobServices/default/containers/data",
    }


def test_an_export_as_bicep_compiles_to_what_was_there(arm: Client, tmp_path: Path) -> None:
    group = arm.group("rg-bicep")
    account = f"{group}/providers/Microsoft.Storage/storageAccounts/stbcd"
    properties = {"note": "it's ${x}\n", "numbers": [1, {"deep": None}], "odd key": {}, "half": 0.5}
    arm.call("PUT", account, STORAGE, version="2024-01-01")
    arm.call("PUT", f"{account}/blobServices/default", {"properties": properties}, version="2024-01-01")
    wanted = {"resources": ["*"], "outputFormat": "Bicep", "options": "IncludeParameterDefaultValue"}
    started = arm.call("POST", f"{group}/exportTemplate", wanted)
    assert started.status == 202
    source = tmp_path / "export.bicep"
    source.write_text(arm.poll(started.headers["location"]).body["output"])
    template = compile_bicep(str(source), lambda path: Path(path).read_bytes()).template
    assert template["parameters"]["storageAccounts_stbcd_name"]["defaultValue"] == "stbcd"
    above, below = template["resources"]
    assert (above["sku"], above["location"]) == ({"name": "Standard_LRS"}, "swedencentral")
    assert below["properties"] == {**properties, "note": "it's ${x}\n", "half": "[json('0.5')]"}
    assert below["name"] == "[format('{0}/{1}', parameters('storageAccounts_stbcd_name'), 'default')]"


def test_lists_end_where_top_says_and_go_on(arm: Client) -> None:
    for number in range(3):
        arm.group(f"rg-top-{number}", tags={"team": "a b"})
    listed = f"{arm.scope}/resourceGroups"
    first = arm.call("GET", listed, query="$filter=tagName eq 'team'&$top=2").body
    assert [item["name"] for item in first["value"]] == ["rg-top-0", "rg-top-1"]
    second = arm.call("GET", first["nextLink"]).body
    assert [item["name"] for item in second["value"]] == ["rg-top-2"]
    assert "nextLink" not in second


def test_a_group_is_in_a_region_of_azure(arm: Client) -> None:
    answer = arm.call("PUT", f"{arm.scope}/resourceGroups/rg-mars", {"location": "mars"})
    assert (answer.status, answer.code) == (400, "LocationNotAvailableForResourceGroup")
    arm.group("rg-test", location="East US 2 EUAP")


def test_features_are_registered_and_unregistered(arm: Client) -> None:
    root = f"{arm.scope}/providers/Microsoft.Features"
    one = f"{root}/providers/Microsoft.Compute/features/Encryption"

    def state() -> str:
        return str(arm.call("GET", one, version="2021-07-01").body["properties"]["state"])

    assert state() == "NotRegistered"
    assert arm.call("GET", f"{root}/features", version="2021-07-01").body["value"] == []
    answer = arm.call("POST", f"{one}/register", version="2021-07-01")
    assert (answer.status, answer.body["properties"]) == (200, {"state": "Registering"})
    assert answer.body["name"] == "Microsoft.Compute/Encryption"
    eventually(lambda: state() == "Registered" or None, "never registered")
    listed = arm.call("GET", f"{root}/providers/microsoft.compute/features", version="2021-07-01").body
    assert [item["name"] for item in listed["value"]] == ["Microsoft.Compute/Encryption"]
    answer = arm.call("POST", f"{one}/unregister", version="2021-07-01")
    assert answer.body["properties"] == {"state": "Unregistering"}


def test_a_provider_is_registered_below_a_management_group(
    arm: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(registration, "_SECONDS", 0)
    name = f"mg-{uuid.uuid4().hex[:6]}"
    home = f"{MANAGEMENT}/managementGroups/{name}"
    made = arm.call("PUT", home, {"properties": {"displayName": name}}, version="2021-04-01")
    arm.poll(made.headers["location"])
    arm.call("PUT", f"{home}/subscriptions/{arm.subscription}", version="2021-04-01")
    provider = f"{arm.scope}/providers/Microsoft.Batch"
    arm.call("POST", f"{provider}/unregister")
    assert arm.call("GET", provider).body["registrationState"] == "Unregistered"
    answer = arm.call("POST", f"{home}/providers/Microsoft.Batch/register")
    assert (answer.status, answer.body) == (200, None)
    assert arm.call("GET", provider).body["registrationState"] == "Registered"
    assert arm.call("POST", f"{home}/providers/Microsoft.Nope/register").code == "InvalidResourceNamespace"


def test_reserved_words_and_the_backfill_of_a_tenant(arm: Client) -> None:
    def status(name: str) -> str:
        body = {"name": name, "type": "Microsoft.Web/sites"}
        asked = arm.call("POST", "/providers/Microsoft.Resources/checkResourceName", body)
        return str(asked.body["status"])

    assert [status(name) for name in ("shop", "my-microsoft-shop", "loginshop", "shoplogin")] == [
        "Allowed",
        "Reserved",
        "Reserved",
        "Allowed",
    ]
    for kind in ("startTenantBackfill", "tenantBackfillStatus"):
        answer = arm.call("POST", f"{MANAGEMENT}/{kind}", version="2021-04-01")
        assert answer.body == {"tenantId": TENANT, "status": "Completed"}


def test_providers_are_azures(arm: Client) -> None:
    here = arm.call("GET", f"{arm.scope}/providers/microsoft.redhatopenshift").body
    assert (here["namespace"], here["registrationState"]) == ("Microsoft.RedHatOpenShift", "Registered")
    whole = {item["namespace"]: item for item in arm.call("GET", "/providers").body["value"]}
    assert whole["Microsoft.Storage"]["id"] == "/providers/Microsoft.Storage"
    assert "registrationState" not in whole["Microsoft.Storage"]
    types = arm.call("GET", f"{arm.scope}/providers/Microsoft.Storage/resourceTypes").body["value"]
    assert types == whole["Microsoft.Storage"]["resourceTypes"]
    assert arm.call("GET", f"{arm.scope}/providers/Microsoft.Nope").code == "InvalidResourceNamespace"


def test_what_is_below_a_management_group(arm: Client) -> None:
    name = f"mg-{uuid.uuid4().hex[:6]}"
    home = f"{MANAGEMENT}/managementGroups/{name}"
    free = {"name": name, "type": "Microsoft.Management/managementGroups"}
    assert arm.call("POST", f"{MANAGEMENT}/checkNameAvailability", free).body == {"nameAvailable": True}
    arm.poll(arm.call("PUT", home, {"properties": {}}, version="2021-04-01").headers["location"])
    assert arm.call("POST", f"{MANAGEMENT}/checkNameAvailability", free).body["reason"] == "AlreadyExists"
    wrong = arm.call("POST", f"{MANAGEMENT}/checkNameAvailability", {**free, "name": "!bad"}).body
    assert (wrong["nameAvailable"], wrong["reason"]) == (False, "Invalid")
    place = f"{home}/subscriptions/{arm.subscription}"
    assert arm.call("GET", place).status == 404
    assert arm.call("PUT", place).status == 200
    assert arm.call("GET", place).body["properties"]["parent"]["id"] == home
    assert [item["name"] for item in arm.call("GET", f"{home}/subscriptions").body["value"]] == [
        arm.subscription
    ]
    below = arm.call("GET", f"{home}/descendants").body["value"]
    assert [(item["name"], item["type"]) for item in below] == [
        (arm.subscription, "Microsoft.Management/managementGroups/subscriptions")
    ]
    entities = arm.call("POST", f"{MANAGEMENT}/getEntities").body["value"]
    own = next(item for item in entities if item["name"] == arm.subscription)
    assert own["properties"]["parentNameChain"] == [TENANT, name]
    group = next(item for item in entities if item["name"] == name)
    assert group["properties"]["numberOfChildren"] == 1
    assert arm.call("DELETE", place).status == 200
    assert arm.call("DELETE", place).status == 204
    assert arm.call("DELETE", home).status == 202


def test_hierarchy_settings_are_read_and_reset(arm: Client) -> None:
    path = f"{MANAGEMENT}/managementGroups/{TENANT}/settings/default"
    arm.call("PUT", path, {"properties": {"requireAuthorizationForGroupCreation": True}})
    assert arm.call("GET", path).body["properties"]["requireAuthorizationForGroupCreation"] is True
    assert arm.call("DELETE", path).status == 200
    assert arm.call("GET", path).status == 404


def test_a_stack_without_parameters_is_validated(arm: Client) -> None:
    group = arm.group("rg-stack-plain")
    actions = {"resources": "delete", "resourceGroups": "detach", "managementGroups": "detach"}
    body = {
        "properties": {
            "template": {"contentVersion": "1.0.0.0", "resources": []},
            "actionOnUnmanage": actions,
            "denySettings": {"mode": "none"},
        }
    }
    path = f"{group}/providers/Microsoft.Resources/deploymentStacks/s/validate"
    answer = arm.poll(arm.call("POST", path, body, version="2024-03-01").headers["location"])
    assert answer.status == 200, answer.body


def test_a_stack_shows_its_defaults_since_they_have_an_api_version_and_refuses_other_words(
    arm: Client,
) -> None:
    path = f"{arm.scope}/providers/Microsoft.Resources/deploymentStacks/words"
    schema = "https://schema.management.azure.com/schemas/2018-05-01/subscriptionDeploymentTemplate.json#"
    template = {"$schema": schema, "contentVersion": "1.0.0.0", "resources": []}
    action = {"resources": "detach", "resourceGroups": "detach"}
    properties = {"template": template, "actionOnUnmanage": action, "denySettings": {"mode": "none"}}
    wanted = {"location": "swedencentral", "properties": properties}
    made = arm.call("PUT", path, wanted, version="2025-07-01")
    arm.poll(made.headers["azure-asyncoperation"])
    late = arm.call("GET", path, version="2025-07-01").body["properties"]
    assert late["actionOnUnmanage"]["resourcesWithoutDeleteSupport"] == "fail"
    assert (late["denySettings"]["excludedPrincipals"], late["denySettings"]["excludedActions"]) == ([], [])
    early = arm.call("GET", path, version="2024-03-01").body["properties"]
    assert early["actionOnUnmanage"] == {**action, "managementGroups": "detach"}
    assert early["denySettings"] == {"mode": "none", "applyToChildScopes": False}
    for change in ({"denySettings": {"mode": "some"}}, {"actionOnUnmanage": {"resources": "keep"}}):
        refused = arm.call("PUT", path, {**wanted, "properties": {**properties, **change}})
        assert (refused.status, refused.code) == (400, "InvalidRequestContent")
