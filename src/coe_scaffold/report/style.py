"""Colours for a terminal: one small table. The symbols carry the meaning, colour only repeats it."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Protocol

_STYLES = {"+": "32", "-": "31", "~": "33", "=": "2", "?": "36", "!": "31;1", "heading": "1", "quiet": "2"}


class Stream(Protocol):
    """What is asked whether it is a terminal."""

    def isatty(self) -> bool:
        """Return whether a person looks at it."""


def wants_colour(stream: Stream, environ: Mapping[str, str]) -> bool:
    """Return whether to colour: FORCE_COLOR, else a terminal without NO_COLOR and not ``TERM=dumb``."""
    if environ.get("NO_COLOR"):
        return False
    if environ.get("FORCE_COLOR"):
        return True
    return stream.isatty() and environ.get("TERM") != "dumb"


_CONTROLS = re.compile(r"[\x00-\x1f\x7f-\x9f\u2028\u2029\u202a-\u202e\u2066-\u2069]+")


def clean(text: str) -> str:
    """Return text from elsewhere on one line, without control characters that could fool a terminal."""
    return _CONTROLS.sub(" ", text)


def paint(text: str, style: str, *, colour: bool) -> str:
    """Return the text in a style of the table, or as it is without colour or for an unknown style."""
    if not colour or style not in _STYLES or not text:
        return text
    return f"\x1b[{_STYLES[style]}m{text}\x1b[0m"
