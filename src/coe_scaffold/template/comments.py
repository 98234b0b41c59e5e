"""ARM's JSON: with comments and strings of several lines, which Azure takes and plain JSON does not."""

from __future__ import annotations

import json
import re
from typing import Any

from coe_scaffold.model.json import from_text

_PIECE = re.compile(r'"(?:[^"\\]|\\.)*"|//[^\n]*|/\*.*?\*/', re.DOTALL)


def read_json(text: str) -> Any:
    """Return the value of a text; raise json.JSONDecodeError, with the place, for what Azure refuses too.

    That is also raised for what is nested too deeply.
    """
    try:
        return from_text(text)
    except json.JSONDecodeError:
        return from_text(uncommented(text), strict=False)


def uncommented(text: str) -> str:
    """Return a text with blanks for its comments, so that everything else stays where it is."""
    return _PIECE.sub(lambda found: found[0] if found[0][0] == '"' else _blank(found[0]), text)


def _blank(comment: str) -> str:
    return re.sub(r"[^\n]", " ", comment)
