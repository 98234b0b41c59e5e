"""A session's requests keep to the token buckets that a sandbox enforces, whatever region answers."""

from __future__ import annotations

from collections import Counter
from typing import Any

import pytest

from coe_scaffold.cloud import raw
from coe_scaffold.cloud.pacing import PacingPolicy
from coe_scaffold.cloud.session import connect
from coe_scaffold.model.scope import Scope
from coe_scaffold.model.settings import Cloud, Pace
from coe_scaffold.sandbox import buckets, running
from tests.contract.sandbox.place import SEED, SUBSCRIPTIONS

HOME = Scope.subscription_of(SUBSCRIPTIONS[0])


def test_no_request_is_refused_when_the_bucket_is_empty(monkeypatch: pytest.MonkeyPatch) -> None:
    answers: Counter[int] = Counter()
    send = PacingPolicy.send

    def counting(policy: PacingPolicy, request: Any) -> Any:
        answer = send(policy, request)
        answers[answer.http_response.status_code] += 1
        return answer

    monkeypatch.setattr(PacingPolicy, "send", counting)
    monkeypatch.setattr(buckets, "_SIZES", {"reads": (9.0, 9.0), "writes": (3.0, 2.0)})
    with running(None, SEED, faults="buckets:1") as endpoint:
        for pace in (Pace(burst=3, per_second=2), Pace()):
            session = connect(Cloud.SANDBOX, endpoint=endpoint.url, token=endpoint.token, pace=pace)
            for _ in range(5):
                raw.post(session.clients, f"{HOME.path}/providers/Microsoft.Search/register", "2021-04-01")
            session.close()
            assert answers.pop(200) == 5
            assert bool(answers[429]) is (pace == Pace()), (
                "a session that thinks the bucket is larger is refused"
            )


def test_the_region_that_answers_is_known_for_each_subscription() -> None:
    with running(None, SEED, faults="regions:2") as endpoint:
        session = connect(Cloud.SANDBOX, endpoint=endpoint.url, token=endpoint.token)
        seen = []
        for _ in range(4):
            session.observer.resource_groups(HOME)
            seen.append(session.clients.connection.pacing.wait("GET", f"{endpoint.url}{HOME.path}").region)
        other = session.clients.connection.pacing.wait("GET", f"{endpoint.url}/providers/x").region
        session.close()
    assert seen[0] != seen[1]
    assert seen == [seen[0], seen[1]] * 2
    assert other == ""
