"""The rollout: step by step, tested at each, and back to the old version whatever goes wrong."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

import pytest

from {{ cookiecutter.package_name }}.rollout import Shift, serving, shift


@dataclass
class Service:
    """Two versions in memory; ``sick_at`` is the percentage at which the new one stops answering."""

    now: dict[str, int] = field(default_factory=lambda: {"old": 100})
    sick_at: int = 101
    broken_at: int = 101
    log: list[str] = field(default_factory=list)

    def shares(self) -> Mapping[str, int]:
        return self.now

    def route(self, shares: Mapping[str, int]) -> None:
        assert sum(shares.values()) == 100
        self.now = dict(shares)
        self.log.append(f"new {shares.get('new', 0)}")
        if shares.get("new", 0) >= self.broken_at:
            raise ConnectionError("the service is away")

    def healthy(self, version: str) -> bool:
        self.log.append(f"test {version}")
        return self.now.get(version, 0) < self.sick_at

    def shift(self) -> Shift:
        return shift(self, "new", pause=lambda: self.log.append("pause"))


def test_requests_move_in_steps_and_each_is_tested() -> None:
    service = Service()
    assert service.shift() == Shift(True, "new has all requests; old is kept for the way back")
    assert service.now == {"old": 0, "new": 100}
    steps = [line for step in (10, 50, 100) for line in (f"new {step}", "pause", "test new")]
    assert service.log == ["test new", *steps]


def test_a_version_that_is_sick_from_the_start_never_gets_a_request() -> None:
    service = Service(sick_at=0)
    assert not service.shift().done
    assert service.log == ["test new", "new 0"]


@pytest.mark.parametrize("step", [10, 50, 100])
def test_a_version_that_fails_under_load_gives_everything_back(step: int) -> None:
    service = Service(sick_at=step)
    assert service.shift() == Shift(False, f"new is not healthy at {step} %: old has all requests")
    assert service.now == {"old": 100, "new": 0}


def test_requests_go_back_when_the_service_fails_in_between() -> None:
    service = Service(broken_at=50)
    with pytest.raises(ConnectionError):
        service.shift()
    assert service.now == {"old": 100, "new": 0}


def test_requests_go_back_when_somebody_interrupts() -> None:
    service = Service()

    def interrupted() -> None:
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        shift(service, "new", pause=interrupted)
    assert service.now == {"old": 100, "new": 0}


def test_a_rollout_that_was_cut_off_goes_on_from_the_version_that_serves() -> None:
    service = Service(now={"new": 50, "old": 50}, sick_at=100)
    assert not service.shift().done
    assert service.now == {"old": 100, "new": 0}


def test_the_first_version_gets_everything_when_it_is_healthy() -> None:
    assert serving({}) == serving({"old": 0}) == ""
    first = Service(now={})
    assert first.shift().done
    assert first.now == {"new": 100}
    assert not Service(now={}, sick_at=0).shift().done
