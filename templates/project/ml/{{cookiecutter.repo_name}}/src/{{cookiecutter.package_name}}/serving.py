"""Which model answers: that of MODEL_DIR, the local champion, or one trained from this checkout."""

from __future__ import annotations

import os
from pathlib import Path

from .local.tracking import FileTracker
from .model import Model, load
from .scoring import Scorer
from .settings import Settings
from .training import RUNS, fit, schema_of


def scorer(settings: Settings) -> Scorer:
    """Return the scorer for the settings; raise ArtefactError for a stored model that was changed."""
    return Scorer(_model(settings), settings.number("decisionThreshold"))


def _model(settings: Settings) -> Model:
    if folder := os.environ.get("MODEL_DIR"):
        return load(Path(folder), schema_of(settings))
    try:
        return load(FileTracker(settings.home / RUNS).model(), schema_of(settings))
    except LookupError:
        return fit(settings)
