"""Requests at the pace that ARM allows: a token bucket per subscription, region and kind of request.

ARM gives every principal, in every subscription (and in the tenant) and in each region that answers, a bucket
of 200 writes and one of 200 deletes, 10 of each coming back in a second, and one of 250 reads, 25 coming back
(Azure's published throttling limits). A session has one principal; so its buckets are that principal's.
Waiting here before a request costs less than being refused with 429 and waiting for Retry-After, which the
client honours too.

A client does not choose the region; the answer names it (``x-ms-routing-request-id: WESTEUROPE:...``). A
request takes its token from the region that answered last and, if another one answers, from that one instead.
Others may use the same identity: what ARM says is left (``x-ms-ratelimit-remaining-*``) lowers our own count.
"""

from __future__ import annotations

import re
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from azure.core.pipeline import PipelineRequest, PipelineResponse
from azure.core.pipeline.policies import HTTPPolicy

from coe_scaffold.model.settings import Pace

_SUBSCRIPTION = re.compile(r"https?://[^/]+/+subscriptions/+([^/?]+)", re.IGNORECASE)
_SHARES = {"writes": (1.0, 1.0), "deletes": (1.0, 1.0), "reads": (1.25, 2.5)}
"""How a bucket's size and refill compare with those of the bucket for writes."""

_REFUSED = 429

if TYPE_CHECKING:
    _Policy = HTTPPolicy[Any, Any]
else:
    _Policy = HTTPPolicy


class TokenBucket:
    """A bucket that starts full; each token is promised once, in the order in which it is asked for."""

    def __init__(self, size: float, per_second: float, now: Callable[[], float]) -> None:
        self._size = size
        self._rate = per_second
        self._now = now
        self._level = size
        self._then = now()

    def take(self, count: float = 1) -> float:
        """Promise a token and return in how many seconds it will be there; -1 gives one back."""
        self._refill()
        self._level -= count
        return max(0.0, -self._level / self._rate)

    def lower(self, left: float) -> None:
        """Note that no more than ``left`` tokens are there, whoever took the others."""
        self._refill()
        self._level = min(self._level, left)

    def _refill(self) -> None:
        now = self._now()
        self._level = min(self._size, self._level + (now - self._then) * self._rate)
        self._then = now


@dataclass(frozen=True)
class Ticket:
    """A token that was taken for a request: whose bucket it came from."""

    subscription: str
    kind: str
    region: str


@dataclass
class Pacing:
    """The buckets of one principal. Safe to use from several threads."""

    pace: Pace = field(default_factory=Pace)
    now: Callable[[], float] = time.monotonic
    sleep: Callable[[float], None] = time.sleep
    _buckets: dict[Ticket, TokenBucket] = field(default_factory=dict)
    _regions: dict[str, str] = field(default_factory=dict)
    _lock: threading.Lock = field(default_factory=threading.Lock)

    def wait(self, method: str, url: str) -> Ticket:
        """Return when ARM has room for a request, by all that is known."""
        match = _SUBSCRIPTION.match(url)
        subscription = match[1].lower() if match else ""
        with self._lock:
            ticket = Ticket(subscription, kind_of(method), self._regions.get(subscription, ""))
            delay = self._bucket(ticket).take()
        if delay:
            self.sleep(delay)
        return ticket

    def answered(self, ticket: Ticket, region: str, left: int | None) -> None:
        """Note which region answered (empty: not told), and how many tokens it says are left.

        The number is rounded down, so one more may be there, except after a refusal (-1).
        """
        with self._lock:
            actual = Ticket(ticket.subscription, ticket.kind, region or ticket.region)
            if actual != ticket:
                self._regions[ticket.subscription] = region
                self._bucket(ticket).take(-1)
                self._bucket(actual).take()
            if left is not None:
                self._bucket(actual).lower(left + 1)

    def _bucket(self, ticket: Ticket) -> TokenBucket:
        if ticket not in self._buckets:
            size, rate = _SHARES[ticket.kind]
            bucket = TokenBucket(self.pace.burst * size, self.pace.per_second * rate, self.now)
            self._buckets[ticket] = bucket
        return self._buckets[ticket]


class PacingPolicy(_Policy):
    """Lets each try of a request wait for its token, and learns from its answer."""

    def __init__(self, pacing: Pacing) -> None:
        super().__init__()
        self._pacing = pacing

    def send(self, request: PipelineRequest[Any]) -> PipelineResponse[Any, Any]:
        """Send one request, in its turn."""
        sent = request.http_request
        ticket = self._pacing.wait(sent.method, sent.url)
        answer = self.next.send(request)
        headers = answer.http_response.headers
        owner = "subscription" if ticket.subscription else "tenant"
        told = str(headers.get(f"x-ms-ratelimit-remaining-{owner}-{ticket.kind}", ""))
        left = int(told) if told.isdecimal() else None
        if answer.http_response.status_code == _REFUSED:
            left = -1
        region = str(headers.get("x-ms-routing-request-id", "")).partition(":")[0].lower()
        self._pacing.answered(ticket, region, left)
        return answer


def kind_of(method: str) -> str:
    """Return which kind of bucket a request of an HTTP method takes from."""
    if method in ("GET", "HEAD"):
        return "reads"
    return "deletes" if method == "DELETE" else "writes"
