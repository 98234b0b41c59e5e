"""Personal data in text: found by kind, and masked in every copy that is kept or shown for long."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass

_PATTERNS = {
    "iban": re.compile(r"\b[A-Z]{2}\d{2}(?:\s?[A-Z0-9]{4}){2,7}(?:\s?[A-Z0-9]{1,4})?\b"),
    "email": re.compile(r"\b[\w.+-]+@[\w-]+(?:\.[\w-]+)+\b"),
    "phone": re.compile(r"(?<![\w.])(?:\+|00)\d{1,3}(?:[\s/-]?\d{2,5}){2,5}\b"),
    "person": re.compile(
        r"(?im)(?<=^attention: )[^\n]+|(?<=^contact: )[^\n@]+|(?<=^bill to: )[^\n]+"
    ),
    "birth-date": re.compile(r"(?im)(?<=^date of birth: )[^\n]+"),
}


@dataclass(frozen=True)
class Redacted:
    """A text without personal data, and how many finds of each kind it had."""

    text: str
    found: Counter[str]


def redact(text: str, known: Iterable[tuple[str, str]] = ()) -> Redacted:
    """Mask what looks like personal data, and ``known`` values with their kind; ``[iban]`` says what stood there."""
    found: Counter[str] = Counter()
    for kind, pattern in _PATTERNS.items():
        text, count = pattern.subn(f"[{kind}]", text)
        if count:
            found[kind] = count
    for kind, value in known:
        if value and value in text:
            found[kind] += text.count(value)
            text = text.replace(value, f"[{kind}]")
    return Redacted(text, found)
