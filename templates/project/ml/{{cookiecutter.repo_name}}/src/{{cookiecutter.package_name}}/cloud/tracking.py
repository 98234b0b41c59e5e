"""Runs and models in MLflow: the tracking server of the Azure Machine Learning workspace."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from ..settings import Settings

_ALIAS = "champion"


class MlflowTracker:
    """Records runs and registers models under one name; an alias names the one in use."""

    def __init__(self, settings: Settings, name: str) -> None:
        import mlflow
        from mlflow.tracking import MlflowClient

        mlflow.set_tracking_uri(settings.azure["MLFLOW_TRACKING_URI"])
        mlflow.set_experiment(name)
        self._mlflow: Any = mlflow
        self._client: Any = MlflowClient()
        self._name = name

    def record(self, facts: Mapping[str, str], metrics: Mapping[str, float], artefact: Path) -> str:
        """Record a run with its model as artefact; return the run's id."""
        with self._mlflow.start_run() as run:
            self._mlflow.log_params(dict(facts))
            self._mlflow.log_metrics(dict(metrics))
            self._mlflow.log_artifacts(str(artefact), "model")
        return str(run.info.run_id)

    def champion(self) -> Mapping[str, float] | None:
        """Return the metrics of the run behind the alias."""
        from mlflow.exceptions import MlflowException

        try:
            version = self._client.get_model_version_by_alias(self._name, _ALIAS)
        except MlflowException:
            return None
        metrics: Mapping[str, float] = self._client.get_run(version.run_id).data.metrics
        return metrics

    def promote(self, run: str) -> None:
        """Register the model of a run and point the alias at it; older versions stay."""
        from mlflow.exceptions import MlflowException

        try:
            self._client.create_registered_model(self._name)
        except MlflowException as error:
            if error.error_code != "RESOURCE_ALREADY_EXISTS":
                raise
        version = self._client.create_model_version(self._name, f"runs:/{run}/model", run)
        self._client.set_registered_model_alias(self._name, _ALIAS, version.version)
