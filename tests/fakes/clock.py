"""A clock that a test sets; it goes on by one second each time it is read."""

from __future__ import annotations

import threading
from datetime import UTC, datetime, timedelta


class FakeClock:
    def __init__(self, start: datetime = datetime(2026, 11, 24, 2, 0, tzinfo=UTC), tick: float = 1) -> None:
        self.time = start
        self.tick = timedelta(seconds=tick)
        self._lock = threading.Lock()

    def now(self) -> datetime:
        with self._lock:
            now = self.time
            self.time += self.tick
            return now
