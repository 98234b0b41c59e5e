"""What every handler of one sandbox shares."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import UTC, datetime

from coe_scaffold.sandbox.faults import Faults
from coe_scaffold.sandbox.store import Store


@dataclass(frozen=True)
class World:
    """One sandbox: its state, tenant and faults."""

    store: Store = field(hash=False)
    tenant: str
    faults: Faults = field(hash=False)


def timestamp() -> str:
    """Return the time as ARM writes it: UTC with seven decimals of a second."""
    return datetime.now(UTC).strftime("%Y-%m-%dT%H:%M:%S.%f0Z")
