"""Records: what waits for a person, kept so that a restart loses nothing and two people never both decide."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any, Protocol

from .settings import Settings


@dataclass(frozen=True)
class Record:
    """What is kept under a name; ``version`` changes with every write."""

    data: dict[str, Any] = field(hash=False)
    version: str


class Records(Protocol):
    """JSON objects by name. A write that somebody else was faster with changes nothing and says so."""

    def names(self, prefix: str) -> tuple[str, ...]:
        """Return the names that start with a prefix, those written longest ago first."""

    def get(self, name: str) -> Record | None:
        """Return a record, or None when there is none."""

    def add(self, name: str, data: dict[str, Any]) -> bool:
        """Keep a new record; return False when the name is taken."""

    def replace(self, name: str, data: dict[str, Any], version: str) -> bool:
        """Write over a record; return False when it is not at this version any more."""

    def remove(self, name: str) -> None:
        """Forget a record; one that is not there is no error."""


def records(settings: Settings, file: str) -> Records:
    """Return the records of the environment: blobs on Azure, else the SQLite ``file`` of this machine."""
    if settings.provider == "azure":
        from .cloud.records import BlobRecords

        return BlobRecords.connect(settings.azure["AZURE_RECORDS_URL"])
    from .local.records import SqliteRecords

    return SqliteRecords(settings.home / file)
