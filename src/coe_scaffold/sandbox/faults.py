"""Faults on purpose: ``throttle:0.2,reset:0.05,error:0.1,latency:50ms,principal-delay:3,seed:7``.

``throttle``, ``error`` and ``reset`` are probabilities per request: 429 with Retry-After, 503, and a
connection cut before or after the write. ``latency`` delays every answer. ``principal-delay`` refuses the
first n role assignments of each principal with PrincipalNotFound, as replication in the directory does.
``expired`` and ``conflict`` are such shares too: 401 ExpiredAuthenticationToken, 409 Conflict on a write.
``after:150`` lets that many requests through before any of these shares counts: a token that expires, or a
network that goes, in the middle of a run.
``slow`` delays long-running work before it starts, so that polls see it going on.
``buckets`` refuses requests when ARM's token bucket is empty; ``buckets:10`` fills it ten times as fast.
``regions:2`` lets requests reach ARM in two regions by turns, each with buckets of its own.
``unregistered:1`` starts subscriptions with hardly any resource provider registered, as new ones are.
``out-of-sync:1`` doubts the list of every stack that exists, until the caller says it does not matter.
``refuse:Microsoft.KeyVault/vaults=RequestDisallowedByPolicy`` refuses to write resources of a type; the
codes are those of ``refused.py``, and it can be given for several types.
"""

from __future__ import annotations

import random
import re
import threading
from collections.abc import Mapping
from dataclasses import dataclass, field

from coe_scaffold.errors import UsageError
from coe_scaffold.sandbox.buckets import REGIONS
from coe_scaffold.sandbox.refused import ANSWERS

EXAMPLE = "throttle:0.2,reset:0.05,error:0.1,latency:50ms,principal-delay:3,seed:7"


_SHARES = ("throttle", "error", "reset", "expired", "conflict")
"""Faults that happen to a share of the requests."""

_OTHERS = ("after", "slow", "latency", "principal-delay", "buckets", "regions", "unregistered", "out-of-sync")
_NAMES = (*_SHARES, *_OTHERS, "refuse", "seed")
"""All faults, as docs/reference/sandbox.md describes them."""


@dataclass(frozen=True)
class FaultPlan:
    """Which faults happen how often; ``latency``, ``slow`` in seconds; ``buckets`` times the refill rate.

    ``refuse`` are error codes by resource type in lower case.
    """

    throttle: float = 0.0
    reset: float = 0.0
    error: float = 0.0
    latency: float = 0.0
    principal_delay: int = 0
    seed: int = 0
    buckets: float = 0.0
    expired: float = 0.0
    conflict: float = 0.0
    slow: float = 0.0
    regions: int = 1
    unregistered: bool = False
    refuse: Mapping[str, str] = field(default_factory=dict, hash=False)
    after: int = 0
    out_of_sync: bool = False


class Faults:
    """Draws faults in a reproducible order."""

    def __init__(self, plan: FaultPlan) -> None:
        self.plan = plan
        self._random = random.Random(plan.seed)  # noqa: S311
        self._lock = threading.Lock()
        self._refused: dict[str, int] = {}
        self._seen = 0

    def draw(self) -> str:
        """Return what happens to the next request: throttle, error, reset-before, reset-after or nothing."""
        plan = self.plan
        if not (plan.throttle or plan.error or plan.reset or plan.expired or plan.conflict):
            return ""
        with self._lock:
            self._seen += 1
            if self._seen <= plan.after:
                return ""
            value = self._random.random()
            late = self._random.random() < 0.5
        if value < plan.throttle:
            return "throttle"
        if value < plan.throttle + plan.error:
            return "error"
        if value < plan.throttle + plan.error + plan.reset:
            return "reset-after" if late else "reset-before"
        if value < plan.throttle + plan.error + plan.reset + plan.expired:
            return "expired"
        if value < plan.throttle + plan.error + plan.reset + plan.expired + plan.conflict:
            return "conflict"
        return ""

    def unreplicated(self, principal: str) -> bool:
        """Return whether the directory does not show a principal yet; each question counts as one try."""
        with self._lock:
            tries = self._refused.get(principal.lower(), 0)
            if tries >= self.plan.principal_delay:
                return False
            self._refused[principal.lower()] = tries + 1
            return True


def parse(text: str) -> FaultPlan:
    """Read a fault string; raise UsageError that names the part that is wrong."""
    values: dict[str, float] = {}
    refuse: dict[str, str] = {}
    for part in filter(None, (piece.strip() for piece in text.split(","))):
        name, _, value = part.partition(":")
        if name == "refuse":
            refuse |= _refusal(part, value)
        else:
            values[name] = _number(part, name, value)
    total = sum(values.get(name, 0) for name in _SHARES)
    if total > 1:
        raise _wrong(text, "the probabilities add up to more than 1")
    return FaultPlan(
        throttle=values.get("throttle", 0.0),
        reset=values.get("reset", 0.0),
        error=values.get("error", 0.0),
        latency=values.get("latency", 0.0),
        principal_delay=int(values.get("principal-delay", 0)),
        seed=int(values.get("seed", 0)),
        buckets=values.get("buckets", 0.0),
        expired=values.get("expired", 0.0),
        conflict=values.get("conflict", 0.0),
        slow=values.get("slow", 0.0),
        regions=int(values.get("regions", 1)),
        unregistered=bool(values.get("unregistered", 0)),
        refuse=refuse,
        after=int(values.get("after", 0)),
        out_of_sync=bool(values.get("out-of-sync", 0)),
    )


def _refusal(part: str, value: str) -> dict[str, str]:
    kind, _, code = value.partition("=")
    if "/" not in kind:
        raise _wrong(part, "it takes a resource type and an error code, TYPE=CODE")
    if code not in ANSWERS:
        raise _wrong(part, f"the code must be one of {', '.join(sorted(ANSWERS))}")
    return {kind.lower(): code}


def _number(part: str, name: str, value: str) -> float:
    if name in _SHARES:
        if re.fullmatch(r"0(\.\d+)?|1(\.0+)?|\.\d+", value):
            return float(value)
        raise _wrong(part, "it takes a probability from 0 to 1")
    if name in ("latency", "slow"):
        if match := re.fullmatch(r"(\d+(?:\.\d+)?)(ms|s)", value):
            return float(match[1]) / (1000 if match[2] == "ms" else 1)
        raise _wrong(part, "it takes a time such as 50ms or 2s")
    if name == "regions":
        if value.isdecimal() and 0 < int(value) <= len(REGIONS):
            return float(value)
        raise _wrong(part, f"it takes a number from 1 to {len(REGIONS)}")
    if name in ("unregistered", "out-of-sync"):
        if value in ("0", "1"):
            return float(value)
        raise _wrong(part, "it takes 1 or 0")
    if name in ("principal-delay", "seed", "buckets", "after"):
        if value.isdecimal():
            return float(value)
        raise _wrong(part, "it takes a whole number")
    raise _wrong(part, f"there is none of that name; there are {', '.join(_NAMES)}")


def _wrong(part: str, reason: str) -> UsageError:
    return UsageError(f"the fault '{part}' cannot be used: {reason}", fix=f"Write for example {EXAMPLE}.")
