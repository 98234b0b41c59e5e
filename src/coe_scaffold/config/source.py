"""The text of one configuration file."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Source:
    """One file's text; ``file`` is how messages name it, ``folder`` is relative to the workspace."""

    file: str
    text: str
    folder: str = "."
