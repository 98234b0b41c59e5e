"""ARM's token buckets per principal and subscription, as the ratelimit headers report them.

Sizes and refill rates are those of Azure's published throttling limits. The sandbox counts and reports;
it refuses requests only when a fault asks for it: ``throttle`` at random, ``buckets`` when one is empty.
"""

from __future__ import annotations

import threading
import time
from collections.abc import Callable

_SIZES = {"reads": (250.0, 25.0), "writes": (200.0, 10.0), "deletes": (200.0, 10.0)}
"""Tokens in a full bucket, and tokens that come back in a second."""


class Buckets:
    """Counts requests of one caller."""

    def __init__(self, clock: Callable[[], float] = time.monotonic, *, speed: float = 0.0) -> None:
        self._clock = clock
        self._speed = speed or 1.0
        self.enforced = speed > 0
        self._lock = threading.Lock()
        self._levels: dict[tuple[str, str], tuple[float, float]] = {}

    def take(self, kind: str, subscription: str) -> int:
        """Take a token for ``reads``, ``writes`` or ``deletes`` and return how many are left.

        ``subscription`` is empty for what belongs to the tenant, which has buckets of its own. An enforced
        bucket has given its token in :meth:`wait` already.
        """
        with self._lock:
            level, now = self._level(kind, subscription)
            if not self.enforced:
                level = max(level - 1, 0.0)
            self._levels[subscription, kind] = (level, now)
        return int(level)

    def wait(self, kind: str, subscription: str) -> float:
        """Take a token from an enforced bucket and return 0, or the seconds until there will be one."""
        if not self.enforced:
            return 0.0
        with self._lock:
            level, now = self._level(kind, subscription)
            if level < 1:
                return (1 - level) / (_SIZES[kind][1] * self._speed)
            self._levels[subscription, kind] = (level - 1, now)
        return 0.0

    def _level(self, kind: str, subscription: str) -> tuple[float, float]:
        """Return how full a bucket is, and the time now."""
        size, rate = _SIZES[kind]
        now = self._clock()
        level, then = self._levels.get((subscription, kind), (size, now))
        return min(size, level + (now - then) * rate * self._speed), now


def kind_of(method: str) -> str:
    """Return which bucket a request of an HTTP method takes from."""
    if method in ("GET", "HEAD"):
        return "reads"
    return "deletes" if method == "DELETE" else "writes"
