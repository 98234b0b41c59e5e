"""Training: read, train, measure on held-out rows, record, and promote when it beats the champion."""

from __future__ import annotations

import argparse
import hashlib
import json
import sys
import tempfile
from collections.abc import Sequence
from pathlib import Path

from . import manifest, measures
from .local.tracking import FileTracker
from .model import Model, load_recipe, save, train
from .ports import Tracker
from .promotion import decide
from .settings import Settings, SettingsError
from .settings import load as load_settings
from .table import Row, Schema, load_schema, problems, read, targets

_ROWS = Path("data") / "training" / "requests.csv"
RUNS = Path("reports") / "tracking"
"""Where the local tracker keeps runs."""


def schema_of(settings: Settings) -> Schema:
    """Return the schema of the rows."""
    return load_schema(settings.home / "config" / "columns.yaml")


def fit(settings: Settings) -> Model:
    """Return a model of this checkout's data; raise SettingsError when data and manifest differ."""
    if found := manifest.problems(settings.home / "data" / "manifest.yaml"):
        raise SettingsError("the data differs from data/manifest.yaml: " + "; ".join(found))
    version = hashlib.sha256((settings.home / _ROWS).read_bytes()).hexdigest()[:12]
    schema = schema_of(settings)
    recipe = load_recipe(settings.home / "config" / "training.yaml")
    known = {column.name for column in schema.named("feature")}
    if unknown := [name for name in recipe.features if name not in known]:
        raise SettingsError(f"config/training.yaml learns from no feature: {', '.join(unknown)}")
    return train(past(settings, schema), schema, recipe, version)


def past(settings: Settings, schema: Schema) -> tuple[Row, ...]:
    """Return the rows that training learns from."""
    return read(settings.home / _ROWS, schema)


def held_out(settings: Settings, schema: Schema) -> tuple[Row, ...]:
    """Return the rows of the golden set, which no training sees; raise SettingsError when there is none."""
    lines = (
        (settings.home / "evals" / "data" / "golden.jsonl").read_text(encoding="utf-8").splitlines()
    )
    rows = [json.loads(line) for line in lines if line.strip()]
    if not rows:
        raise SettingsError("evals/data/golden.jsonl holds no row")
    for row in rows:
        if wrong := problems(row, schema, roles=("feature", "group", "target")):
            named = f"evals/data/golden.jsonl, {row.get('id', 'a row without an id')}"
            raise SettingsError(f"{named}: {'; '.join(wrong)}")
    return tuple({name: row[name] for name in (c.name for c in schema.columns)} for row in rows)


def scored(model: Model, rows: Sequence[Row]) -> list[measures.Scored]:
    """Return the rows with what the model says and what happened."""
    late = targets(rows, model.schema)
    return [measures.Scored(*item) for item in zip(rows, model.scores(rows), late, strict=True)]


def metrics(items: Sequence[measures.Scored], schema: Schema, threshold: float) -> dict[str, float]:
    """Return what promotion compares."""
    groups = [column.name for column in schema.named("group")]
    return {
        "auc": measures.auc(items),
        "brier": measures.brier(items),
        "calibration_error": measures.calibration_error(items),
        "fairness_gap": measures.fairness_gap(measures.parts(items, groups, threshold)),
    }


def tracker(settings: Settings) -> Tracker:
    """Return where runs are kept: files, or MLflow with PROVIDER=azure."""
    if settings.provider == "azure":
        from .cloud.tracking import MlflowTracker

        return MlflowTracker(settings, settings.text("modelName"))
    return FileTracker(settings.home / RUNS)


def main(arguments: Sequence[str] | None = None) -> int:
    """Train and record a model; with ``--promote``, exit code 1 when the champion stays."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--promote", action="store_true", help="use it when it beats the champion")
    given = parser.parse_args(arguments)
    settings = load_settings()
    model = fit(settings)
    items = scored(model, held_out(settings, model.schema))
    measured = metrics(items, model.schema, settings.number("decisionThreshold"))
    runs = tracker(settings)
    with tempfile.TemporaryDirectory() as folder:
        save(model, Path(folder))
        run = runs.record(model.facts, measured, Path(folder))
    shown = ", ".join(f"{name} {value:.3f}" for name, value in measured.items())
    sys.stdout.write(f"run {run}: {shown}\n")
    if not given.promote:
        return 0
    decision = decide(measured, runs.champion())
    if decision.promote:
        runs.promote(run)
        sys.stdout.write(f"run {run} is the champion now\n")
        return 0
    sys.stdout.write(f"the champion stays: {'; '.join(decision.reasons)}\n")
    return 1


if __name__ == "__main__":
    sys.exit(main())
