"""Runs that wait for a person: a restart loses no approval, and none is carried out twice."""

from __future__ import annotations

from dataclasses import asdict
from typing import Any

from .agent import Run
from .ports import Call, Step
from .records import Records

_WAITING = "waiting/"


class UnknownRunError(LookupError):
    """No run that waits has this id."""


class RunStore:
    """Keeps runs; each is taken by one decision only."""

    def __init__(self, records: Records) -> None:
        self._records = records

    def save(self, run: Run) -> None:
        """Keep a run that waits; forget one that is done."""
        name, data = _WAITING + run.id, {"state": run.state, "run": asdict(run)}
        if run.state != "waiting":
            self._records.remove(name)
        elif not self._records.add(name, data):
            kept = self._records.get(name)
            if kept is None or not self._records.replace(name, data, kept.version):
                raise RuntimeError(f"the run {run.id} was written by somebody else")

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


def _run(data: dict[str, Any]) -> Run:
    steps = tuple(Step(**{**step, "call": Call(**step["call"])}) for step in data["steps"])
    pending = Call(**data["pending"]) if data["pending"] else None
    return Run(**{**data, "steps": steps, "pending": pending})
