"""Pacing: nobody is promised more than a bucket holds, and nothing waits that need not."""

from __future__ import annotations

from itertools import pairwise
from types import SimpleNamespace
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from coe_scaffold.cloud.pacing import Pacing, PacingPolicy
from coe_scaffold.model.settings import Pace

HOME = "https://management.azure.com"
ONE = f"{HOME}/subscriptions/20000000-0000-4000-8000-000000000001/resourceGroups/rg"
OTHER = f"{HOME}/subscriptions/20000000-0000-4000-8000-000000000009/resourceGroups/rg"
TENANT = f"{HOME}/providers/Microsoft.Management/managementGroups/mg-ai"


class Time:
    """A clock that only sleeping moves."""

    def __init__(self) -> None:
        self.now = 0.0

    def read(self) -> float:
        return self.now

    def sleep(self, seconds: float) -> None:
        self.now += seconds


def paced(burst: int = 200, per_second: int = 10) -> tuple[Pacing, Time]:
    clock = Time()
    return Pacing(Pace(burst=burst, per_second=per_second), clock.read, clock.sleep), clock


def test_a_burst_is_free_and_then_the_refill_sets_the_pace() -> None:
    pacing, clock = paced()
    for _ in range(200):
        pacing.wait("PUT", ONE)
    assert clock.now == 0
    for _ in range(50):
        pacing.wait("PUT", ONE)
    assert abs(clock.now - 5.0) < 1e-6


def test_reads_have_a_larger_bucket() -> None:
    pacing, clock = paced()
    for _ in range(250):
        pacing.wait("GET", ONE)
    assert clock.now == 0
    for _ in range(50):
        pacing.wait("HEAD", ONE)
    assert abs(clock.now - 2.0) < 1e-6


def test_subscriptions_the_tenant_and_kinds_have_buckets_of_their_own() -> None:
    pacing, clock = paced(burst=1)
    for method, url in (("PUT", ONE), ("DELETE", ONE), ("GET", ONE), ("POST", OTHER), ("PATCH", TENANT)):
        pacing.wait(method, url)
    assert clock.now == 0
    pacing.wait("POST", ONE.replace("subscriptions", "SUBSCRIPTIONS"))
    assert clock.now > 0


def test_a_request_takes_its_token_where_it_is_answered() -> None:
    pacing, clock = paced(burst=10)
    for _ in range(10):
        pacing.answered(pacing.wait("PUT", ONE), "westeurope", None)
    assert clock.now == 0
    pacing.answered(pacing.wait("PUT", ONE), "northeurope", None)
    assert clock.now > 0, "the region that answered last has no token left"
    before = clock.now
    for _ in range(9):
        pacing.answered(pacing.wait("PUT", ONE), "northeurope", None)
    assert clock.now == before, "another region answers: it has a bucket of its own"
    pacing.answered(pacing.wait("PUT", ONE), "northeurope", None)
    assert clock.now > before


def test_a_subscription_may_be_served_by_another_region_than_the_next() -> None:
    pacing, _ = paced()
    pacing.answered(pacing.wait("PUT", ONE), "westeurope", None)
    assert pacing.wait("PUT", ONE).region == "westeurope"
    assert pacing.wait("PUT", OTHER).region == ""


def test_what_others_took_of_the_same_identity_counts() -> None:
    pacing, clock = paced()
    pacing.answered(pacing.wait("PUT", ONE), "westeurope", 4)
    for _ in range(5):
        pacing.wait("PUT", ONE)
    assert clock.now == 0
    pacing.wait("PUT", ONE)
    assert clock.now > 0


@pytest.mark.parametrize(("status", "free"), [(200, 1), (429, 0)])
def test_the_policy_reads_region_and_what_is_left_from_the_answer(status: int, free: int) -> None:
    pacing, clock = paced()
    policy = PacingPolicy(pacing)
    headers = {
        "x-ms-routing-request-id": "WESTEUROPE:20261124T020000Z:5b6dbb0e-6d3c-4b1e-8f0e-6f8cbd0d6a3f",
        "x-ms-ratelimit-remaining-subscription-writes": "0",
    }
    sent: list[Any] = []

    def send(request: Any) -> Any:
        sent.append(request)
        return SimpleNamespace(http_response=SimpleNamespace(headers=headers, status_code=status))

    policy.next = SimpleNamespace(send=send)  # type: ignore[assignment]
    policy.send(SimpleNamespace(http_request=SimpleNamespace(method="PUT", url=ONE)))  # type: ignore[arg-type]
    assert len(sent) == 1
    for _ in range(free):
        assert pacing.wait("PUT", ONE).region == "westeurope"
    assert clock.now == 0
    pacing.wait("PUT", ONE)
    assert clock.now > 0


@settings(deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(
    burst=st.integers(1, 20),
    rate=st.integers(1, 20),
    gaps=st.lists(
        st.tuples(st.floats(0, 3, allow_nan=False), st.sampled_from("ab")), min_size=1, max_size=60
    ),
)
def test_no_window_ever_sees_more_than_the_bucket_of_a_region_allows(
    burst: int, rate: int, gaps: list[tuple[float, str]]
) -> None:
    pacing, clock = paced(burst, rate)
    sent: dict[str, list[float]] = {"a": [], "b": []}
    for gap, region in gaps:
        clock.sleep(gap)
        pacing.answered(pacing.wait("PUT", ONE), region, None)
        sent[region].append(clock.now)
    surprises = 1 + sum(one != two for (_, one), (_, two) in pairwise(gaps))
    for times in sent.values():
        for first in range(len(times)):
            for last in range(first, len(times)):
                allowed = burst + (times[last] - times[first]) * rate
                assert last - first + 1 <= allowed + surprises + 1e-6
