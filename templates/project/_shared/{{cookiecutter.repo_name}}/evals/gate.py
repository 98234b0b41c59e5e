"""The gate: metrics against thresholds and baseline, cases and prompt against what the baseline rests on."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import yaml

from .agreed import outside
from .basis import Basis, changes, read

Rules = Mapping[str, Mapping[str, float]]
"""A rule for each metric: ``minimum`` and ``maximumDrop``, perhaps ``maximumRise``; or ``maximum`` and that."""

_ACCEPT = "put it back, or look at the difference and accept it with 'make baseline'"


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
    folder: Path,
    provider: str,
    metrics: Mapping[str, float],
    *,
    judged: bool = False,
    compared: bool = True,
) -> tuple[Verdict, ...]:
    """Return the verdicts by ``thresholds.yaml`` and, where ``compared``, by ``baseline.json``.

    Raises CaseError for a file of cases that cannot be read.
    """
    document, before = _document(folder), _baselines(folder)
    now = read(folder.parent)
    accepted = before.get("basis", {}) if compared else now
    return (
        *judge(
            metrics,
            thresholds(folder, judged=judged),
            before.get(provider, {}) if compared else {},
        ),
        *unchanged(now, accepted, document.get("minimumCases") or {}),
        agreed(folder.parent, document.get("agreed") or {}),
    )


def thresholds(folder: Path, *, judged: bool = False) -> Rules:
    """Read the rules of ``thresholds.yaml``; with ``judged``, those of a judge's metrics too."""
    document = _document(folder)
    return {**document["metrics"], **(document.get("judged", {}) if judged else {})}


def accept(
    folder: Path, provider: str, metrics: Mapping[str, float], *, judged: bool = False
) -> None:
    """Write the metrics as the baseline, less those whose rule says ``baseline: false``, and what it rests on.

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
    text = json.dumps(
        {**before, provider: {**kept, **unmeasured}, "basis": read(folder.parent)}, indent=2
    )
    (folder / "baseline.json").write_text(text + "\n", encoding="utf-8")


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


def unchanged(now: Basis, accepted: Basis, minimums: Mapping[str, int]) -> tuple[Verdict, ...]:
    """Return one verdict for each group of cases and for the prompt: enough of them, and as accepted."""
    verdicts = []
    for group in sorted({*now, *accepted, *minimums}):
        items, before = now.get(group, {}), accepted.get(group)
        least = minimums.get(group, 1)
        reason = ""
        if len(items) < least:
            reason = "is less than minimumCases in evals/thresholds.yaml asks for"
        elif before is None:
            reason = "is not in evals/baseline.json: accept it with 'make baseline'"
        elif text := changes(items, before):
            reason = f"is not what the baseline rests on: {text}; {_ACCEPT}"
        name = "prompt_text" if group == "prompt" else f"{group}_cases"
        known = None if before is None else float(len(before))
        verdicts.append(Verdict(name, float(len(items)), f"at least {least}", reason, known))
    return tuple(verdicts)


def agreed(home: Path, limits: Mapping[str, Any]) -> Verdict:
    """Return the verdict on settings with agreed limits; where nothing is agreed on, nothing passes."""
    found = outside(home, limits) if limits else ["evals/thresholds.yaml agrees on no setting"]
    return Verdict("settings_outside", float(len(found)), "at most 0", "; ".join(found))


def _verdict(
    name: str, value: float, rule: Mapping[str, float], baseline: Mapping[str, float]
) -> Verdict:
    before = baseline.get(name)
    rise = rule.get("maximumRise", float("inf"))
    if "maximum" in rule:
        limit = f"at most {rule['maximum']:g}"
        if not value <= rule["maximum"]:
            return Verdict(name, value, limit, f"is over the threshold: {limit}", before)
        if before is not None and value > before + rise:
            return Verdict(name, value, limit, f"rose from {before:.3f} in the baseline", before)
        return Verdict(name, value, limit, before=before)
    limit = f"at least {rule['minimum']:g}"
    if not value >= rule["minimum"]:
        return Verdict(name, value, limit, f"is below the threshold: {limit}", before)
    if before is not None and value < before - rule["maximumDrop"]:
        return Verdict(name, value, limit, f"fell from {before:.3f} in the baseline", before)
    if before is not None and value > before + rise:
        doubt = f"rose from {before:.3f} in the baseline, too far to believe: look for a leak"
        return Verdict(name, value, limit, doubt, before)
    return Verdict(name, value, limit, before=before)


def _document(folder: Path) -> dict[str, Any]:
    document = yaml.safe_load((folder / "thresholds.yaml").read_text(encoding="utf-8"))
    return dict(document)


def _baselines(folder: Path) -> dict[str, Any]:
    document = json.loads((folder / "baseline.json").read_text(encoding="utf-8"))
    return dict(document)
