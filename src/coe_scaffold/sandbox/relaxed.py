"""JSON as Azure Resource Manager takes it: with comments, bare member names and single quotes.

Azure CLI posts a template under a bare name (``{"mode": "Incremental", template: {...}}``) with the file's
comments still in it; the real service accepts that.
"""

from __future__ import annotations

import json
import re

from coe_scaffold.model.json import Json

_TOKEN = re.compile(
    r"""
    (?P<double>"(?:[^"\\]|\\.)*")
  | (?P<single>'(?:[^'\\]|\\.)*')
  | (?P<comment>//[^\n]*|/\*(?:(?!\*/).)*\*/)
  | (?P<comma>,(?=(?:\s|//[^\n]*|/\*(?:(?!\*/).)*\*/)*[}\]]))
  | (?P<name>[A-Za-z_$][\w$-]*(?=\s*:))
    """,
    re.VERBOSE | re.DOTALL,
)


def loads(text: str) -> Json:
    """Return the value a text holds; raise ValueError when it is not JSON even so."""
    try:
        return json.loads(text, strict=False)
    except ValueError:
        return json.loads(_TOKEN.sub(_strict, text), strict=False)


def _strict(match: re.Match[str]) -> str:
    match match.lastgroup:
        case "comment" | "comma":
            return ""
        case "single":
            return json.dumps(match[0][1:-1].replace("\\'", "'"))
        case "name":
            return f'"{match[0]}"'
    return match[0]
