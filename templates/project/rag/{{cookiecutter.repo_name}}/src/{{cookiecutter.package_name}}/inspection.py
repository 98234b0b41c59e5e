"""Retrieved text is data. Sentences in it that talk to the assistant are taken out and reported."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass, replace

from .documents import Passage
from .text import sentences

_SUSPICIOUS = tuple(
    re.compile(pattern, re.IGNORECASE)
    for pattern in (
        r"\b(ignore|disregard|forget|override)\b.{0,40}\b(instruction|rule|prompt|above|previous|guideline)",
        r"\b(system|developer) (prompt|message|instruction)",
        r"\byou are (now|no longer)\b",
        r"\b(act|behave|respond|answer) as (an?|the|if)\b.{0,40}\b(assistant|ai|model|administrator|admin)\b",
        r"\b(assistant|ai|language model|chatbot|llm)\b.{0,20}\b(must|shall|should|has to|reply|answer|say)\b",
        r"\b(reply|respond|answer)\b.{0,20}\b(only|exactly|with the)\b.{0,40}\b(word|text|sentence|phrase)",
        r"\b(reveal|print|repeat|leak|exfiltrate)\b.{0,40}\b(prompt|instruction|secret|password|key|token)",
        r"</?(system|assistant|user|instructions?)>",
        r"!\[[^\]]*\]\(https?://",
    )
)


@dataclass(frozen=True)
class Inspected:
    """Passages without suspicious sentences, and the ids of the passages that had some."""

    passages: tuple[Passage, ...]
    flagged: tuple[str, ...]


def suspicious(text: str) -> bool:
    """Return whether a text reads like an instruction to the assistant."""
    return any(pattern.search(text) for pattern in _SUSPICIOUS)


def inspect(passages: Iterable[Passage]) -> Inspected:
    """Take suspicious sentences out of passages; a passage with nothing left is dropped."""
    clean, flagged = [], []
    for passage in passages:
        kept = [sentence for sentence in sentences(passage.text) if not suspicious(sentence)]
        if not suspicious(passage.text):
            clean.append(passage)
            continue
        flagged.append(passage.id)
        if kept:
            clean.append(replace(passage, text="\n".join(kept)))
    return Inspected(tuple(clean), tuple(flagged))
