"""Releases a model online: into the slot that serves nobody, then traffic in steps."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from .ports import Endpoint
from .rollout import Shift, shift

SLOTS = ("blue", "green")


def idle(shares: Mapping[str, int]) -> str:
    """Return the slot that serves least; the next model goes there."""
    return min(SLOTS, key=lambda slot: shares.get(slot, 0))


def release(endpoint: Endpoint, model: str, *, pause: Callable[[], None]) -> Shift:
    """Deploy a model beside the one that serves, and move all requests to it while it is healthy."""
    slot = idle(endpoint.shares())
    endpoint.deploy(slot, model)
    return shift(endpoint, slot, pause=pause)


def monitoring(monitor: Mapping[str, Any], endpoint: str, slot: str) -> dict[str, Any]:
    """Return the drift monitor of an endpoint, watching the requests of one slot."""
    created = monitor["create_monitor"]
    target = {
        **created["monitoring_target"],
        "endpoint_deployment_id": f"azureml:{endpoint}:{slot}",
    }
    return {
        **monitor,
        "name": f"{endpoint}-drift",
        "create_monitor": {**created, "monitoring_target": target},
    }
