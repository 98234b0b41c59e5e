"""What is asked before anything is written, and what came of it."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


class Verdict(StrEnum):
    """What a check came to. UNKNOWN: it could not be asked; it does not forbid applying."""

    OK = "ok"
    PROBLEM = "problem"
    UNKNOWN = "unknown"


@dataclass(frozen=True)
class Check:
    """One thing that was asked.

    ``action`` and ``scope`` name a missing right, for problems of rights; ``role`` the one to ask for.
    ``alike`` is what the message says without its place, for which it has ``{where}``: checks that have it
    in common can be told at once.
    """

    name: str
    verdict: Verdict
    message: str
    fix: str = ""
    action: str = ""
    scope: str = ""
    role: str = ""
    alike: str = ""

    @property
    def about_access(self) -> bool:
        """Whether what is missing is a right to give access, to lock or to set policy."""
        return self.action.lower().startswith("microsoft.authorization/")
