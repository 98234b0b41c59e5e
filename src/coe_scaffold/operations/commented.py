"""ARM templates with comments and strings of several lines: Azure takes them, plain JSON does not."""

from __future__ import annotations

import json
import re
from pathlib import Path

from coe_scaffold.errors import CompileError, Problem
from coe_scaffold.ports import CompiledTemplate

_PIECE = re.compile(r'"(?:[^"\\]|\\.)*"|//[^\n]*|/\*.*?\*/', re.DOTALL)


def uncommented(text: str) -> str:
    """Return a text with blanks for its comments, so that everything else stays where it is."""
    return _PIECE.sub(lambda found: found[0] if found[0][0] == '"' else _blank(found[0]), text)


def read_commented(path: Path) -> CompiledTemplate | None:
    """Return the template in a file that is no plain JSON; None when no comment or long string is the reason.

    Raises CompileError, with line and column, for what is wrong besides.
    """
    text = path.read_text("utf-8-sig", errors="replace")
    plain = uncommented(text)
    try:
        template = json.loads(plain, strict=False)
    except json.JSONDecodeError as error:
        if plain == text:
            return None
        problem = Problem(str(path), error.lineno, error.colno, f"This is not JSON: {error.msg}.")
        raise CompileError([problem], summary=f"{path} cannot be read") from error
    return CompiledTemplate(path, template) if isinstance(template, dict) else None


def _blank(comment: str) -> str:
    return re.sub(r"[^\n]", " ", comment)
