"""What tuning needs from outside. ``local`` and ``cloud`` each implement it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Protocol


@dataclass(frozen=True)
class Tuning:
    """What a job gets: files in the chat format, the base model, and the recipe."""

    train: str
    validation: str
    base: str
    parameters: Mapping[str, float]
    suffix: str


class ChatModel(Protocol):
    """A model that answers."""

    @property
    def name(self) -> str:
        """The name of the model, for reports."""

    def answer(self, question: str) -> str:
        """Return the answer to one question under the system prompt; empty when it was filtered."""


class Tuner(Protocol):
    """Runs tuning jobs."""

    def base(self) -> ChatModel:
        """Return the model before tuning."""

    def tune(self, tuning: Tuning) -> ChatModel:
        """Run the job to its end and return the tuned model; raise TuningError when it fails."""


class TuningError(RuntimeError):
    """A job that did not succeed."""
