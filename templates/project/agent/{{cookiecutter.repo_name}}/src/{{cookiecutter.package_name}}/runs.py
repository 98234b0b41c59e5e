"""Runs that wait for a person, those a person decided, and the switch that stops all of them.

A restart loses no approval, and none is carried out twice.
"""

from __future__ import annotations

from dataclasses import asdict
from datetime import UTC, datetime, timedelta
from typing import Any

from .agent import Run
from .ports import Call, Step
from .records import Records
from .users import User

_WAITING, _DECIDED, _OFF = "waiting/", "decided/", "switch/off"


class UnknownRunError(LookupError):
    """No run that waits has this id."""


class RunStore:
    """Keeps runs; each is taken by one decision only."""

    def __init__(self, records: Records) -> None:
        self._records = records

    def save(self, run: Run) -> None:
        """Keep a run that waits, and one that waited, for whoever gave the task."""
        name, data = _WAITING + run.id, {"state": run.state, "run": asdict(run)}
        if run.state != "waiting":
            if self._records.get(name):
                self._records.add(_DECIDED + run.id, {**data, "at": _now().isoformat()})
                self._records.remove(name)
        elif not self._records.add(name, data):
            kept = self._records.get(name)
            if kept is None or not self._records.replace(name, data, kept.version):
                raise RuntimeError(f"the run {run.id} was written by somebody else")

    def of(self, user: User, identifier: str) -> Run:
        """Return a person's own run, as it waits or as it was decided; raise UnknownRunError."""
        for name in (_WAITING, _DECIDED):
            kept = self._records.get(name + identifier)
            if kept and kept.data["run"]["user"] == user.id:
                return _run(kept.data["run"])
        raise UnknownRunError(identifier)

    def purge(self, days: int) -> int:
        """Delete runs decided more than ``days`` ago; return how many."""
        limit = (_now() - timedelta(days=days)).isoformat()
        found = ((name, self._records.get(name)) for name in self._records.names(_DECIDED))
        old = [name for name, kept in found if kept and kept.data["at"] < limit]
        for name in old:
            self._records.remove(name)
        return len(old)

    def stopped(self) -> bool:
        """Return whether somebody has switched the agent off, wherever it runs."""
        return self._records.get(_OFF) is not None

    def switch(self, *, on: bool) -> None:
        """Switch the agent off or on again, from its next step on."""
        if on:
            self._records.remove(_OFF)
        else:
            self._records.add(_OFF, {"at": _now().isoformat()})

    def waiting(self, most: int = 50) -> tuple[Run, ...]:
        """Return runs that wait, those that wait longest first."""
        found = (self._records.get(name) for name in self._records.names(_WAITING)[:most])
        return tuple(
            _run(row.data["run"]) for row in found if row and row.data["state"] == "waiting"
        )

    def take(self, identifier: str) -> Run:
        """Return a run that waits so that nobody else can decide on it; raise UnknownRunError."""
        name = _WAITING + identifier
        kept = self._records.get(name)
        if kept is None or kept.data["state"] != "waiting":
            raise UnknownRunError(identifier)
        if not self._records.replace(name, {**kept.data, "state": "taken"}, kept.version):
            raise UnknownRunError(identifier)
        return _run(kept.data["run"])


def _now() -> datetime:
    return datetime.now(UTC)


def _run(data: dict[str, Any]) -> Run:
    steps = tuple(Step(**{**step, "call": Call(**step["call"])}) for step in data["steps"])
    pending = Call(**data["pending"]) if data["pending"] else None
    return Run(**{**data, "steps": steps, "pending": pending})
