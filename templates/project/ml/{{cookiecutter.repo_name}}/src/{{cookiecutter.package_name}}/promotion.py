"""Champion and challenger: a new model replaces the old one only when it is better where it counts."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

TOLERANCES = {"auc": -0.005, "brier": 0.005, "calibration_error": 0.01, "fairness_gap": 0.02}
"""How much worse a challenger may be: negative where more is better, positive where less is."""


@dataclass(frozen=True)
class Decision:
    """Whether a challenger is promoted; ``reasons`` says why not."""

    promote: bool
    reasons: tuple[str, ...] = ()


def decide(challenger: Mapping[str, float], champion: Mapping[str, float] | None) -> Decision:
    """Return the decision; without a champion the evaluation gate alone decides."""
    if champion is None:
        return Decision(True)
    reasons = []
    for name, tolerance in TOLERANCES.items():
        if name not in champion or name not in challenger:
            reasons.append(f"{name} was not measured for both")
            continue
        difference = challenger[name] - champion[name]
        worse = difference < tolerance if tolerance < 0 else difference > tolerance
        if worse:
            reasons.append(f"{name} goes from {champion[name]:.3f} to {challenger[name]:.3f}")
    return Decision(not reasons, tuple(reasons))
