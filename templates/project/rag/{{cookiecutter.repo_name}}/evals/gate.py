"""The gate: every metric against its threshold and against the baseline of the last release."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True)
class Verdict:
    """One metric's verdict; ``reason`` is empty when it passed."""

    metric: str
    value: float
    limit: str
    reason: str = ""

    @property
    def passed(self) -> bool:
        """Whether the metric may be released."""
        return not self.reason


def judge(
    metrics: Mapping[str, float],
    thresholds: Mapping[str, Mapping[str, float]],
    baseline: Mapping[str, float],
) -> tuple[Verdict, ...]:
    """Return one verdict for each metric; a metric without a threshold, or the reverse, fails."""
    verdicts = [_verdict(name, value, thresholds, baseline) for name, value in metrics.items()]
    verdicts += [
        Verdict(name, 0.0, "", "has a threshold but was not measured")
        for name in thresholds
        if name not in metrics
    ]
    return tuple(verdicts)


def baseline_for(document: Mapping[str, Any], provider: str) -> Mapping[str, float]:
    """Return the baseline metrics of a provider; none when it was never measured."""
    found: Mapping[str, float] = document.get(provider, {})
    return found


def _verdict(
    name: str,
    value: float,
    thresholds: Mapping[str, Mapping[str, float]],
    baseline: Mapping[str, float],
) -> Verdict:
    if name not in thresholds:
        return Verdict(name, value, "", "has no threshold in evals/thresholds.yaml")
    rule = thresholds[name]
    if "maximum" in rule:
        limit = f"at most {rule['maximum']:g}"
        return Verdict(name, value, limit, "" if value <= rule["maximum"] else f"is over {limit}")
    limit = f"at least {rule['minimum']:g}"
    if value < rule["minimum"]:
        return Verdict(name, value, limit, f"is below the threshold: {limit}")
    before = baseline.get(name, 0.0)
    if value < before - rule["maximumDrop"]:
        return Verdict(name, value, limit, f"fell from {before:.3f} in the baseline")
    return Verdict(name, value, limit)
