"""The api-version of each resource type in the packaged Bicep: the one that those resources are made with."""

from __future__ import annotations

import re
from collections.abc import Mapping
from functools import cache

from coe_scaffold.assets import templates

_DECLARED = re.compile(r"'(?P<type>[\w.]+(?:/\w+)+)@(?P<version>\d{4}-\d{2}-\d{2}(?:-\w+)?)'")


@cache
def api_versions() -> Mapping[str, str]:
    """Return the newest api-version that the packaged Bicep names, by resource type in lower case."""
    found: dict[str, str] = {}
    for path in sorted((templates() / "bicep").rglob("*.bicep")):
        for match in _DECLARED.finditer(path.read_text(encoding="utf-8")):
            kind = match["type"].lower()
            found[kind] = max(found.get(kind, ""), match["version"])
    return found
