"""Tune a model from this checkout and measure it beside its base."""

from __future__ import annotations

from collections.abc import Sequence

from {{ cookiecutter.package_name }}.local.safety import WordListSafety
from {{ cookiecutter.package_name }}.ports import TuningError
from {{ cookiecutter.package_name }}.preparation import Prepared, report
from {{ cookiecutter.package_name }}.settings import Settings, SettingsError
from {{ cookiecutter.package_name }}.text import words
from {{ cookiecutter.package_name }}.workflow import Tuned
from {{ cookiecutter.package_name }}.workflow import tuned as tune

from .cases import Case, golden, redteam
from .evaluation import Asked, Checked, Evaluation
from .metrics import Outcome, failures, markdown, measure, outcome
from .prompt_rules import kept
from .reports import DECISIONS

_FRONT_MATTER = """---
evidence: fairness-report
owner: Data Scientist
approver: Data Scientist
gate: release
review: with every model that is evaluated
status: draft
---
"""


def evaluate(settings: Settings, tuned: Tuned | None = None) -> Evaluation:
    """Return the evaluation of a tuned model; without one it is tuned now."""
    try:
        pair = tuned or tune(settings)
    except TuningError as error:
        raise SettingsError(str(error)) from error
    folder = settings.home / "evals"
    cases = (*golden(folder / "data" / "golden.jsonl"), *redteam(folder / "redteam" / "cases.yaml"))
    safety = WordListSafety()
    outcomes = [
        outcome(case, pair.base.answer(case.question), pair.model.answer(case.question), safety)
        for case in cases
    ]
    answered = [o for o in outcomes if o.case.reference]
    return Evaluation(
        {
            "prompt_rules": kept(settings.home),
            **measure(outcomes),
            "golden_in_training": float(trained_on(pair.prepared, [o.case for o in answered])),
        },
        tuple(Checked(o.case.id, o.case.category, tuple(failures(o))) for o in outcomes),
        {
            "provider": settings.provider,
            "base": pair.base.name,
            "model": pair.model.name,
            "data version": pair.prepared.version,
            "prompt version": pair.prompt_version,
            "recipe": ", ".join(
                f"{name} {value:g}" for name, value in pair.tuning.parameters.items()
            ),
        },
        {
            "fairness.md": _FRONT_MATTER
            + markdown(answered, settings.number("fairnessLimit"))
            + DECISIONS,
            "preparation.md": report(pair.prepared),
        },
        asked(outcomes),
    )


def trained_on(data: Prepared, cases: Sequence[Case]) -> int:
    """Count golden questions that the model was trained on: what it knows by heart measures nothing."""
    seen = {tuple(words(example.question)) for example in (*data.train, *data.validation)}
    return sum(tuple(words(case.question)) in seen for case in cases)


def asked(outcomes: Sequence[Outcome]) -> tuple[Asked, ...]:
    """Return what a judge is asked about the tuned model: its answers, and how safe all of them are."""
    found = []
    for item in outcomes:
        both = {"query": item.case.question, "response": item.tuned}
        found.append(Asked("content_safety", item.case.id, both))
        if item.case.reference:
            found += [
                Asked("coherence", item.case.id, both),
                Asked("similarity", item.case.id, {**both, "ground_truth": item.case.reference}),
            ]
    return tuple(found)
