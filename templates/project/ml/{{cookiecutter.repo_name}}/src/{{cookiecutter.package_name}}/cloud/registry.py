"""Models of Azure Machine Learning: out of a workspace, into the registry of another environment."""

from __future__ import annotations

import argparse
import shutil
import sys
import tempfile
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from ..lineage import LineageError, Record, digest, load, model_name
from .azure_cli import Az, CommandError, az
from .outputs import outputs

FOLDER = "model"
"""The folder of the model's files, here and in the registry: scoring looks for it by this name."""


class Models:
    """Workspace and registry of one environment, by the outputs of its deployment."""

    def __init__(self, deployment: str, *, az: Az) -> None:
        known = outputs(az, deployment)
        group = ("--resource-group", str(known["resourceGroup"]))
        workspace = str(known["machineLearningWorkspace"])
        self._registry = str(known["modelRegistry"])
        self._workspace = ("--workspace-name", workspace, *group)
        self._az = az

    def fetch(self, name: str, version: str, target: Path) -> None:
        """Put the files of a model of the workspace into ``target/model``."""
        which = ("--name", name, "--version", version, *self._workspace)
        with tempfile.TemporaryDirectory() as folder:
            self._az("ml", "model", "download", *which, "--download-path", folder)
            found = [path.parent for path in Path(folder).rglob("model.json")]
            if len(found) != 1:
                raise CommandError(f"{name} {version} is no model of this application")
            shutil.copytree(found[0], target / FOLDER)

    def publish(self, record: Record, folder: Path) -> str:
        """Register the model of a record with its lineage; return how deployments name it.

        The same model again is left as it is. Raises CommandError for another one of that version.
        """
        where = ("--registry-name", self._registry)
        asset = (
            f"azureml://registries/{self._registry}/models/{record.model}/versions/{record.version}"
        )
        known = self._versions(record.model, where)
        if record.version in known:
            if known[record.version].get("sha256") != record.artefact:
                raise CommandError(f"{asset} is there already, and another model")
            return asset
        facts = {
            "sha256": record.artefact,
            "data": record.data,
            "commit": record.commit,
            "approvers": " ".join(record.approvals[-1].approvers) if record.approvals else "",
        }
        metrics = record.evaluation.get("metrics", {})
        facts |= {name: f"{value:.4f}" for name, value in metrics.items()}
        tags = [f"tags.{name}={value}" for name, value in facts.items() if value]
        which = ("--name", record.model, "--version", record.version, "--type", "custom_model")
        self._az("ml", "model", "create", *which, "--path", str(folder), *where, "--set", *tags)
        return asset

    def _versions(self, name: str, where: tuple[str, ...]) -> Mapping[str, Mapping[str, Any]]:
        try:
            found = self._az("ml", "model", "list", "--name", name, *where)
        except CommandError as error:
            if "not found" in str(error).lower():
                return {}
            raise
        return {str(item["version"]): item.get("tags") or {} for item in found}


def main(arguments: Sequence[str] | None = None, *, az: Az = az) -> int:
    """Fetch a candidate, or publish the model of a record; the last prints the name for deployments."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--deployment", required=True, help="of the environment's infrastructure")
    parser.add_argument("--folder", type=Path, default=Path("candidate"))
    verbs = parser.add_subparsers(dest="verb", required=True)
    fetch = verbs.add_parser("fetch")
    fetch.add_argument("--model", default="", help="default: modelName of config/app.yaml")
    fetch.add_argument("--version", required=True)
    publish = verbs.add_parser("publish")
    publish.add_argument("--record", type=Path, default=Path("promotion.json"))
    given = parser.parse_args(arguments)
    try:
        models = Models(given.deployment, az=az)
        if given.verb == "fetch":
            models.fetch(given.model or model_name(), given.version, given.folder)
            return 0
        record = load(given.record)
        if digest(given.folder) != record.artefact:
            raise LineageError(f"{given.folder} is not the model of {given.record}")
        sys.stdout.write(models.publish(record, given.folder / FOLDER) + "\n")
    except (CommandError, LineageError, KeyError, OSError) as error:
        sys.stderr.write(f"error: {error}\n")
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
