"""The intake questionnaire, and the rules that turn its answers into a risk tier; dates are data."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cache

from coe_scaffold.catalog.shipped import read


@dataclass(frozen=True)
class IntakeQuestion:
    """One question. ``required`` ones have no default: somebody must answer them."""

    id: str
    group: str
    prompt: str
    default: str
    choices: tuple[str, ...]
    required: bool


@dataclass(frozen=True)
class TierRule:
    """A tier that holds when every named answer is one of its values.

    ``basis`` is the article or rule; ``applies`` (ISO 8601) is since when, ``status`` how sure that is.
    """

    id: str
    tier: str
    when: Mapping[str, tuple[str, ...]] = field(hash=False)
    basis: str
    reason: str
    applies: str
    status: str


@dataclass(frozen=True)
class Intake:
    """The questionnaire, its rules, and the tiers from low to high."""

    date: str
    tiers: tuple[str, ...]
    questions: tuple[IntakeQuestion, ...]
    rules: tuple[TierRule, ...]


@cache
def intake() -> Intake:
    """Return the shipped questionnaire."""
    document = read("intake")
    return Intake(
        date=document["date"],
        tiers=tuple(document["tiers"]),
        questions=tuple(
            IntakeQuestion(
                id=row["id"],
                group=row["group"],
                prompt=row["prompt"],
                default=row.get("default", ""),
                choices=tuple(row.get("choices", ())),
                required=row.get("required", False),
            )
            for row in document["questions"]
        ),
        rules=tuple(
            TierRule(
                id=row["id"],
                tier=row["tier"],
                when={name: tuple(values) for name, values in row["when"].items()},
                basis=row["basis"],
                reason=row["reason"],
                applies=row["applies"],
                status=row["status"],
            )
            for row in document["rules"]
        ),
    )
