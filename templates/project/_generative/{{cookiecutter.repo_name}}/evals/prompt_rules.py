"""The named rules of the system prompt that were agreed on: one that is gone fails the gate, whatever hides it."""

from __future__ import annotations

from pathlib import Path
from statistics import fmean

import yaml

from {{ cookiecutter.package_name }}.prompts import load


def kept(home: Path) -> float:
    """Return which share of ``promptRules`` in ``evals/thresholds.yaml`` the prompt has; NaN when none is named."""
    document = yaml.safe_load((home / "evals" / "thresholds.yaml").read_text(encoding="utf-8"))
    wanted = document.get("promptRules") or ()
    rules = load(home / "prompts" / "system.md").rules
    return fmean(rule in rules for rule in wanted) if wanted else float("nan")
