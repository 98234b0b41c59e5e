"""Text from outside is data. This says which text reads like an order to a model."""

from __future__ import annotations

import re

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


def suspicious(text: str) -> bool:
    """Return whether a text reads like an instruction to the assistant."""
    return any(pattern.search(text) for pattern in _SUSPICIOUS)
