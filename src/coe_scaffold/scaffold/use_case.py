"""A use case: the answers of its intake by question, and as ``useCase`` of project.yaml writes them."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

_KEYS: Mapping[str, str] = MappingProxyType(
    {
        "sponsor": "sponsor",
        "value_metric": "valueMetric",
        "users": "users",
        "data_classification": "dataClassification",
        "personal_data": "personalData",
        "autonomy": "autonomy",
        "affected_people": "affectedPeople",
        "area": "area",
        "risk_tier": "riskTier",
    }
)
"""Question of the intake → key in project.yaml, in the order of the file."""

_UNANSWERED: Mapping[str, str] = MappingProxyType(
    {"personal_data": "unknown", "autonomy": "assistive", "affected_people": "unknown", "area": "unknown"}
)
"""What a use case says of itself where a project.yaml does not."""


def as_written(answers: Mapping[str, str]) -> dict[str, str]:
    """Return the answers that belong to a use case under the keys of project.yaml; others are left out."""
    return {key: answers[name] for name, key in _KEYS.items() if name in answers}


def as_answered(use_case: Mapping[str, str]) -> dict[str, str]:
    """Return what a project.yaml says as answers, one for every question of a use case."""
    return {name: use_case.get(key, _UNANSWERED.get(name, "")) for name, key in _KEYS.items()}
