"""Words and sentences: the small text tools that search, answers and metrics share."""

from __future__ import annotations

import re

_STOP_TEXT = """
a about after all also an and any are as at be been before being but by can could did do does
for from get had has have he her his how i if in into is it its just may me might more must my
no not of on or our out over she should so some such than that the their them then there these
they this those to under up us was we were what when where which while who why will with would
you your
"""
_STOP_WORDS = frozenset(_STOP_TEXT.split())
_WORD = re.compile(r"[^\W_]+(?:[.,]\d+)*", re.UNICODE)
_BLOCK_START = re.compile(r"\n\s*\n|^\s*(?:[-*]\s+|[|#]+\s*)", re.MULTILINE)
_SENTENCE_END = re.compile(r"(?<=[.!?])\s+(?=[^\s\[])")


def words(text: str) -> list[str]:
    """Return the content words of a text: lower case, without stop words, plural endings cut."""
    return [_stem(word) for word in _WORD.findall(text.lower()) if word not in _STOP_WORDS]


def sentences(text: str) -> list[str]:
    """Return the sentences of a text. Wrapped lines belong together; list items stand alone."""
    found = []
    for block in _BLOCK_START.split(text):
        joined = " ".join(line.strip() for line in block.splitlines())
        found += [part.strip() for part in _SENTENCE_END.split(joined) if part.strip()]
    return found


def overlap(part: str, whole: str) -> float:
    """Return which share (0 to 1) of the content words of ``part`` also stand in ``whole``."""
    wanted = set(words(part))
    return len(wanted & set(words(whole))) / len(wanted) if wanted else 0.0


def _stem(word: str) -> str:
    for ending in ("ies", "ing", "ed", "es", "s"):
        if word.endswith(ending) and len(word) - len(ending) >= 3:
            return word.removesuffix(ending) + ("y" if ending == "ies" else "")
    return word
