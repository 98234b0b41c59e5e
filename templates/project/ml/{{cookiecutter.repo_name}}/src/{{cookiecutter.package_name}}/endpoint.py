"""What the managed endpoints call: ``init`` once, then ``run`` for a request or ``run_batch`` for files."""

from __future__ import annotations

import json
import logging
import os
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from .batch import score_file
from .model import load
from .scoring import RequestError, Scorer
from .settings import load as load_settings
from .training import schema_of

_STATE: dict[str, Scorer] = {}


def init() -> None:
    """Load the registered model; a model whose hash is not the recorded one stops the deployment."""
    settings = load_settings()
    folder = Path(os.environ["AZUREML_MODEL_DIR"]) / "model"
    model = load(folder, schema_of(settings))
    _STATE["scorer"] = Scorer(model, settings.number("decisionThreshold"))
    logging.info("model loaded: %s", model.facts)


def run(raw: str) -> dict[str, Any]:
    """Score one request; what is wrong with it is the answer, and never part of a log."""
    try:
        return _STATE["scorer"].answer(json.loads(raw))
    except (RequestError, json.JSONDecodeError) as error:
        return {"error": str(error)}


def run_batch(files: Sequence[str]) -> list[str]:
    """Score the files of a mini batch; return one line of JSON for each."""
    target = Path(os.environ.get("AZUREML_BI_OUTPUT_PATH", "reports/batch"))
    lines = []
    for name in files:
        good, bad = score_file(_STATE["scorer"], Path(name), target / Path(name).stem)
        lines.append(json.dumps({"file": Path(name).name, "scored": good, "rejected": bad}))
    return lines
