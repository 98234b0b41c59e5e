"""Raw examples: what was asked and answered, and the evidence that it may be used for training."""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

SOURCES = ("own", "licensed", "consented")


@dataclass(frozen=True)
class Example:
    """One question and the answer a person gave. ``basis`` is why it may be used, ``until`` how long."""

    id: str
    category: str
    language: str
    question: str
    answer: str
    basis: str
    evidence: str
    until: date | None

    def unusable(self, today: date) -> str:
        """Return why it must not be trained on, or an empty text."""
        if self.basis not in SOURCES:
            return f"basis '{self.basis}' is none of {', '.join(SOURCES)}"
        if not self.evidence:
            return "names no evidence of licence or consent"
        if self.until is not None and self.until < today:
            return f"licence or consent ended on {self.until.isoformat()}"
        return ""


def read(path: Path) -> tuple[Example, ...]:
    """Read raw examples, one JSON object per line; raise ValueError that names a wrong line."""
    found = []
    for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), start=1):
        if not line.strip():
            continue
        try:
            found.append(_example(json.loads(line)))
        except (KeyError, TypeError, ValueError) as error:
            raise ValueError(
                f"{path.name}, line {number}: {type(error).__name__}: {error}"
            ) from error
    return tuple(found)


def _example(row: dict[str, Any]) -> Example:
    until = row.get("until")
    texts = {name: str(row[name]) for name in ("id", "category", "language", "question", "answer")}
    return Example(
        **texts,
        basis=str(row.get("basis", "")),
        evidence=str(row.get("evidence", "")),
        until=date.fromisoformat(until) if until else None,
    )
