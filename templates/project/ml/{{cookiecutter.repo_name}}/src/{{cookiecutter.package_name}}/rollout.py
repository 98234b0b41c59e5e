"""Blue and green: traffic moves to the new deployment in steps and goes back when it is not healthy."""

from __future__ import annotations

from dataclasses import dataclass

from .ports import Endpoint

STEPS = (0, 10, 50, 100)
"""Percentages of requests the new deployment gets, one after the other; at 0 it is only tested."""


@dataclass(frozen=True)
class Shift:
    """What became of a rollout."""

    done: bool
    said: str


def shift(endpoint: Endpoint, *, old: str, new: str) -> Shift:
    """Move all traffic from ``old`` to ``new``; the old deployment stays, so that the way back is short.

    When the new one is not healthy, or a step fails, all traffic goes back to what it was.
    """
    before = dict(endpoint.traffic())
    step = 0
    try:
        for step in STEPS:
            if not endpoint.healthy(new):
                endpoint.route(before)
                return Shift(
                    False, f"{new} is not healthy at {step} %: traffic is as before, {before}"
                )
            if step:
                endpoint.route({old: 100 - step, new: step})
    except Exception:
        endpoint.route(before)
        raise
    return Shift(True, f"{new} has all traffic; {old} is kept for the way back")
