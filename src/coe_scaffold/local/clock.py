"""This machine's clock."""

from __future__ import annotations

from datetime import UTC, datetime


class SystemClock:
    """Implements :class:`coe_scaffold.ports.Clock`."""

    def now(self) -> datetime:
        """Return the current time in UTC, with its zone."""
        return datetime.now(UTC)
