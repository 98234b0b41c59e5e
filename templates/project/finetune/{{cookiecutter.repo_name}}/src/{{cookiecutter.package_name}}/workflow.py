"""The whole way: check the manifest, prepare, tune. The evaluation and ``make run`` both go it."""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import UTC, date, datetime
from pathlib import Path

import yaml

from . import examples, manifest, prompts
from .content_safety import ContentSafety
from .local.safety import WordListSafety
from .ports import ChatModel, Tuner, Tuning
from .preparation import Prepared, chat_lines, prepare
from .settings import Settings, SettingsError


@dataclass(frozen=True)
class Tuned:
    """A tuned model beside its base, with the data it was made of and the recipe."""

    base: ChatModel
    model: ChatModel
    prepared: Prepared
    tuning: Tuning
    prompt_version: str


def prepared(
    settings: Settings, *, today: date | None = None, safety: ContentSafety | None = None
) -> Prepared:
    """Return the prepared data of this checkout; raise SettingsError when data and manifest differ."""
    if found := manifest.problems(settings.home / "data" / "manifest.yaml"):
        raise SettingsError("the data differs from data/manifest.yaml: " + "; ".join(found))
    return prepare(
        examples.read(settings.home / "data" / "raw" / "examples.jsonl"),
        safety or WordListSafety(),
        golden_questions(settings.home),
        today=today or datetime.now(UTC).date(),
        share=settings.number("validationShare"),
    )


def tuned(
    settings: Settings, data: Prepared | None = None, prompt: prompts.Prompt | None = None
) -> Tuned:
    """Return a model tuned on the data by the recipe of ``config/tuning.yaml``."""
    chosen = data or prepared(settings)
    system = prompt or prompts.load(settings.home / "prompts" / "system.md")
    recipe = yaml.safe_load((settings.home / "config" / "tuning.yaml").read_text(encoding="utf-8"))
    tuning = Tuning(
        chat_lines(chosen.train, system),
        chat_lines(chosen.validation, system),
        recipe["base"],
        recipe["parameters"],
        recipe["suffix"],
    )
    tuner = _tuner(settings, system)
    return Tuned(tuner.base(), tuner.tune(tuning), chosen, tuning, system.version)


def golden_questions(home: Path) -> list[str]:
    """Return the questions that must never be trained on."""
    lines = (home / "evals" / "data" / "golden.jsonl").read_text(encoding="utf-8").splitlines()
    rows = [json.loads(line) for line in lines if line.strip()]
    if silent := [str(row.get("id")) for row in rows if not row.get("question")]:
        raise SettingsError(f"evals/data/golden.jsonl: no question in {', '.join(silent)}")
    return [row["question"] for row in rows]


def _tuner(settings: Settings, prompt: prompts.Prompt) -> Tuner:
    if settings.provider == "azure":
        from .cloud import connect

        return connect(settings.azure, prompt)
    from .local.tuning import LocalTuner

    return LocalTuner(prompt)
