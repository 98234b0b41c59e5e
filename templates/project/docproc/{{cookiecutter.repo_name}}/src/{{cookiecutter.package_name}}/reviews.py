"""The review queue: documents a person must look at, and what the person decided."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

from .pipeline import Result
from .records import Records

_OPEN, _DECIDED = "open/", "decided/"


class UnknownReviewError(LookupError):
    """No open review has this id."""


@dataclass(frozen=True)
class Review:
    """A document in the queue. ``text`` has personal data masked; ``fields`` holds what was read."""

    id: str
    received: str
    reasons: tuple[str, ...]
    fields: tuple[dict[str, Any], ...]
    text: str


class ReviewQueue:
    """Keeps open and decided reviews; of two people who decide at once, one does."""

    def __init__(self, records: Records) -> None:
        self._records = records

    def add(self, result: Result) -> None:
        """Queue a result; the same document a second time changes nothing."""
        if self._records.get(_DECIDED + result.id):
            return
        fields = tuple(vars(item) for item in result.fields)
        review = Review(result.id, _now().isoformat(), result.reasons, fields, result.redacted)
        versions = {"schema": result.schema_version, "prompt": result.prompt_version}
        self._records.add(_OPEN + result.id, {"review": asdict(review), "versions": versions})

    def decision(self, identifier: str) -> Mapping[str, Any] | None:
        """Return what a person decided about a document: state and fields; None while nobody has."""
        for name in (_OPEN, _DECIDED):
            kept = self._records.get(name + identifier)
            if kept and "decision" in kept.data:
                found: dict[str, Any] = kept.data["decision"]
                return found
        return None

    def open(self, most: int = 50) -> tuple[Review, ...]:
        """Return open reviews, oldest first."""
        found = (self._records.get(name) for name in self._records.names(_OPEN)[:most])
        rows = [row.data["review"] for row in found if row and "decision" not in row.data]
        return tuple(
            Review(**{**row, "reasons": tuple(row["reasons"]), "fields": tuple(row["fields"])})
            for row in rows
        )

    def decide(
        self, identifier: str, reviewer: str, fields: Mapping[str, str], *, accept: bool
    ) -> int:
        """Record a person's decision; return how many fields were corrected; raise UnknownReviewError."""
        kept = self._records.get(_OPEN + identifier)
        if kept is None or "decision" in kept.data:
            raise UnknownReviewError(identifier)
        read = {item["name"]: item["value"] for item in kept.data["review"]["fields"]}
        decision = {
            "state": "accepted" if accept else "rejected",
            "at": _now().isoformat(),
            "reviewer": reviewer,
            "fields": {**read, **fields},
        }
        decided = {**kept.data, "decision": decision}
        if not self._records.replace(_OPEN + identifier, decided, kept.version):
            raise UnknownReviewError(identifier)
        self._file(identifier, decided)
        return sum(read.get(name) != value for name, value in fields.items())

    def purge(self, days: int) -> int:
        """Delete reviews decided more than ``days`` ago; return how many."""
        for name in self._records.names(_OPEN):
            kept = self._records.get(name)
            if kept and "decision" in kept.data:  # decided, and stopped before it was filed
                self._file(name.removeprefix(_OPEN), kept.data)
        limit = (_now() - timedelta(days=days)).isoformat()
        old = 0
        for name in self._records.names(_DECIDED):
            kept = self._records.get(name)
            if kept and kept.data["decision"]["at"] < limit:
                self._records.remove(name)
                old += 1
        return old

    def _file(self, identifier: str, decided: dict[str, Any]) -> None:
        self._records.add(_DECIDED + identifier, decided)
        self._records.remove(_OPEN + identifier)


def _now() -> datetime:
    return datetime.now(UTC)
