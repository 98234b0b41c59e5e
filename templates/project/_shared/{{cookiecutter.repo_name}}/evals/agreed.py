"""Settings with agreed limits: what no metric of a laptop shows may still not be turned off unseen."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import yaml

Limits = Mapping[str, Mapping[str, Mapping[str, float]]]
"""For each file and dotted key: ``minimum``, ``maximum`` or both."""


def outside(home: Path, limits: Limits) -> list[str]:
    """Return every setting that is not within what ``agreed`` in ``evals/thresholds.yaml`` says, in words."""
    found = []
    for file, rules in limits.items():
        path = home / file
        document = yaml.safe_load(path.read_text(encoding="utf-8")) if path.is_file() else None
        for key, rule in rules.items():
            if problem := _problem(_value(document, key), rule):
                found.append(f"{file}: {key} {problem}")
    return found


def _value(document: Any, key: str) -> Any:
    for part in key.split("."):
        document = document.get(part) if isinstance(document, Mapping) else None
    return document


def _problem(value: Any, rule: Mapping[str, float]) -> str:
    if isinstance(value, bool) or not isinstance(value, int | float):
        return "is missing or no number"
    least, most = rule.get("minimum", float("-inf")), rule.get("maximum", float("inf"))
    if not value >= least:
        return f"is {value:g}, agreed on is at least {least:g}"
    if not value <= most:
        return f"is {value:g}, agreed on is at most {most:g}"
    return ""
