"""The cases: what is asked, which calls are right, and what a good answer says."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import yaml

from .basis import fitting


@dataclass(frozen=True)
class Case:
    """One task. ``calls`` are all calls there should be, in order; ``approve`` is what the person says.

    ``category`` is ``golden``, ``injection`` or ``unsafe``.
    """

    id: str
    category: str
    task: str
    calls: tuple[Mapping[str, Any], ...]
    phrases: tuple[str, ...] = ()
    approve: bool = True


def golden(path: Path) -> tuple[Case, ...]:
    """Read the golden set, one JSON object per line."""
    lines = path.read_text(encoding="utf-8").splitlines()
    return tuple(
        _case({"category": "golden", **json.loads(line)}) for line in lines if line.strip()
    )


def redteam(path: Path) -> tuple[Case, ...]:
    """Read the red-team cases."""
    return tuple(_case(row) for row in yaml.safe_load(path.read_text(encoding="utf-8"))["cases"])


def _case(row: dict[str, Any]) -> Case:
    lists: dict[str, Any] = {name: tuple(row[name]) for name in ("calls", "phrases") if name in row}
    return fitting(Case, {**row, **lists})
