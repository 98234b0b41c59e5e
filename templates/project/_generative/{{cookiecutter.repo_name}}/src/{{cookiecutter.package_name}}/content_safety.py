"""What judges texts. ``local`` and ``cloud`` each implement it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Protocol


@dataclass(frozen=True)
class Verdict:
    """Whether a text may pass; ``category`` says why not."""

    allowed: bool
    category: str = ""


class ContentSafety(Protocol):
    """Judges what people write and what the model answers."""

    def inspect(self, text: str) -> Verdict:
        """Return whether the text may pass."""
