"""Writes at the pace that ARM allows: a token bucket for each subscription and kind of request.

ARM gives every caller, in every subscription (and in the tenant), a bucket of 200 writes and one of 200
deletes; 10 of each come back in a second (Azure's published throttling limits). Waiting here before a
request costs less than being refused with 429 and waiting for Retry-After, which the client honours too.
"""

from __future__ import annotations

import threading
import time
from collections.abc import Callable
from dataclasses import dataclass, field

from coe_scaffold.model.plan import Action, Step, StepKind


class TokenBucket:
    """A bucket that starts full; each token is promised once, in the order in which it is asked for."""

    def __init__(self, size: float, per_second: float, now: Callable[[], float]) -> None:
        self._size = size
        self._rate = per_second
        self._now = now
        self._level = size
        self._then = now()
        self._lock = threading.Lock()

    def reserve(self) -> float:
        """Promise a token and return in how many seconds it will be there, 0 for at once."""
        with self._lock:
            now = self._now()
            self._level = min(self._size, self._level + (now - self._then) * self._rate)
            self._then = now
            self._level -= 1
            return max(0.0, -self._level / self._rate)


@dataclass
class Pacing:
    """The buckets of one caller; ``burst`` tokens in a full one, ``per_second`` that come back."""

    burst: float = 200.0
    per_second: float = 10.0
    now: Callable[[], float] = time.monotonic
    sleep: Callable[[float], None] = time.sleep
    _buckets: dict[tuple[str, str], TokenBucket] = field(default_factory=dict)
    _lock: threading.Lock = field(default_factory=threading.Lock)

    def wait(self, step: Step) -> None:
        """Return when ARM has room for every request that a step starts with."""
        for kind in requests(step):
            with self._lock:
                key = (step.scope.subscription.lower(), kind)
                if key not in self._buckets:
                    self._buckets[key] = TokenBucket(self.burst, self.per_second, self.now)
                bucket = self._buckets[key]
            delay = bucket.reserve()
            if delay:
                self.sleep(delay)


def requests(step: Step) -> tuple[str, ...]:
    """Return the kinds of request that a step sends: ``write`` or ``delete``."""
    if step.action is Action.DELETE:
        return ("delete",)
    if step.kind is StepKind.ROLE_ASSIGNMENT and step.action is Action.MODIFY:
        return ("delete", "write")
    return ("write",)
