"""Faults that a client must live with."""

from __future__ import annotations

import pytest

from coe_scaffold.sandbox import running
from tests.contract.sandbox.place import GROUPS, SEED, SUBSCRIPTIONS, Client

STATUS = {
    "RequestDisallowedByPolicy": 403,
    "InsufficientQuota": 400,
    "QuotaExceeded": 409,
    "OperationNotAllowed": 409,
    "MissingSubscriptionRegistration": 409,
}
GROUP = f"/subscriptions/{SUBSCRIPTIONS[0]}/resourceGroups/rg-a"


def test_an_expired_token_is_said_with_a_challenge() -> None:
    with running(None, SEED, faults="expired:1") as endpoint:
        answer = Client(endpoint).call("GET", GROUP)
    assert (answer.status, answer.code) == (401, "ExpiredAuthenticationToken")
    assert answer.headers["www-authenticate"].startswith("Bearer ")


def test_conflicts_hit_writes_only() -> None:
    with running(None, SEED, faults="conflict:1") as endpoint:
        client = Client(endpoint)
        assert client.call("PUT", GROUP, {"location": "westus"}).code == "Conflict"
        assert client.call("GET", GROUP).code == "ResourceGroupNotFound", "nothing was written"


def test_a_bucket_is_empty_in_one_region_while_another_still_answers() -> None:
    with running(None, SEED, faults="buckets:1,regions:2") as endpoint:
        client = Client(endpoint.acting_as(GROUPS[0]))
        answers = [client.call("PUT", GROUP, {"location": "westus"}) for _ in range(2)]
    regions = {answer.headers["x-ms-routing-request-id"].partition(":")[0] for answer in answers}
    assert len(regions) == 2
    left = [answer.headers["x-ms-ratelimit-remaining-subscription-writes"] for answer in answers]
    assert left == ["199", "199"]


def test_slow_work_is_seen_going_on() -> None:
    with running(None, SEED, faults="slow:600s") as endpoint:
        client = Client(endpoint)
        client.group()
        location = client.call("DELETE", GROUP).headers["location"]
        assert client.call("GET", location).status == 202
        assert client.call("GET", GROUP).body["properties"]["provisioningState"] == "Deleting"


@pytest.mark.parametrize(("code", "status"), STATUS.items())
def test_resources_of_a_type_are_refused_with_the_code_that_was_asked_for(code: str, status: int) -> None:
    account = f"{GROUP}/providers/Microsoft.Storage/storageAccounts/sta"
    with running(None, SEED, faults=f"refuse:Microsoft.Storage/storageAccounts={code}") as endpoint:
        client = Client(endpoint)
        client.group()
        answer = client.call(
            "PUT", account, {"location": "westus", "kind": "StorageV2", "sku": {"name": "x"}}
        )
        assert (answer.status, answer.code) == (status, code)
        assert client.call("GET", account).status == 404, "nothing was written"
