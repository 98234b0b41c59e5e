"""Moves requests to a new version in steps, and all of them back when it is not healthy."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Protocol

STEPS = (10, 50, 100)
"""Percentages of requests that the new version gets, one after the other; before the first it is tested."""


class Traffic(Protocol):
    """Versions that run side by side, and the percentage of requests each gets."""

    def shares(self) -> Mapping[str, int]:
        """Return the percentage of each version."""

    def route(self, shares: Mapping[str, int]) -> None:
        """Set the percentages and wait until they hold."""

    def healthy(self, version: str) -> bool:
        """Return whether a version answers a test request as it should, whatever its percentage."""


@dataclass(frozen=True)
class Shift:
    """What became of a rollout, in words for the log."""

    done: bool
    said: str


def serving(shares: Mapping[str, int]) -> str:
    """Return the version that most requests go to, or an empty text when none gets any."""
    busiest = max(shares, key=lambda version: shares[version], default="")
    return busiest if shares.get(busiest, 0) > 0 else ""


def shift(traffic: Traffic, new: str, *, pause: Callable[[], None]) -> Shift:
    """Move all requests from the version that serves to ``new``, which is tested before and after each step.

    ``pause`` lets requests arrive before a step is judged. When a test fails, or anything else does, all
    requests go back to the old version, which stays ready. Raises what the service raised.
    """
    old = serving({version: share for version, share in traffic.shares().items() if version != new})
    if not old:
        return _alone(traffic, new)
    moved = False
    try:
        for step in (0, *STEPS):
            if step:
                moved = True
                traffic.route({old: 100 - step, new: step})
                pause()
            if not traffic.healthy(new):
                traffic.route({old: 100, new: 0})
                return Shift(False, f"{new} is not healthy at {step} %: {old} has all requests")
    except BaseException:
        if moved:
            traffic.route({old: 100, new: 0})
        raise
    return Shift(True, f"{new} has all requests; {old} is kept for the way back")


def _alone(traffic: Traffic, new: str) -> Shift:
    """The first version, or the one that serves already: there is nothing to go back to."""
    if not traffic.healthy(new):
        return Shift(False, f"{new} is not healthy, and there is no version to go back to")
    if traffic.shares().get(new) != 100:
        traffic.route({new: 100})
    return Shift(True, f"{new} has all requests")
