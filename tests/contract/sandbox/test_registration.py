"""Resource providers: registered by whoever may, asked for before a resource is written."""

from __future__ import annotations

import time
from collections.abc import Iterator
from typing import Any

import pytest
from azure.core.rest import HttpRequest

from coe_scaffold.cloud.session import connect
from coe_scaffold.model.settings import Cloud
from coe_scaffold.sandbox import running
from tests.contract.sandbox.place import GROUPS, SEED, STORAGE, Client, eventually

CONTRIBUTOR = "b24988ac-6180-42a0-ab88-20f7382dd24c"
IDENTITY = "Microsoft.ManagedIdentity/userAssignedIdentities"


@pytest.fixture
def fresh() -> Iterator[Client]:
    """A sandbox whose subscriptions have registered hardly anything."""
    with running(None, SEED, faults="unregistered:1") as endpoint:
        yield Client(endpoint)


def state(client: Client, namespace: str) -> str:
    answer = client.call("GET", f"{client.scope}/providers/{namespace}")
    return str(answer.body["registrationState"])


def wait(client: Client, namespace: str, wanted: str) -> None:
    eventually(lambda: state(client, namespace) == wanted or None, f"{namespace} never is {wanted}")


def template(kind: str = IDENTITY) -> dict[str, Any]:
    resource = {"type": kind, "apiVersion": "2023-01-31", "name": "x", "location": "westus", "properties": {}}
    return {"contentVersion": "1.0.0.0", "resources": [resource]}


def test_a_resource_of_an_unregistered_provider_is_refused_as_arm_does(fresh: Client) -> None:
    group = fresh.group()
    answer = fresh.call("PUT", f"{group}/providers/{IDENTITY}/x", {"location": "westus"})
    message = (
        "The subscription is not registered to use namespace 'Microsoft.ManagedIdentity'. See "
        "https://aka.ms/rps-not-found for how to register subscriptions."
    )
    detail = {
        "code": "MissingSubscriptionRegistration",
        "target": "Microsoft.ManagedIdentity",
        "message": message,
    }
    assert answer.status == 409
    assert answer.body == {"error": {"code": detail["code"], "message": message, "details": [detail]}}
    assert answer.headers["x-ms-failure-cause"] == "gateway"


def test_registering_takes_a_moment_and_can_be_taken_back(fresh: Client) -> None:
    namespace = "Microsoft.ManagedIdentity"
    assert state(fresh, namespace) == "NotRegistered"
    answer = fresh.call("POST", f"{fresh.scope}/providers/{namespace}/register")
    assert (answer.status, answer.body["registrationState"]) == (200, "Registering")
    wait(fresh, namespace, "Registered")
    path = f"{fresh.group()}/providers/{IDENTITY}/x"
    assert fresh.call("PUT", path, {"location": "westus"}, version="2023-01-31").status == 201
    refused = fresh.call("POST", f"{fresh.scope}/providers/{namespace}/unregister")
    assert refused.status == 501, "the service refuses it too, with a code nobody recorded"
    fresh.call("DELETE", path)
    answer = fresh.call("POST", f"{fresh.scope}/providers/{namespace}/unregister")
    assert answer.body["registrationState"] == "Unregistering"
    wait(fresh, namespace, "Unregistered")
    again = fresh.call("PUT", path, {"location": "westus"})
    assert "registration is in 'Unregistered' state" in again.body["error"]["message"]
    assert again.body["error"]["details"][0]["target"] == namespace


def test_a_template_registers_what_it_names_if_its_caller_may(fresh: Client) -> None:
    group = fresh.group()
    deployment = f"{group}/providers/Microsoft.Resources/deployments/d"
    body = {"properties": {"mode": "Incremental", "template": template()}}
    ended = fresh.poll(fresh.call("PUT", deployment, body).headers["azure-asyncoperation"])
    assert ended.body == {"status": "Succeeded"}
    assert state(fresh, "Microsoft.ManagedIdentity") in ("Registering", "Registered")


def test_a_template_of_somebody_who_may_not_register_fails(fresh: Client) -> None:
    group = fresh.group()
    role = f"{fresh.scope}/providers/Microsoft.Authorization/roleDefinitions/{CONTRIBUTOR}"
    given = {"properties": {"roleDefinitionId": role, "principalId": GROUPS[0]}}
    place = f"{group}/providers/Microsoft.Authorization/roleAssignments/{GROUPS[0]}"
    assert fresh.call("PUT", place, given, version="2022-04-01").status == 201
    caller = Client(fresh.endpoint.acting_as(GROUPS[0]))
    deployment = f"{group}/providers/Microsoft.Resources/deployments/d"
    body = {"properties": {"mode": "Incremental", "template": template()}}
    ended = caller.poll(caller.call("PUT", deployment, body).headers["azure-asyncoperation"])
    assert ended.body["error"]["details"][0]["code"] == "MissingSubscriptionRegistration"
    assert state(fresh, "Microsoft.ManagedIdentity") == "NotRegistered"


def test_the_sdk_registers_by_itself_and_writes_again(fresh: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    real = time.sleep
    monkeypatch.setattr("azure.mgmt.core.policies._base.time.sleep", lambda _: real(0.05))
    group = fresh.group()
    session = connect(Cloud.SANDBOX, endpoint=fresh.endpoint.url, token=fresh.endpoint.token)
    try:
        path = f"{group}/providers/Microsoft.Storage/storageAccounts/stabc?api-version=2024-01-01"
        request = HttpRequest("PUT", fresh.endpoint.url + path, json=dict(STORAGE))
        answer = session.clients.sender().send_request(request)
    finally:
        session.close()
    assert answer.status_code == 201
    assert state(fresh, "Microsoft.Storage") == "Registered"


def test_everything_is_registered_without_the_fault(arm: Client) -> None:
    found = arm.call("GET", f"{arm.scope}/providers").body["value"]
    assert {item["registrationState"] for item in found} == {"Registered"}
    compute = next(item for item in found if item["namespace"] == "Microsoft.Compute")
    machines = next(item for item in compute["resourceTypes"] if item["resourceType"] == "virtualMachines")
    assert {"apiVersions", "locations", "capabilities", "zoneMappings"} <= set(machines)


def test_what_a_provider_tells_of_its_types_depends_on_the_api_version(arm: Client) -> None:
    def members(version: str) -> list[set[str]]:
        path = f"{arm.scope}/providers/Microsoft.KeyVault"
        return [set(kind) for kind in arm.call("GET", path, version=version).body["resourceTypes"]]

    first, second, today = map(members, ("2018-02-01", "2018-05-01", "2022-09-01"))
    assert [any("defaultApiVersion" in kind for kind in shown) for shown in (first, second)] == [False, True]
    assert 0 < sum("capabilities" in kind for kind in second) < len(second)
    assert all("capabilities" in kind for kind in today)
