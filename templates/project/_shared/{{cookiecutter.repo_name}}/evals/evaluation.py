"""What an evaluation is: metrics, the cases behind them, and the versions they belong to."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field


@dataclass(frozen=True)
class Checked:
    """One case and what is wrong with its outcome; ``problems`` is empty when nothing is."""

    id: str
    category: str
    problems: tuple[str, ...] = ()


@dataclass(frozen=True)
class Evaluation:
    """The result of one run. ``facts`` names what was measured, such as the version of data and prompt;
    ``files`` are further reports by name.
    """

    metrics: Mapping[str, float]
    cases: tuple[Checked, ...]
    facts: Mapping[str, str]
    files: Mapping[str, str] = field(default_factory=dict)
