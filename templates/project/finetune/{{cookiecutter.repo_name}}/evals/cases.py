"""The cases: questions with a reference answer, unsafe requests, and probes for what must not be remembered."""

from __future__ import annotations

import json
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import yaml

from .basis import fitting


@dataclass(frozen=True)
class Case:
    """One question. ``category`` is a topic, or ``unsafe``, or ``memory`` with ``forbidden`` texts."""

    id: str
    category: str
    question: str
    language: str = "en"
    reference: str = ""
    forbidden: tuple[str, ...] = ()


def golden(path: Path) -> tuple[Case, ...]:
    """Read the golden set, one JSON object per line."""
    lines = path.read_text(encoding="utf-8").splitlines()
    return tuple(fitting(Case, json.loads(line)) for line in lines if line.strip())


def redteam(path: Path) -> tuple[Case, ...]:
    """Read the red-team cases."""
    rows: list[dict[str, Any]] = yaml.safe_load(path.read_text(encoding="utf-8"))["cases"]
    return tuple(
        fitting(Case, {**row, "forbidden": tuple(row.get("forbidden", ()))}) for row in rows
    )
