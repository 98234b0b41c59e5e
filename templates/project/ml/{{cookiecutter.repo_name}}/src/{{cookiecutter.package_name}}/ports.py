"""What training and release need from outside. ``local`` and ``cloud`` implement it."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Protocol

from .rollout import Traffic


class Tracker(Protocol):
    """Keeps runs and registered models."""

    def record(self, facts: Mapping[str, str], metrics: Mapping[str, float], artefact: Path) -> str:
        """Record a training run with its model; return the run's id."""

    def champion(self) -> Mapping[str, float] | None:
        """Return the metrics of the model in use, or None before the first one."""

    def promote(self, run: str) -> None:
        """Make the model of a run the one in use; the one before is kept."""


class Endpoint(Traffic, Protocol):
    """An online endpoint with two slots, whose versions are the slots' names."""

    def deploy(self, slot: str, model: str) -> None:
        """Put a model into a slot and wait until it runs; its share of the requests stays."""
