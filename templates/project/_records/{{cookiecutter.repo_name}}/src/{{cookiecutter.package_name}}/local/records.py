"""Records in one SQLite file; safe for several threads because each call has its connection."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from ..records import Record

_SCHEMA = """
create table if not exists records (
  name text primary key, data text not null, version integer not null, written text not null
)
"""


class SqliteRecords:
    """Implements ``Records`` for one machine."""

    def __init__(self, path: Path) -> None:
        path.parent.mkdir(parents=True, exist_ok=True)
        self._path = path
        with self._connect() as connection:
            connection.execute(_SCHEMA)

    def names(self, prefix: str) -> tuple[str, ...]:
        """Return the names that start with a prefix, those written longest ago first."""
        with self._connect() as connection:
            rows = connection.execute(
                "select name from records where substr(name, 1, ?) = ? order by written, rowid",
                (len(prefix), prefix),
            ).fetchall()
        return tuple(row[0] for row in rows)

    def get(self, name: str) -> Record | None:
        """Return a record, or None when there is none."""
        with self._connect() as connection:
            row = connection.execute(
                "select data, version from records where name = ?", (name,)
            ).fetchone()
        return Record(json.loads(row[0]), str(row[1])) if row else None

    def add(self, name: str, data: dict[str, Any]) -> bool:
        """Keep a new record; return False when the name is taken."""
        command = "insert or ignore into records values (?, ?, 1, ?)"
        return self._changed(command, name, json.dumps(data), _now())

    def replace(self, name: str, data: dict[str, Any], version: str) -> bool:
        """Write over a record; return False when it is not at this version any more."""
        command = (
            "update records set data = ?, version = version + 1, written = ?"
            " where name = ? and version = ?"
        )
        return self._changed(command, json.dumps(data), _now(), name, int(version))

    def remove(self, name: str) -> None:
        """Forget a record; one that is not there is no error."""
        self._changed("delete from records where name = ?", name)

    def _changed(self, command: str, *values: str | int) -> bool:
        with self._connect() as connection:
            return connection.execute(command, values).rowcount > 0

    @contextmanager
    def _connect(self) -> Iterator[sqlite3.Connection]:
        with closing(sqlite3.connect(self._path, timeout=10)) as connection, connection:
            yield connection


def _now() -> str:
    return datetime.now(UTC).isoformat()
