"""ARM's token buckets per principal and subscription, as the ratelimit headers report them.

Sizes and refill rates are those of Azure's published throttling limits. The sandbox counts and reports;
it refuses requests only when the ``throttle`` fault asks for it.
"""

from __future__ import annotations

import threading
import time
from collections.abc import Callable

_SIZES = {"reads": (250.0, 25.0), "writes": (200.0, 10.0), "deletes": (200.0, 10.0)}
"""Tokens in a full bucket, and tokens that come back in a second."""


class Buckets:
    """Counts requests of one caller."""

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        self._clock = clock
        self._lock = threading.Lock()
        self._levels: dict[tuple[str, str], tuple[float, float]] = {}

    def take(self, kind: str, subscription: str) -> int:
        """Take a token for ``reads``, ``writes`` or ``deletes`` and return how many are left.

        ``subscription`` is empty for what belongs to the tenant, which has buckets of its own.
        """
        size, rate = _SIZES[kind]
        with self._lock:
            now = self._clock()
            level, then = self._levels.get((subscription, kind), (size, now))
            level = max(min(size, level + (now - then) * rate) - 1, 0.0)
            self._levels[subscription, kind] = (level, now)
        return int(level)


def kind_of(method: str) -> str:
    """Return which bucket a request of an HTTP method takes from."""
    if method in ("GET", "HEAD"):
        return "reads"
    return "deletes" if method == "DELETE" else "writes"
