"""Runs and models as files: what MLflow keeps on Azure, on a machine without a service."""

from __future__ import annotations

import hashlib
import json
import shutil
from collections.abc import Mapping
from pathlib import Path


class FileTracker:
    """Keeps runs below a folder; ``champion.json`` names the one in use and those before it."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def record(self, facts: Mapping[str, str], metrics: Mapping[str, float], artefact: Path) -> str:
        """Record a run; the same model and metrics are the same run."""
        content = json.dumps(
            {"facts": dict(facts), "metrics": dict(metrics)}, indent=2, sort_keys=True
        )
        run = hashlib.sha256(content.encode("utf-8")).hexdigest()[:12]
        target = self._folder / "runs" / run
        shutil.copytree(artefact, target / "model", dirs_exist_ok=True)
        (target / "run.json").write_text(content + "\n", encoding="utf-8")
        return run

    def champion(self) -> Mapping[str, float] | None:
        """Return the metrics of the model in use."""
        history = self._history()
        if not history:
            return None
        text = (self._folder / "runs" / history[-1] / "run.json").read_text(encoding="utf-8")
        metrics: Mapping[str, float] = json.loads(text)["metrics"]
        return metrics

    def promote(self, run: str) -> None:
        """Put a run at the end of the history; raise LookupError for one that was never recorded."""
        if not (self._folder / "runs" / run).is_dir():
            raise LookupError(f"there is no run {run}")
        history = [*self._history(), run]
        self._file.write_text(json.dumps(history) + "\n", encoding="utf-8")

    def model(self) -> Path:
        """Return the folder of the model in use; raise LookupError before the first promotion."""
        history = self._history()
        if not history:
            raise LookupError("no model has been promoted yet")
        return self._folder / "runs" / history[-1] / "model"

    @property
    def _file(self) -> Path:
        return self._folder / "champion.json"

    def _history(self) -> list[str]:
        if not self._file.is_file():
            return []
        history: list[str] = json.loads(self._file.read_text(encoding="utf-8"))
        return history
