"""The cases: documents, the values that really stand in them, and what must not leave them."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import yaml

from .basis import fitting


@dataclass(frozen=True)
class Case:
    """One document. ``personal`` must be masked in copies, ``forbidden`` must be no field's value.

    ``category`` is the layout of a golden document, or ``injection``.
    """

    id: str
    category: str
    text: str
    fields: Mapping[str, str] = field(default_factory=dict)
    personal: tuple[str, ...] = ()
    forbidden: tuple[str, ...] = ()


def golden(path: Path) -> tuple[Case, ...]:
    """Read the golden set, one JSON object per line."""
    lines = path.read_text(encoding="utf-8").splitlines()
    return tuple(_case(json.loads(line)) for line in lines if line.strip())


def redteam(path: Path) -> tuple[Case, ...]:
    """Read the red-team cases."""
    return tuple(_case(row) for row in yaml.safe_load(path.read_text(encoding="utf-8"))["cases"])


def _case(row: dict[str, Any]) -> Case:
    lists = {name: tuple(row.get(name, ())) for name in ("personal", "forbidden")}
    return fitting(Case, {**row, **lists})
