"""The managed online endpoint: ``python -m`` this module releases a model."""

from __future__ import annotations

import argparse
import json
import os
import sys
import time
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from ..release import release
from ..settings import Settings, SettingsError
from ..settings import load as load_settings


class ManagedEndpoint:
    """One endpoint of Azure Machine Learning, as the files of ``deploy/`` describe it."""

    def __init__(self, settings: Settings, name: str) -> None:
        from azure.ai.ml import MLClient
        from azure.identity import DefaultAzureCredential

        azure = settings.azure
        self._client: Any = MLClient(
            DefaultAzureCredential(),
            azure["AZURE_SUBSCRIPTION_ID"],
            azure["AZURE_RESOURCE_GROUP"],
            azure["AZURE_ML_WORKSPACE"],
        )
        self._name = name
        self._files = settings.home / "deploy"

    def shares(self) -> Mapping[str, int]:
        """Return the percentage of each slot; the first time the endpoint is made."""
        from azure.ai.ml import load_online_endpoint
        from azure.core.exceptions import ResourceNotFoundError

        try:
            endpoint = self._client.online_endpoints.get(self._name)
        except ResourceNotFoundError:
            made = load_online_endpoint(self._files / "online-endpoint.yml")
            endpoint = self._client.online_endpoints.begin_create_or_update(made).result()
        shares: Mapping[str, int] = endpoint.traffic or {}
        return shares

    def deploy(self, slot: str, model: str) -> None:
        """Deploy a model (``azureml:NAME:VERSION``, or that of a registry) to a slot."""
        from azure.ai.ml import load_online_deployment

        deployment = load_online_deployment(
            self._files / f"online-{slot}.yml", params_override=[{"model": model}]
        )
        self._client.online_deployments.begin_create_or_update(deployment).result()

    def route(self, shares: Mapping[str, int]) -> None:
        """Set the percentages and wait until they hold."""
        endpoint = self._client.online_endpoints.get(self._name)
        endpoint.traffic = dict(shares)
        self._client.online_endpoints.begin_create_or_update(endpoint).result()

    def healthy(self, version: str) -> bool:
        """Return whether a slot scores ``deploy/sample-request.json``."""
        from azure.core.exceptions import HttpResponseError

        sample: Path = self._files / "sample-request.json"
        try:
            answer = self._client.online_endpoints.invoke(
                self._name, deployment_name=version, request_file=str(sample)
            )
            body = json.loads(answer)
        except (HttpResponseError, ValueError):
            return False
        body = json.loads(body) if isinstance(body, str) else body
        return isinstance(body, dict) and bool(body.get("scores"))


def main(arguments: Sequence[str] | None = None) -> int:
    """Release a model to AZURE_ML_ENDPOINT; exit code 1 when the old one has the requests again, 2 when it cannot run."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--model", default="", help="default: the newest of the workspace")
    parser.add_argument("--pause", type=float, default=60.0, help="seconds before a step is judged")
    given = parser.parse_args(arguments)
    name = os.environ.get("AZURE_ML_ENDPOINT", "")
    try:
        settings = load_settings()
        if settings.provider != "azure" or not name:
            raise SettingsError("a release needs PROVIDER=azure and AZURE_ML_ENDPOINT")
    except SettingsError as error:
        sys.stderr.write(f"error: {error}\n")
        return 2
    model = given.model or f"azureml:{settings.text('modelName')}@latest"
    endpoint = ManagedEndpoint(settings, name)
    result = release(endpoint, model, pause=lambda: time.sleep(given.pause))
    sys.stderr.write(result.said + "\n")
    return 0 if result.done else 1


if __name__ == "__main__":
    sys.exit(main())
