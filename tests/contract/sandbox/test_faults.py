"""Faults that a client must live with."""

from __future__ import annotations

from coe_scaffold.sandbox import running
from tests.contract.sandbox.place import SEED, SUBSCRIPTIONS, Client

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


def test_slow_work_is_seen_going_on() -> None:
    with running(None, SEED, faults="slow:300ms") as endpoint:
        client = Client(endpoint)
        client.group()
        location = client.call("DELETE", GROUP).headers["location"]
        assert client.call("GET", location).status == 202
        assert client.call("GET", GROUP).body["properties"]["provisioningState"] == "Deleting"
