"""What can be verified of each piece of evidence without a person, as data."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from typing import Any

from coe_scaffold.catalog.shipped import read

Check = Mapping[str, Any]
"""One automated check: ``op`` says how, ``file`` where (a glob), other keys what.

``person: true`` marks what only a person can bring about; ``tiers`` limits it to some risk tiers.
"""


@cache
def checks_of(item: str, provider: str = "github") -> tuple[Check, ...]:
    """Return the checks of an evidence item, with the paths of the pipelines' provider."""
    document = read("review")
    paths: Mapping[str, str] = document["providers"].get(provider, {})
    rows: list[dict[str, Any]] = document["items"].get(item, [])
    return tuple({**row, "file": paths.get(row["file"], row["file"])} for row in rows)


def provider_paths(provider: str) -> tuple[tuple[str, str], ...]:
    """Return (path as documents name it, path at this provider), longest first; none for GitHub."""
    paths: Mapping[str, str] = read("review")["providers"].get(provider, {})
    rows = [(old, new) for old, new in paths.items() if "*" not in old]
    folder = [(".github/", ".azuredevops/")] if rows else []
    return (*sorted(rows, key=lambda row: -len(row[0])), *folder)
