"""What the pipeline needs from outside. ``local`` and ``cloud`` each implement both."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol

from .schema import Schema


@dataclass(frozen=True)
class Line:
    """One line of a document, and how sure the reader is of its letters (0 to 1)."""

    text: str
    confidence: float = 1.0


@dataclass(frozen=True)
class Candidate:
    """A value for a field as it stands in the document; ``quote`` is the line it was taken from."""

    field: str
    value: str
    quote: str
    confidence: float


class UnreadableError(ValueError):
    """A document that cannot be read as text."""


class Reader(Protocol):
    """Turns a file into lines."""

    def read(self, content: bytes) -> tuple[Line, ...]:
        """Return the lines; raise UnreadableError for a file that holds none."""


class Extractor(Protocol):
    """Finds the fields of a schema in lines."""

    @property
    def name(self) -> str:
        """The name of the extractor, for the log."""

    def extract(self, lines: Sequence[Line], schema: Schema) -> tuple[Candidate, ...]:
        """Return at most one candidate for each field."""
