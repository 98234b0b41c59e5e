"""Runs that wait for a person, in one SQLite file: a restart loses no approval and repeats none."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import asdict
from pathlib import Path
from typing import Any

from .agent import Run
from .ports import Call, Step

_SCHEMA = (
    "create table if not exists runs (id text primary key, state text not null, run text not null)"
)


class UnknownRunError(LookupError):
    """No run that waits has this id."""


class RunStore:
    """Keeps runs; each is taken by one decision only."""

    def __init__(self, path: Path) -> None:
        path.parent.mkdir(parents=True, exist_ok=True)
        self._path = path
        with self._connect() as connection:
            connection.execute(_SCHEMA)

    def save(self, run: Run) -> None:
        """Keep a run that waits; forget one that is done."""
        with self._connect() as connection:
            if run.state == "waiting":
                row = (run.id, run.state, json.dumps(asdict(run)))
                connection.execute(
                    "insert or replace into runs (id, state, run) values (?, ?, ?)", row
                )
            else:
                connection.execute("delete from runs where id = ?", (run.id,))

    def waiting(self, most: int = 50) -> tuple[Run, ...]:
        """Return runs that wait."""
        with self._connect() as connection:
            query = "select run from runs where state = 'waiting' order by rowid limit ?"
            rows = connection.execute(query, (most,)).fetchall()
        return tuple(_run(json.loads(row[0])) for row in rows)

    def take(self, identifier: str) -> Run:
        """Return a run that waits so that nobody else can decide on it; raise UnknownRunError."""
        with self._connect() as connection:
            row = connection.execute(
                "update runs set state = 'taken' where id = ? and state = 'waiting' returning run",
                (identifier,),
            ).fetchone()
        if row is None:
            raise UnknownRunError(identifier)
        return _run(json.loads(row[0]))

    @contextmanager
    def _connect(self) -> Iterator[sqlite3.Connection]:
        with closing(sqlite3.connect(self._path, timeout=10)) as connection, connection:
            yield connection


def _run(data: dict[str, Any]) -> Run:
    steps = tuple(Step(**{**step, "call": Call(**step["call"])}) for step in data["steps"])
    pending = Call(**data["pending"]) if data["pending"] else None
    return Run(**{**data, "steps": steps, "pending": pending})
