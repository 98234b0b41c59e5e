"""Deployments: status codes, polling, what-if, failures, cancel, history."""

from __future__ import annotations

import json
from typing import Any

import pytest

from coe_scaffold.model.scope import Scope
from coe_scaffold.sandbox.surfaces import deployments as surface
from tests.contract.sandbox.place import STORAGE, Answer, Client, inner_template, outer_template

V = "2025-04-01"
SUB_SCHEMA = "https://schema.management.azure.com/schemas/2018-05-01/subscriptionDeploymentTemplate.json#"


def request(
    template: dict[str, Any], *, location: str = "swedencentral", **parameters: Any
) -> dict[str, Any]:
    values = {name: {"value": value} for name, value in parameters.items()}
    body = {"properties": {"mode": "Incremental", "template": template, "parameters": values}}
    return {**body, "location": location} if location else body


def resources(*found: dict[str, Any], schema: str = SUB_SCHEMA) -> dict[str, Any]:
    return {"$schema": schema, "contentVersion": "1.0.0.0", "resources": list(found)}


def at(scope: Scope, name: str = "main", action: str = "") -> str:
    return f"{scope}/providers/Microsoft.Resources/deployments/{name}{action}"


def deploy(arm: Client, body: dict[str, Any], scope: Scope | None = None, name: str = "main") -> Answer:
    started = arm.call("PUT", at(scope or arm.scope, name), body, version=V)
    assert started.status in (200, 201), started.body
    return arm.poll(started.headers["azure-asyncoperation"])


def changes(arm: Client, body: dict[str, Any], scope: Scope | None = None) -> dict[str, dict[str, Any]]:
    started = arm.call("POST", at(scope or arm.scope, action="/whatIf"), body, version=V)
    assert (started.status, started.body) == (202, None)
    done = arm.poll(started.headers["location"])
    assert (done.status, done.body["status"]) == (200, "Succeeded"), done.body
    return {item["resourceId"].rsplit("/", 1)[-1]: item for item in done.body["properties"]["changes"]}


def test_outputs_are_held_against_their_types_when_the_deployment_ends(arm: Client) -> None:
    template = {
        "contentVersion": "1.0.0.0",
        "resources": [],
        "outputs": {"o": {"type": "string", "value": 1}},
    }
    body = {"location": "swedencentral", "properties": {"mode": "Incremental", "template": template}}
    assert arm.call("POST", at(arm.scope, "untyped", "/validate"), body, version=V).status == 200
    ended = deploy(arm, body, name="untyped")
    assert (ended.status, ended.body["status"]) == (200, "Failed")
    assert ended.body["error"]["details"][0]["code"] == "DeploymentOutputEvaluationFailed"


def test_put_is_accepted_polled_and_shown(arm: Client) -> None:
    started = arm.call("PUT", at(arm.scope), request(outer_template(), name="abc"), version=V)
    assert started.status == 201
    assert started.body["properties"]["provisioningState"] == "Accepted"
    assert started.headers["x-ms-retry-after-ms"] == "50"
    assert "location" not in started.headers
    status = started.headers["azure-asyncoperation"]
    assert "/operationStatuses/" in status
    done = arm.poll(status)
    assert (done.status, done.body) == (200, {"status": "Succeeded"})
    shown = arm.call("GET", at(arm.scope), version=V).body
    assert shown["location"] == "swedencentral"
    properties = shown["properties"]
    assert properties["outputs"]["blob"] == {
        "type": "String",
        "value": "https://stabc.blob.core.windows.net/",
    }
    assert len(properties["outputResources"]) == 5
    assert properties["parameters"] == {
        "name": {"type": "String", "value": "abc"},
        "sku": {"type": "String", "value": "Standard_LRS"},
    }, "defaults are shown as well"
    kinds = [
        {"resourceType": "resourceGroups", "locations": ["swedencentral"]},
        {"resourceType": "deployments", "locations": [None]},
    ]
    own = [{"namespace": "Microsoft.Resources", "resourceTypes": kinds}]
    assert properties["providers"] == own, "what the outer template declares"
    again = arm.call("PUT", at(arm.scope), request(outer_template(), name="abc"), version=V)
    assert again.status == 200
    arm.poll(again.headers["azure-asyncoperation"])


def test_nested_deployments_and_operations_are_recorded(arm: Client) -> None:
    deploy(arm, request(outer_template(), name="abc"))
    outer = arm.call("GET", at(arm.scope, action="/operations"), version=V).body["value"]
    types = [item["properties"].get("targetResource", {}).get("resourceType") for item in outer]
    assert types == ["Microsoft.Resources/resourceGroups", "Microsoft.Resources/deployments", None]
    assert outer[-1]["properties"]["provisioningOperation"] == "EvaluateDeploymentOutput"
    one = arm.call("GET", at(arm.scope, action=f"/operations/{outer[0]['operationId']}"), version=V)
    number = outer[0]["properties"]["trackingId"]
    assert one.body["properties"] == {**outer[0]["properties"], "serviceRequestId": number}
    group = arm.scope.group("rg-a")
    inner = arm.call("GET", at(group, "inner"), version=V).body
    assert inner["properties"]["provisioningState"] == "Succeeded"
    old_path = f"/subscriptions/{arm.subscription}/resourcegroups/rg-a/deployments/inner/operations"
    operations = arm.call("GET", old_path, version=V).body["value"]
    assert [item["properties"]["statusCode"] for item in operations] == ["Created"] * 4
    assert operations == arm.call("GET", at(group, "inner", "/operations"), version=V).body["value"]


def test_what_if_agrees_with_what_is_deployed(arm: Client) -> None:
    body = request(outer_template(), name="abc")
    before = changes(arm, body)
    assert {item["changeType"] for item in before.values()} == {"Create"}
    assert len(before) == 5
    deploy(arm, body)
    after = changes(arm, body)
    assert after.keys() == before.keys()
    assert {item["changeType"] for item in after.values()} == {"NoChange"}
    deploy(arm, body)
    assert {item["changeType"] for item in changes(arm, body).values()} == {"NoChange"}


def test_what_if_names_each_property_that_differs(arm: Client) -> None:
    deploy(arm, request(outer_template(), name="abc"))
    changed = changes(arm, request(outer_template(), name="abc", sku="Standard_GRS"))
    assert {
        name: item["changeType"] for name, item in changed.items() if item["changeType"] != "NoChange"
    } == {"stabc": "Modify"}
    assert changed["stabc"]["delta"] == [
        {
            "path": "sku.name",
            "propertyChangeType": "Modify",
            "before": "Standard_LRS",
            "after": "Standard_GRS",
        }
    ]
    account = f"{arm.scope}/resourceGroups/rg-a/providers/Microsoft.Storage/storageAccounts/stabc"
    arm.call("PATCH", account, {"tags": {"by": "hand"}})
    drifted = changes(arm, request(outer_template(), name="abc"))["stabc"]
    assert drifted["delta"] == [{"path": "tags", "propertyChangeType": "Delete", "before": {"by": "hand"}}]
    assert "primaryEndpoints" not in drifted["before"]["properties"]


def test_what_if_at_a_group_ignores_or_deletes_the_rest(arm: Client) -> None:
    group = arm.group()
    arm.call("PUT", f"{group}/providers/Microsoft.Storage/storageAccounts/stother", STORAGE)
    body = request(inner_template(), location="", name="abc")
    assert changes(arm, body, group)["stother"]["changeType"] == "Ignore"
    body["properties"]["mode"] = "Complete"
    assert changes(arm, body, group)["stother"]["changeType"] == "Delete"
    deploy(arm, body, group)
    assert arm.call("GET", f"{group}/providers/Microsoft.Storage/storageAccounts/stother").status == 404
    assert arm.call("GET", f"{group}/providers/Microsoft.Storage/storageAccounts/stabc").status == 200


def test_validate_answers_at_once_except_for_templates(arm: Client) -> None:
    body = request(outer_template(), name="abc")
    answer = arm.call("POST", at(arm.scope, action="/validate"), body, version=V)
    assert (answer.status, answer.body["properties"]["provisioningState"]) == (200, "Succeeded")
    assert len(answer.body["properties"]["validatedResources"]) == 6, "with the nested deployment"
    assert arm.call("GET", at(arm.scope), version=V).code == "DeploymentNotFound"
    body["properties"]["validationLevel"] = "Template"
    later = arm.call("POST", at(arm.scope, action="/validate"), body, version=V)
    assert later.status == 202
    assert arm.poll(later.headers["location"]).body["properties"]["validationLevel"] == "Template"


@pytest.mark.parametrize("action", ["", "/validate"])
def test_a_template_that_is_refused(arm: Client, action: str) -> None:
    method = "POST" if action else "PUT"
    answer = arm.call(method, at(arm.scope, action=action), request(outer_template()), version=V)
    assert (answer.status, answer.code) == (400, "InvalidTemplate")
    assert "'name'" in answer.body["error"]["message"]
    assert answer.body["error"]["additionalInfo"][0]["info"]["path"].startswith(
        "properties.template.parameters"
    )
    assert answer.headers["x-ms-failure-cause"] == "gateway"


def test_requests_that_are_refused(arm: Client) -> None:
    for scope, body, status, code in (
        (arm.scope, request(outer_template(), location="", name="abc"), 400, "InvalidDeployment"),
        (arm.scope, {"location": "swedencentral"}, 400, "InvalidRequestContent"),
        (arm.scope, {"location": "x", "properties": {}}, 400, "LocationNotAvailableForDeployment"),
        (arm.scope, {"location": "westus", "properties": {"mode": "Incremental"}}, 400, "InvalidDeployment"),
        (arm.scope, {"location": "westus", "properties": {"mode": "Other"}}, 400, "InvalidRequestContent"),
        (arm.scope, {"location": "westus", "properties": {"mode": "Complete"}}, 400, "InvalidDeployment"),
        (arm.group(), request(inner_template(), name="abc"), 400, "InvalidDeployment"),
        (arm.scope.group("no"), request(inner_template(), name="abc"), 404, "ResourceGroupNotFound"),
        (
            arm.scope,
            {"location": "westus", "properties": {"templateLink": {"uri": "https://x"}}},
            400,
            "InvalidContentLink",
        ),
    ):
        answer = arm.call("PUT", at(scope), body, version=V)
        assert (answer.status, answer.code) == (status, code)


def test_a_failure_is_http_200_with_the_chain_of_causes(arm: Client) -> None:
    inner = inner_template()
    inner["resources"][3]["properties"]["principalId"] = "99999999-0000-4000-8000-000000000001"
    done = deploy(arm, request(outer_template(inner), name="abc"))
    assert (done.status, done.body["status"]) == (200, "Failed")
    error, codes = done.body["error"], []
    while error:
        codes.append(error["code"])
        error = (error.get("details") or [None])[0]
    assert codes == ["DeploymentFailed", "ResourceDeploymentFailure", "DeploymentFailed", "PrincipalNotFound"]
    for scope, name in ((arm.scope, "main"), (arm.scope.group("rg-a"), "inner")):
        assert arm.call("GET", at(scope, name), version=V).body["properties"]["provisioningState"] == "Failed"
        operations = arm.call("GET", at(scope, name, "/operations"), version=V).body["value"]
        failed = [item for item in operations if item["properties"]["provisioningState"] == "Failed"]
        assert len(failed) == 1
        assert failed[0]["properties"]["statusMessage"]["error"]["code"] in codes
    account = f"{arm.scope}/resourceGroups/rg-a/providers/Microsoft.Storage/storageAccounts/stabc"
    assert arm.call("GET", account).status == 200, "what came before the failure stands"


def test_a_deployment_keeps_its_location(arm: Client) -> None:
    deploy(arm, request(resources()))
    moved = arm.call("PUT", at(arm.scope), request(resources(), location="westeurope"), version=V)
    assert (moved.status, moved.code) == (409, "InvalidDeploymentLocation")


def test_history_is_listed_exported_and_deleted(arm: Client) -> None:
    template = resources()
    for name in ("one", "two"):
        deploy(arm, request(template), name=name)
    listed = arm.call("GET", at(arm.scope).rpartition("/")[0], version=V).body["value"]
    assert [item["name"] for item in listed] == ["two", "one"]
    failed = arm.call(
        "GET", at(arm.scope).rpartition("/")[0], version=V, query="$filter=provisioningState eq 'Failed'"
    )
    assert failed.body["value"] == []
    exported = arm.call("POST", at(arm.scope, "one", "/exportTemplate"), version=V)
    assert exported.body == {"template": template}
    assert arm.call("HEAD", at(arm.scope, "one"), version=V).status == 204
    gone = arm.call("DELETE", at(arm.scope, "one"), version=V)
    assert gone.status == 202
    assert arm.poll(gone.headers["location"]).status == 204
    assert arm.call("DELETE", at(arm.scope, "one"), version=V).status == 204
    assert arm.call("HEAD", at(arm.scope, "one"), version=V).status == 404
    assert arm.call("GET", at(arm.scope, "one"), version=V).code == "DeploymentNotFound"


def test_a_deployment_can_be_cancelled_until_somebody_asks_after_it(
    arm: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(surface, "_PATIENCE", 600)
    started = arm.call("PUT", at(arm.scope), request(resources()), version=V)
    assert arm.call("POST", at(arm.scope, action="/cancel"), version=V).status == 204
    assert arm.poll(started.headers["azure-asyncoperation"]).body == {"status": "Canceled"}
    assert arm.call("GET", at(arm.scope), version=V).body["properties"]["provisioningState"] == "Canceled"


def test_dependencies_are_shown_as_declared_and_as_asked_for(arm: Client) -> None:
    account = "resourceId('Microsoft.Storage/storageAccounts', 'stasked')"
    template = resources(
        {
            "type": "Microsoft.Storage/storageAccounts",
            "apiVersion": "2024-01-01",
            "name": "stasked",
            **STORAGE,
        },
        {
            "type": "Microsoft.Storage/storageAccounts/blobServices",
            "apiVersion": "2024-01-01",
            "name": "stasked/default",
            "dependsOn": [f"[{account}]"],
            "properties": {
                "endpoint": f"[reference({account}, '2024-01-01').primaryEndpoints.blob]",
                "key": f"[listKeys({account}, '2024-01-01').keys[0].value]",
            },
        },
        schema="https://schema.management.azure.com/schemas/2019-04-01/deploymentTemplate.json#",
    )
    answer = arm.call("PUT", at(arm.group()), request(template, location=""), version=V)
    home = {"id": f"{arm.group()}/providers/Microsoft.Storage/storageAccounts/stasked"}
    home |= {"resourceType": "Microsoft.Storage/storageAccounts", "resourceName": "stasked"}
    [one] = answer.body["properties"]["dependencies"]
    assert one["resourceName"] == "stasked/default"
    assert one["dependsOn"] == [
        home,
        {**home, "apiVersion": "2024-01-01"},
        {**home, "apiVersion": "2024-01-01", "actionName": "listKeys"},
    ]


def test_a_long_name_is_refused(arm: Client) -> None:
    answer = arm.call("PUT", at(arm.scope, "d" * 65), request(resources()), version=V)
    assert (answer.status, answer.code) == (400, "InvalidDeployment")


def test_the_hash_of_a_template(arm: Client) -> None:
    answer = arm.call("POST", "/providers/Microsoft.Resources/calculateTemplateHash", resources())
    assert json.loads(answer.body["minifiedTemplate"]) == resources()
    started = arm.call("PUT", at(arm.scope), request(resources()), version=V)
    assert started.body["properties"]["templateHash"] == answer.body["templateHash"]


def test_a_finished_deployment_cannot_be_cancelled(arm: Client) -> None:
    deploy(arm, request(resources()))
    answer = arm.call("POST", at(arm.scope, action="/cancel"), version=V)
    assert (answer.status, answer.code) == (409, "DeploymentCannotBeCancelled")


def test_deployments_at_management_group_and_tenant(arm: Client) -> None:
    schema = "https://schema.management.azure.com/schemas/2019-08-01/{}DeploymentTemplate.json#"
    for scope, kind in ((Scope.management_group("mg-ai"), "managementGroup"), (Scope.tenant(), "tenant")):
        name = f"d-{arm.subscription[-2:]}"
        path = at(scope, name) if scope.path != "/" else at(Scope(""), name)
        started = arm.call("PUT", path, request(resources(schema=schema.format(kind))), version=V)
        assert started.status == 201, started.body
        assert arm.poll(started.headers["azure-asyncoperation"]).body == {"status": "Succeeded"}


def test_hundreds_of_resources_in_one_deployment(arm: Client) -> None:
    arm.group()
    count = 700
    template = resources(
        {
            "type": "Microsoft.ManagedIdentity/userAssignedIdentities",
            "apiVersion": "2023-01-31",
            "name": "[format('id-{0}', copyIndex())]",
            "location": "swedencentral",
            "copy": {"name": "many", "count": count},
        },
        schema="https://schema.management.azure.com/schemas/2019-04-01/deploymentTemplate.json#",
    )
    done = deploy(arm, request(template, location=""), arm.scope.group("rg-a"))
    assert done.body == {"status": "Succeeded"}
    listed = arm.call("GET", f"{arm.scope}/resourceGroups/rg-a/resources").body["value"]
    assert len(listed) == count
