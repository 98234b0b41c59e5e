"""ARM's token buckets per principal, subscription and region, as the ratelimit headers report them.

Sizes and refill rates are those of Azure's published throttling limits; a subscription's own buckets, over
all its principals, are 15 times as large. The sandbox counts and reports; it refuses requests only when a
fault asks for it: ``throttle`` at random, ``buckets`` when one is empty.
"""

from __future__ import annotations

import threading
import time
from collections.abc import Callable
from dataclasses import dataclass

_SIZES = {"reads": (250.0, 25.0), "writes": (200.0, 10.0), "deletes": (200.0, 10.0)}
"""Tokens in a full bucket, and tokens that come back in a second."""
_GLOBAL = 15
"""How many times larger the buckets are that all principals of a subscription share."""
REGIONS = ("SWEDENCENTRAL", "WESTEUROPE", "NORTHEUROPE", "UKSOUTH", "FRANCECENTRAL", "GERMANYWESTCENTRAL")
"""Regions whose Resource Manager may answer, in the form of ``x-ms-routing-request-id``."""


@dataclass(frozen=True)
class Caller:
    """Who asks where. No ``principal`` is the owner, no ``subscription`` what belongs to the tenant."""

    principal: str
    subscription: str
    region: str = REGIONS[0]


class Buckets:
    """Counts requests of every caller, and that which a subscription's callers share."""

    def __init__(self, clock: Callable[[], float] = time.monotonic, *, speed: float = 0.0) -> None:
        self._clock = clock
        self._speed = speed or 1.0
        self.enforced = speed > 0
        self._lock = threading.Lock()
        self._levels: dict[tuple[Caller, str], tuple[float, float]] = {}

    def take(self, kind: str, caller: Caller) -> tuple[int, int]:
        """Take a token for ``reads``, ``writes`` or ``deletes``; return what is left, own and shared.

        An enforced bucket has given its token in :meth:`wait` already.
        """
        with self._lock:
            left = []
            for one in (caller, _shared(caller)):
                level, now = self._level(kind, one)
                if not self.enforced:
                    level = max(level - 1, 0.0)
                self._levels[one, kind] = (level, now)
                left.append(int(level))
        return left[0], left[1]

    def wait(self, kind: str, caller: Caller) -> float:
        """Take a token from enforced buckets and return 0, or the seconds until there will be one."""
        if not self.enforced:
            return 0.0
        with self._lock:
            levels = [(one, *self._level(kind, one)) for one in (caller, _shared(caller))]
            empty = [(1 - level) / self._rate(kind, one) for one, level, _ in levels if level < 1]
            if empty:
                return max(empty)
            for one, level, now in levels:
                self._levels[one, kind] = (level - 1, now)
        return 0.0

    def _level(self, kind: str, caller: Caller) -> tuple[float, float]:
        """Return how full a bucket is, and the time now."""
        size = _SIZES[kind][0] * (_GLOBAL if caller.principal == _EVERYBODY else 1)
        now = self._clock()
        level, then = self._levels.get((caller, kind), (size, now))
        return min(size, level + (now - then) * self._rate(kind, caller)), now

    def _rate(self, kind: str, caller: Caller) -> float:
        return _SIZES[kind][1] * self._speed * (_GLOBAL if caller.principal == _EVERYBODY else 1)


_EVERYBODY = "*"


def _shared(caller: Caller) -> Caller:
    return Caller(_EVERYBODY, caller.subscription, caller.region)


def kind_of(method: str) -> str:
    """Return which bucket a request of an HTTP method takes from."""
    if method in ("GET", "HEAD"):
        return "reads"
    return "deletes" if method == "DELETE" else "writes"
