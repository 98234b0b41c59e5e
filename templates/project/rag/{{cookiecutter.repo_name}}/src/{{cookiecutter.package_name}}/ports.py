"""What the assistant needs from outside. ``local`` and ``cloud`` each implement it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol

from .documents import Passage
from .users import User


@dataclass(frozen=True)
class Retrieval:
    """Passages, best first, and the version of the data they come from."""

    passages: tuple[Passage, ...]
    data_version: str


class Retriever(Protocol):
    """Finds passages a user may read. The filter is part of the search, not a step after it."""

    def search(self, user: User, question: str, top: int) -> Retrieval:
        """Return at most ``top`` passages."""


class Answerer(Protocol):
    """Writes an answer from numbered passages."""

    @property
    def name(self) -> str:
        """The name of the model, for the log."""

    def answer(self, question: str, passages: Sequence[Passage]) -> str:
        """Return text with markers like [1], or an empty text when the passages do not hold it."""
