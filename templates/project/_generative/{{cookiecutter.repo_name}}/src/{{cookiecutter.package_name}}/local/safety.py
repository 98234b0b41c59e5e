"""Content safety without a service: a short list of patterns, enough to test the path."""

from __future__ import annotations

import re

from ..content_safety import Verdict

_PATTERNS = {
    "violence": r"\b(build|make|get)\b.{0,20}\b(bomb|weapon|explosive)|\bhow (do|can) i (kill|hurt)\b",
    "self-harm": r"\b(kill|hurt|harm) (myself|himself|herself|themselves)\b",
    "hate": r"\b(all|these|those) (foreigners|immigrants|women|jews|muslims)\b.{0,30}\b(are|should)\b",
    "fraud": r"\b(fake|forge|stage|invent)\b.{0,40}\b(claim|invoice|damage|accident|receipt)",
    "jailbreak": r"\b(ignore|disregard|forget)\b.{0,40}\b(instructions?|rules|prompt)\b"
    r"|\b(show|reveal|print|repeat)\b.{0,30}\bsystem prompt\b",
}


class WordListSafety:
    """Refuses what matches a pattern; it knows English only."""

    def __init__(self) -> None:
        self._patterns = {name: re.compile(text, re.IGNORECASE) for name, text in _PATTERNS.items()}

    def inspect(self, text: str) -> Verdict:
        """Return the first category that matches, or that the text may pass."""
        for category, pattern in self._patterns.items():
            if pattern.search(text):
                return Verdict(False, category)
        return Verdict(True)
