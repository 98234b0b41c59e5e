"""Extraction without a model: labels of the schema, patterns, and an honest idea of how sure that is.

It follows the named rules of the prompt and only those. Take ``[no-guess]`` out and it is sure of what
it guessed; take ``[exact]`` out and it shortens what it copies. So a broken prompt shows on a laptop.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from ..ports import Candidate, Line
from ..prompts import Prompt
from ..schema import Field, Schema
from ..values import normalise

_LABELLED, _SEVERAL, _GUESSED = 0.97, 0.55, 0.45
_SHAPES = {
    "date": r"\d{4}-\d{2}-\d{2}|\d{1,2}[./]\d{1,2}[./]\d{4}|\d{1,2} [A-Z][a-z]+ \d{4}",
    "amount": r"(?<![\w.,])\d[\d.,]*[.,]\d{2}(?!\d)",
    "currency": r"€|\$|£|\b(?:EUR|USD|GBP|CHF|SEK)\b",
    "iban": r"\b[A-Z]{2}\d{2}(?:\s?[A-Z0-9]{4}){2,7}(?:\s?[A-Z0-9]{1,4})?",
}


@dataclass(frozen=True)
class RuleExtractor:
    """Reads what follows a label; where no label is, the only value of the right shape is a guess."""

    prompt: Prompt
    name: str = "local-rules"

    def extract(self, lines: Sequence[Line], schema: Schema) -> tuple[Candidate, ...]:
        """Return the best candidate for each field that has one."""
        found = (
            self._labelled(field, lines) or self._guess(field, lines) for field in schema.fields
        )
        return tuple(candidate for candidate in found if candidate)

    def _labelled(self, field: Field, lines: Sequence[Line]) -> Candidate | None:
        hits: dict[str, tuple[str, str]] = {}
        for label in field.labels:
            pattern = re.compile(rf"^{re.escape(label)}\s*[:#.]*\s+(\S.*)$", re.IGNORECASE)
            for line in lines:
                if match := pattern.match(line.text):
                    raw = self._shaped(field, match.group(1))
                    hits.setdefault(normalise(field.kind, raw) or raw, (raw, line.text))
        if not hits:
            return None
        raw, quote = next(iter(hits.values()))
        return Candidate(
            field.name, raw, quote, _LABELLED if len(hits) == 1 else self._sure(_SEVERAL)
        )

    def _guess(self, field: Field, lines: Sequence[Line]) -> Candidate | None:
        if field.kind not in _SHAPES:
            return None
        hits = [
            (m.group(), line.text)
            for line in lines
            for m in re.finditer(_SHAPES[field.kind], line.text)
        ]
        values = {normalise(field.kind, raw) for raw, _ in hits}
        if not hits or (field.kind != "currency" and not field.required):
            return None
        raw, quote = hits[-1]
        confidence = 0.9 if field.kind == "currency" and len(values) == 1 else self._sure(_GUESSED)
        return Candidate(field.name, raw, quote, confidence)

    def _shaped(self, field: Field, raw: str) -> str:
        match = re.search(_SHAPES[field.kind], raw) if field.kind in _SHAPES else None
        text = match.group() if match else raw
        return text if "exact" in self.prompt.rules else text.split()[0]

    def _sure(self, confidence: float) -> float:
        return confidence if "no-guess" in self.prompt.rules else 0.99
