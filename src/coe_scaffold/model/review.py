"""What a review found in a project's evidence."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


class Standing(StrEnum):
    """Where a piece of evidence stands: complete, waiting for a person, or failing an automated check."""

    COMPLETE = "complete"
    OPEN = "open"
    MISSING = "missing"


@dataclass(frozen=True)
class Lack:
    """One thing that lacks; ``person`` when only a person can help. ``line`` 0 is the whole file."""

    file: str
    message: str
    person: bool = False
    line: int = 0


@dataclass(frozen=True)
class Reviewed:
    """One piece of evidence; ``owner`` and ``approver`` are titles of CoE functions.

    ``rests_on`` names the law and the standards that ask for it, each with its articles or clauses.
    """

    id: str
    title: str
    gate: str
    owner: str
    approver: str
    file: str
    rests_on: tuple[str, ...] = ()
    lacks: tuple[Lack, ...] = ()

    @property
    def standing(self) -> Standing:
        """Where it stands: the worst of what lacks."""
        if not self.lacks:
            return Standing.COMPLETE
        return Standing.OPEN if all(lack.person for lack in self.lacks) else Standing.MISSING


@dataclass(frozen=True)
class Review:
    """A review of one project at one gate, or at all of them (empty ``gate``)."""

    project: str
    kind: str
    tier: str
    gate: str
    items: tuple[Reviewed, ...]

    @property
    def passed(self) -> bool:
        """Whether nothing lacks."""
        return all(item.standing is Standing.COMPLETE for item in self.items)
