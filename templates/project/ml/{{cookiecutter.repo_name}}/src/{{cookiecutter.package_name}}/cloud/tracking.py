"""Runs and models in MLflow: the tracking server of the Azure Machine Learning workspace."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from ..settings import Settings


class MlflowTracker:
    """Records runs, and registers under one name what was promoted: the newest version is the champion.

    Deployments name ``@latest``. Azure Machine Learning knows no aliases of MLflow.
    """

    def __init__(self, settings: Settings, name: str) -> None:
        import mlflow
        from mlflow.tracking import MlflowClient

        mlflow.set_tracking_uri(settings.azure["MLFLOW_TRACKING_URI"])
        mlflow.set_experiment(name)
        self._mlflow: Any = mlflow
        self._client: Any = MlflowClient()
        self._name = name

    def record(self, facts: Mapping[str, str], metrics: Mapping[str, float], artefact: Path) -> str:
        """Record a run with its model as artefact, described as MLflow wants it; return the run's id."""
        from mlflow.models import Model

        with self._mlflow.start_run() as run:
            self._mlflow.log_params(dict(facts))
            self._mlflow.log_metrics(dict(metrics))
            self._mlflow.log_artifacts(str(artefact), "model")
            described = Model(run_id=run.info.run_id, flavors={"joblib": {"data": "model.joblib"}})
            self._mlflow.log_text(described.to_yaml(), "model/MLmodel")
        return str(run.info.run_id)

    def champion(self) -> Mapping[str, float] | None:
        """Return the metrics of the run behind the newest version."""
        return champion_of(self._client, self._name)

    def promote(self, run: str) -> None:
        """Register the model of a run as the newest version; older versions stay."""
        self._mlflow.register_model(f"runs:/{run}/model", self._name)


def champion_of(client: Any, name: str) -> Mapping[str, float] | None:
    """Return the metrics of the run behind a model's newest version; None when nothing was ever promoted.

    Raises what the service raised: a service that cannot be asked is no reason to promote.
    """
    found = client.search_model_versions(f"name='{name}'")
    if not found:
        return None
    newest = max(found, key=lambda version: int(version.version))
    metrics: Mapping[str, float] = client.get_run(newest.run_id).data.metrics
    return metrics
