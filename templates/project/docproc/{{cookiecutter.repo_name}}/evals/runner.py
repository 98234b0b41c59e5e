"""Run the cases through the pipeline that PROVIDER chooses."""

from __future__ import annotations

from dataclasses import replace

from {{ cookiecutter.package_name }}.pipeline import Pipeline
from {{ cookiecutter.package_name }}.printing import printed
from {{ cookiecutter.package_name }}.settings import Settings
from {{ cookiecutter.package_name }}.wiring import pipeline as wire

from .cases import golden, redteam
from .evaluation import Checked, Evaluation
from .metrics import Outcome, by_field, failures, measure
from .prompt_rules import kept


def evaluate(settings: Settings, pipeline: Pipeline | None = None) -> Evaluation:
    """Return the evaluation of all cases; the audit sample is off, because it measures nothing here."""
    parts = replace(pipeline or wire(settings), audit_share=0.0, write=_quiet)
    folder = settings.home / "evals"
    cases = (*golden(folder / "data" / "golden.jsonl"), *redteam(folder / "redteam" / "cases.yaml"))
    limits = {field.name: field.threshold for field in parts.schema.fields}
    outcomes = [
        Outcome(case, parts.process(content(case.text, settings.provider)), limits)
        for case in cases
    ]
    fields = by_field([outcome for outcome in outcomes if outcome.case.category != "injection"])
    return Evaluation(
        {"prompt_rules": kept(settings.home), **measure(outcomes)},
        tuple(Checked(o.case.id, o.case.category, tuple(failures(o))) for o in outcomes),
        {
            "provider": settings.provider,
            "schema version": parts.schema.version,
            "prompt version": parts.prompt_version,
            "F1 by field": ", ".join(f"{name} {value:.2f}" for name, value in fields.items()),
        },
    )


def content(text: str, provider: str) -> bytes:
    """Return a case as the reader of a provider takes it: text here, a page on Azure."""
    return text.encode("utf-8") if provider == "local" else printed(text)


def _quiet(line: str) -> None:
    """Evaluation documents are no business documents: they stay out of the log."""
