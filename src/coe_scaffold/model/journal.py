"""The journal of a run: one line before and one after every step, for resume and undo only."""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import StrEnum

from coe_scaffold.model.json import Json


class Event(StrEnum):
    """What happened to a step. SKIPPED means a step it depends on failed."""

    STARTED = "started"
    PROGRESS = "progress"
    SUCCEEDED = "succeeded"
    FAILED = "failed"
    SKIPPED = "skipped"


@dataclass(frozen=True)
class Entry:
    """One event. ``at`` is an ISO 8601 UTC time; ``created`` are the ids this step brought into being."""

    run: str
    step: str
    event: Event
    at: str
    detail: str = ""
    created: tuple[str, ...] = ()
    data: Json = field(default=None, hash=False)
