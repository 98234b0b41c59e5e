"""What an evaluation is: metrics, the cases behind them, and the versions they belong to."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any


@dataclass(frozen=True)
class Checked:
    """One case and what is wrong with its outcome; ``problems`` is empty when nothing is."""

    id: str
    category: str
    problems: tuple[str, ...] = ()


@dataclass(frozen=True)
class Asked:
    """What a judge is asked about one case: a metric, and what its evaluator takes by name."""

    metric: str
    case: str
    inputs: Mapping[str, Any] = field(hash=False)


@dataclass(frozen=True)
class Evaluation:
    """The result of one run. ``facts`` names what was measured, such as the version of data and prompt;
    ``files`` are further reports by name, ``asked`` is what a judge beside the metrics would be asked.
    """

    metrics: Mapping[str, float]
    cases: tuple[Checked, ...]
    facts: Mapping[str, str]
    files: Mapping[str, str] = field(default_factory=dict)
    asked: tuple[Asked, ...] = ()
