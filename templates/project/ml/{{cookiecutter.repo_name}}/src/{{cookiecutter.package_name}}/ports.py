"""What training and rollout need from outside. ``local`` and ``cloud`` implement it."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Protocol


class Tracker(Protocol):
    """Keeps runs and registered models."""

    def record(self, facts: Mapping[str, str], metrics: Mapping[str, float], artefact: Path) -> str:
        """Record a training run with its model; return the run's id."""

    def champion(self) -> Mapping[str, float] | None:
        """Return the metrics of the model in use, or None before the first one."""

    def promote(self, run: str) -> None:
        """Make the model of a run the one in use; the one before is kept."""


class Endpoint(Protocol):
    """An online endpoint with two deployments."""

    def traffic(self) -> Mapping[str, int]:
        """Return the percentage of requests each deployment gets."""

    def route(self, traffic: Mapping[str, int]) -> None:
        """Set the percentages."""

    def healthy(self, deployment: str) -> bool:
        """Return whether a deployment answers a test request as it should."""
