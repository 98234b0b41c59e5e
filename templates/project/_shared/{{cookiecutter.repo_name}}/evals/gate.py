"""The gate: every metric against its threshold and against the baseline of the last release."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import yaml

Rules = Mapping[str, Mapping[str, float]]
"""A rule for each metric: ``minimum`` and ``maximumDrop``, or ``maximum`` and perhaps ``maximumRise``."""


@dataclass(frozen=True)
class Verdict:
    """One metric's verdict; ``reason`` is empty when it passed.

    ``before`` is what the baseline holds, None when it holds nothing to compare with.
    """

    metric: str
    value: float
    limit: str
    reason: str = ""
    before: float | None = None

    @property
    def passed(self) -> bool:
        """Whether the metric may be released."""
        return not self.reason


def check(
    folder: Path, provider: str, metrics: Mapping[str, float], *, judged: bool = False
) -> tuple[Verdict, ...]:
    """Return the verdicts by ``thresholds.yaml`` and the provider's part of ``baseline.json``."""
    return judge(metrics, thresholds(folder, judged=judged), _baselines(folder).get(provider, {}))


def thresholds(folder: Path, *, judged: bool = False) -> Rules:
    """Read the rules of ``thresholds.yaml``; with ``judged``, those of a judge's metrics too."""
    document = yaml.safe_load((folder / "thresholds.yaml").read_text(encoding="utf-8"))
    rules: Rules = {**document["metrics"], **(document.get("judged", {}) if judged else {})}
    return rules


def accept(
    folder: Path, provider: str, metrics: Mapping[str, float], *, judged: bool = False
) -> None:
    """Write the metrics as the baseline, less those whose rule says ``baseline: false``.

    A run without a judge leaves the judge's part of the baseline as it is.
    """
    known = thresholds(folder, judged=True)
    rules = thresholds(folder, judged=judged)
    before = _baselines(folder)
    unmeasured = {
        name: value
        for name, value in before.get(provider, {}).items()
        if name in known and name not in rules
    }
    kept = {
        name: round(value, 4)
        for name, value in metrics.items()
        if rules[name].get("baseline", True)
    }
    text = json.dumps({**before, provider: {**kept, **unmeasured}}, indent=2) + "\n"
    (folder / "baseline.json").write_text(text, encoding="utf-8")


def judge(
    metrics: Mapping[str, float], rules: Rules, baseline: Mapping[str, float]
) -> tuple[Verdict, ...]:
    """Return one verdict for each metric; a metric without a threshold, or the reverse, fails."""
    verdicts = [
        _verdict(name, value, rules[name], baseline)
        if name in rules
        else Verdict(name, value, "", "has no threshold in evals/thresholds.yaml")
        for name, value in metrics.items()
    ]
    verdicts += [
        Verdict(name, 0.0, "", "has a threshold but was not measured")
        for name in rules
        if name not in metrics
    ]
    return tuple(verdicts)


def _verdict(
    name: str, value: float, rule: Mapping[str, float], baseline: Mapping[str, float]
) -> Verdict:
    before = baseline.get(name)
    if "maximum" in rule:
        limit = f"at most {rule['maximum']:g}"
        if not value <= rule["maximum"]:
            return Verdict(name, value, limit, f"is over the threshold: {limit}", before)
        if before is not None and value > before + rule.get("maximumRise", float("inf")):
            return Verdict(name, value, limit, f"rose from {before:.3f} in the baseline", before)
        return Verdict(name, value, limit, before=before)
    limit = f"at least {rule['minimum']:g}"
    if not value >= rule["minimum"]:
        return Verdict(name, value, limit, f"is below the threshold: {limit}", before)
    if before is not None and value < before - rule["maximumDrop"]:
        return Verdict(name, value, limit, f"fell from {before:.3f} in the baseline", before)
    return Verdict(name, value, limit, before=before)


def _baselines(folder: Path) -> dict[str, Any]:
    document = json.loads((folder / "baseline.json").read_text(encoding="utf-8"))
    return dict(document)
