"""The cases: what is asked, by whom, and what a good answer has."""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import yaml

from .basis import fitting


@dataclass(frozen=True)
class Case:
    """One question.

    ``documents`` should be found and cited, ``phrases`` should be in the answer, ``forbidden`` must not
    be. ``refuse`` says whether an honest refusal is the right answer; None means either will do.
    ``category`` is ``golden``, ``injection``, ``access`` or ``unsafe``.
    """

    id: str
    category: str
    user: str
    question: str
    refuse: bool | None
    documents: tuple[str, ...] = ()
    phrases: tuple[str, ...] = ()
    forbidden: tuple[str, ...] = field(default_factory=tuple)


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
    lists = {name: tuple(row.get(name, ())) for name in ("documents", "phrases", "forbidden")}
    plain = {name: value for name, value in row.items() if name not in lists}
    return fitting(Case, {"refuse": False, **plain, **lists})
