"""The intake of a use case: answers to a risk tier, with the rule each reason rests on."""

from __future__ import annotations

import difflib
from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass, field
from datetime import date

from coe_scaffold.catalog.intake import Intake, TierRule, intake
from coe_scaffold.errors import BlockedError, UsageError
from coe_scaffold.model.json import JsonObject
from coe_scaffold.scaffold.manifest import Manifest
from coe_scaffold.scaffold.provenance import quoted

FORMAT = "coe-scaffold/intake/v1"


@dataclass(frozen=True)
class Classified:
    """A use case with its answers, its risk tier, and every rule that speaks for it, strictest first."""

    answers: Mapping[str, str] = field(hash=False)
    tier: str
    reasons: tuple[TierRule, ...]


def complete(given: Mapping[str, str], questions: Intake | None = None) -> dict[str, str]:
    """Return an answer to every question; raise UsageError with everything missing or wrong at once."""
    asked = questions or intake()
    known = {question.id: question for question in asked.questions}
    problems = [_unknown(name, known) for name in given if name not in known]
    answers = {}
    for name, question in known.items():
        answer = given.get(name, "").strip() or question.default
        answers[name] = answer
        if not answer and question.required:
            problems.append(f"'{name}' is missing: {question.prompt}" + _choices(question.choices))
        elif answer and question.choices and answer not in question.choices:
            problems.append(f"'{name}' cannot be '{answer}'" + _choices(question.choices))
        elif not answer.isprintable():
            problems.append(f"'{name}' holds a line break or another control character")
    if problems:
        raise UsageError(
            f"{len(problems)} answer{'s' if len(problems) > 1 else ''} cannot be used",
            detail="\n".join(problems),
            fix="Give each with --set NAME=VALUE or in a file with --answers.",
        )
    return answers


def classify(answers: Mapping[str, str]) -> Classified:
    """Return the strictest tier whose rule holds, ``minimal`` when none does, and all rules that hold."""
    rank = {tier: number for number, tier in enumerate(intake().tiers)}
    held = [rule for rule in intake().rules if _holds(rule, answers)]
    held.sort(key=lambda rule: -rank[rule.tier])
    return Classified(answers, held[0].tier if held else intake().tiers[0], tuple(held))


def refuse_prohibited(case: Classified) -> None:
    """Raise BlockedError for a prohibited use case, with the articles it meets."""
    if case.tier == "prohibited":
        raise BlockedError(
            "this use case is prohibited; nothing is generated",
            detail=reasons_text(rule for rule in case.reasons if rule.tier == "prohibited"),
            fix="Change the use case, or let the Compliance Officer correct the answers.",
        )


def reasons_text(rules: Iterable[TierRule]) -> str:
    """Return one line a rule: tier, reason, basis and date."""
    return "\n".join(
        f"  {rule.tier}: {rule.reason} [{rule.basis}; applies from {rule.applies}, {rule.status}]"
        for rule in rules
    )


def project_answers(case: Classified, manifest: Manifest) -> dict[str, str]:
    """Return the answers that a project of a kind takes over from its intake."""
    known = {question.id for question in manifest.questions}
    taken = {name: value for name, value in case.answers.items() if name in known and value}
    return {**taken, "risk_tier": case.tier}


def document(case: Classified, name: str) -> JsonObject:
    """Return an intake as a document."""
    reasons = [
        {**asdict(rule), "when": {key: list(value) for key, value in rule.when.items()}}
        for rule in case.reasons
    ]
    return {
        "format": FORMAT,
        "name": name,
        "tier": case.tier,
        "answers": dict(case.answers),
        "reasons": reasons,
    }


def record(case: Classified, name: str, manifest: Manifest, today: date) -> str:
    """Return the intake as YAML: what a project takes over, the whole questionnaire, and the reasoning."""
    lines = [
        f"# Intake of {name}. 'coe new project {name} --kind {manifest.id}' takes the answers over.",
        f"kind: {manifest.id}",
        f'date: "{today.isoformat()}"',
        f"tier: {case.tier}",
        "answers:",
        *(f"  {key}: {quoted(value)}" for key, value in project_answers(case, manifest).items()),
        "intake:",
        *(f"  {key}: {quoted(value)}" for key, value in case.answers.items()),
        "reasons:" if case.reasons else "reasons: []  # no rule asks for more than the minimal tier",
    ]
    for rule in case.reasons:
        lines += [
            f"  - rule: {rule.id}",
            f"    tier: {rule.tier}",
            f"    reason: {quoted(rule.reason)}",
            f"    basis: {quoted(rule.basis)}",
            f'    applies: "{rule.applies}"',
            f"    status: {quoted(rule.status)}",
        ]
    return "\n".join(lines) + "\n"


def _holds(rule: TierRule, answers: Mapping[str, str]) -> bool:
    return all(answers.get(name) in values for name, values in rule.when.items())


def _choices(choices: tuple[str, ...]) -> str:
    return f" ({', '.join(choices)})" if choices else ""


def _unknown(name: str, known: Iterable[str]) -> str:
    close = difflib.get_close_matches(name, list(known), n=1)
    return f"'{name}' is no question of the intake" + (f"; did you mean '{close[0]}'?" if close else "")
