"""The review queue: documents a person must look at, and what the person decided. One SQLite file."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Iterator, Mapping
from contextlib import closing, contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from .pipeline import Result

_SCHEMA = """
create table if not exists reviews (
  id text primary key, received text not null, state text not null, reasons text not null,
  fields text not null, text text not null, versions text not null,
  decided text, reviewer text, decision text
)
"""


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
    """Keeps open and decided reviews; safe for several threads because each call has its connection."""

    def __init__(self, path: Path) -> None:
        path.parent.mkdir(parents=True, exist_ok=True)
        self._path = path
        with self._connect() as connection:
            connection.execute(_SCHEMA)

    def add(self, result: Result) -> None:
        """Queue a result; the same document a second time changes nothing."""
        versions = {"schema": result.schema_version, "prompt": result.prompt_version}
        with self._connect() as connection:
            connection.execute(
                "insert or ignore into reviews (id, received, state, reasons, fields, text, versions)"
                " values (?, ?, 'open', ?, ?, ?, ?)",
                (
                    result.id,
                    _now().isoformat(),
                    json.dumps(result.reasons),
                    json.dumps([vars(item) for item in result.fields]),
                    result.redacted,
                    json.dumps(versions),
                ),
            )

    def open(self, most: int = 50) -> tuple[Review, ...]:
        """Return open reviews, oldest first."""
        with self._connect() as connection:
            rows = connection.execute(
                "select id, received, reasons, fields, text from reviews where state = 'open'"
                " order by received, id limit ?",
                (most,),
            ).fetchall()
        return tuple(
            Review(row[0], row[1], tuple(json.loads(row[2])), tuple(json.loads(row[3])), row[4])
            for row in rows
        )

    def decide(
        self, identifier: str, reviewer: str, fields: Mapping[str, str], *, accept: bool
    ) -> int:
        """Record a person's decision; return how many fields were corrected; raise UnknownReviewError."""
        with self._connect() as connection:
            row = connection.execute(
                "select fields from reviews where id = ? and state = 'open'", (identifier,)
            ).fetchone()
            if row is None:
                raise UnknownReviewError(identifier)
            read = {item["name"]: item["value"] for item in json.loads(row[0])}
            changed = {name for name, value in fields.items() if read.get(name) != value}
            connection.execute(
                "update reviews set state = ?, decided = ?, reviewer = ?, decision = ? where id = ?",
                (
                    "accepted" if accept else "rejected",
                    _now().isoformat(),
                    reviewer,
                    json.dumps({**read, **fields}),
                    identifier,
                ),
            )
        return len(changed)

    def purge(self, days: int) -> int:
        """Delete reviews decided more than ``days`` ago; return how many."""
        limit = (_now() - timedelta(days=days)).isoformat()
        with self._connect() as connection:
            return connection.execute("delete from reviews where decided < ?", (limit,)).rowcount

    @contextmanager
    def _connect(self) -> Iterator[sqlite3.Connection]:
        with closing(sqlite3.connect(self._path, timeout=10)) as connection, connection:
            yield connection


def _now() -> datetime:
    return datetime.now(UTC)
