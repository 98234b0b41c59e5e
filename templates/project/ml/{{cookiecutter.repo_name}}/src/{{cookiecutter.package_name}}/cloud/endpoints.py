"""The managed online endpoint: ``python -m`` this module releases a model."""

from __future__ import annotations

import argparse
import json
import os
import sys
import tempfile
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import yaml

from ..lineage import model_name
from ..release import monitoring, release
from ..rollout import serving
from ..settings import SettingsError
from ..settings import load as load_settings
from ..smoke import unlike_scores
from .azure_cli import Az, CommandError, az
from .outputs import outputs


@dataclass(frozen=True)
class Workspace:
    """Where a workspace of Azure Machine Learning is."""

    subscription: str
    group: str
    name: str


class ManagedEndpoint:
    """One endpoint of a workspace, as the files of ``deploy/`` describe it."""

    def __init__(self, workspace: Workspace, name: str, files: Path) -> None:
        from azure.ai.ml import MLClient
        from azure.identity import DefaultAzureCredential

        self._client: Any = MLClient(
            DefaultAzureCredential(), workspace.subscription, workspace.group, workspace.name
        )
        self._name = name
        self._files = files

    def shares(self) -> Mapping[str, int]:
        """Return the percentage of each slot; the first time the endpoint is made."""
        from azure.ai.ml import load_online_endpoint
        from azure.core.exceptions import ResourceNotFoundError

        try:
            endpoint = self._client.online_endpoints.get(self._name)
        except ResourceNotFoundError:
            named = [{"name": self._name}]
            made = load_online_endpoint(self._files / "online-endpoint.yml", params_override=named)
            endpoint = self._client.online_endpoints.begin_create_or_update(made).result()
        shares: Mapping[str, int] = endpoint.traffic or {}
        return shares

    def deploy(self, slot: str, model: str) -> None:
        """Deploy a model (``azureml:NAME:VERSION``, or that of a registry) to a slot."""
        from azure.ai.ml import load_online_deployment

        changed = [{"model": model}, {"endpoint_name": self._name}]
        deployment = load_online_deployment(
            self._files / f"online-{slot}.yml", params_override=changed
        )
        self._client.online_deployments.begin_create_or_update(deployment).result()

    def route(self, shares: Mapping[str, int]) -> None:
        """Set the percentages and wait until they hold."""
        endpoint = self._client.online_endpoints.get(self._name)
        endpoint.traffic = dict(shares)
        self._client.online_endpoints.begin_create_or_update(endpoint).result()

    def healthy(self, version: str) -> bool:
        """Return whether a slot scores every row of ``deploy/sample-request.json``; say what it does not."""
        from azure.core.exceptions import AzureError

        sample: Path = self._files / "sample-request.json"
        try:
            answer = self._client.online_endpoints.invoke(
                self._name, deployment_name=version, request_file=str(sample)
            )
            body = json.loads(answer)
            body = json.loads(body) if isinstance(body, str) else body
        except (AzureError, ValueError) as error:  # no answer, or that of a crashed server
            sys.stderr.write(f"{version}: {error}\n")
            return False
        rows = json.loads(sample.read_text(encoding="utf-8"))["rows"]
        problem = unlike_scores(body, len(rows))
        if problem:
            sys.stderr.write(f"{version}: {problem}\n")
        return not problem


def watch(workspace: Workspace, endpoint: str, slot: str, files: Path, *, az: Az = az) -> bool:
    """Point the drift monitor at the slot that serves; say when that is refused and return False."""
    written = yaml.safe_load((files / "drift-monitor.yml").read_text(encoding="utf-8"))
    where = ("--workspace-name", workspace.name, "--resource-group", workspace.group)
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / "drift-monitor.yml"
        file.write_text(yaml.safe_dump(monitoring(written, endpoint, slot)), encoding="utf-8")
        try:
            az("ml", "schedule", "create", "--file", str(file), *where)
        except CommandError as error:
            sys.stderr.write(f"the drift monitor does not watch {slot}: {error}\n")
            return False
    return True


def main(arguments: Sequence[str] | None = None) -> int:
    """Release a model to AZURE_ML_ENDPOINT; exit code 1 when the old one has the requests again, or the drift
    monitor does not watch the one that serves; 2 when it cannot run.
    """
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--model", default="", help="default: the newest of the workspace")
    parser.add_argument("--deployment", default="", help="of the environment's infrastructure")
    parser.add_argument("--pause", type=float, default=60.0, help="seconds before a step is judged")
    given = parser.parse_args(arguments)
    name = os.environ.get("AZURE_ML_ENDPOINT", "")
    try:
        if not name:
            raise SettingsError("AZURE_ML_ENDPOINT is not set")
        workspace = _deployed(given.deployment) if given.deployment else _configured()
    except (SettingsError, CommandError, KeyError) as error:
        sys.stderr.write(f"error: {error}\n")
        return 2
    home = Path(os.environ.get("APP_HOME", "."))
    model = given.model or f"azureml:{model_name()}@latest"
    endpoint = ManagedEndpoint(workspace, name, home / "deploy")
    result = release(endpoint, model, pause=lambda: time.sleep(given.pause))
    sys.stderr.write(result.said + "\n")
    slot = serving(endpoint.shares())
    watched = not slot or watch(workspace, name, slot, home / "deploy")
    return 0 if result.done and watched else 1


def _deployed(deployment: str) -> Workspace:
    """Return the workspace that a deployment of ``infra/`` made."""
    known = outputs(az, deployment)
    group, name = (known[key] for key in ("resourceGroup", "machineLearningWorkspace"))
    return Workspace(az("account", "show")["id"], group, name)


def _configured() -> Workspace:
    """Return the workspace that the environment variables name."""
    settings = load_settings()
    if settings.provider != "azure":
        raise SettingsError("a release needs PROVIDER=azure")
    names = ("AZURE_SUBSCRIPTION_ID", "AZURE_RESOURCE_GROUP", "AZURE_ML_WORKSPACE")
    return Workspace(*(settings.azure[name] for name in names))


if __name__ == "__main__":
    sys.exit(main())
