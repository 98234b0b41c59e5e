"""Pacing: nobody is promised more than a bucket holds, and nothing waits that need not."""

from __future__ import annotations

from dataclasses import replace

from hypothesis import given
from hypothesis import strategies as st

from coe_scaffold.execution.pacing import Pacing, requests
from coe_scaffold.model.plan import Action
from coe_scaffold.model.scope import Scope
from tests.fakes.plans import FOUNDRY, assign


class Time:
    """A clock that only sleeping moves."""

    def __init__(self) -> None:
        self.now = 0.0

    def read(self) -> float:
        return self.now

    def sleep(self, seconds: float) -> None:
        self.now += seconds


def paced(burst: float = 200, per_second: float = 10) -> tuple[Pacing, Time]:
    clock = Time()
    return Pacing(burst, per_second, clock.read, clock.sleep), clock


def test_a_burst_is_free_and_then_the_refill_sets_the_pace() -> None:
    pacing, clock = paced()
    for _ in range(200):
        pacing.wait(assign(FOUNDRY))
    assert clock.now == 0
    for _ in range(50):
        pacing.wait(assign(FOUNDRY))
    assert abs(clock.now - 5.0) < 1e-6


def test_subscriptions_and_deletes_have_buckets_of_their_own() -> None:
    pacing, clock = paced(burst=1)
    step = assign(FOUNDRY)
    elsewhere = Scope.subscription_of("20000000-0000-4000-8000-000000000009")
    pacing.wait(step)
    pacing.wait(replace(step, action=Action.DELETE))
    pacing.wait(replace(step, scope=elsewhere))
    assert clock.now == 0
    pacing.wait(step)
    assert clock.now > 0


def test_changing_an_assignment_costs_a_delete_and_a_write() -> None:
    assert requests(replace(assign(FOUNDRY), action=Action.MODIFY)) == ("delete", "write")


@given(
    burst=st.integers(1, 20),
    rate=st.integers(1, 20),
    gaps=st.lists(st.floats(0, 3, allow_nan=False), min_size=1, max_size=60),
)
def test_no_window_ever_sees_more_than_the_bucket_allows(burst: int, rate: int, gaps: list[float]) -> None:
    pacing, clock = paced(burst, rate)
    sent = []
    for gap in gaps:
        clock.sleep(gap)
        pacing.wait(assign(FOUNDRY))
        sent.append(clock.now)
    for first in range(len(sent)):
        for last in range(first, len(sent)):
            allowed = burst + (sent[last] - sent[first]) * rate
            assert last - first + 1 <= allowed + 1e-6
