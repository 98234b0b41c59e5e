"""The managed online endpoint, for the rollout: ``python -m`` this module shifts traffic to green."""

from __future__ import annotations

import json
import os
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from ..rollout import shift
from ..settings import Settings, SettingsError
from ..settings import load as load_settings


class ManagedEndpoint:
    """One endpoint of Azure Machine Learning; ``sample`` is the request file that must be answered."""

    def __init__(self, settings: Settings, name: str, sample: Path) -> None:
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
        self._sample = sample

    def traffic(self) -> Mapping[str, int]:
        """Return the percentage of each deployment."""
        traffic: Mapping[str, int] = self._client.online_endpoints.get(self._name).traffic
        return traffic

    def route(self, traffic: Mapping[str, int]) -> None:
        """Set the percentages and wait until they hold."""
        endpoint = self._client.online_endpoints.get(self._name)
        endpoint.traffic = dict(traffic)
        self._client.online_endpoints.begin_create_or_update(endpoint).result()

    def healthy(self, deployment: str) -> bool:
        """Return whether the deployment scores the sample."""
        from azure.core.exceptions import HttpResponseError

        try:
            answer = self._client.online_endpoints.invoke(
                self._name, deployment_name=deployment, request_file=str(self._sample)
            )
            body = json.loads(answer)
        except (HttpResponseError, ValueError):
            return False
        body = json.loads(body) if isinstance(body, str) else body
        return isinstance(body, dict) and bool(body.get("scores"))


def main() -> int:
    """Shift the traffic of AZURE_ML_ENDPOINT to ``green``; exit code 1 when it went back."""
    settings = load_settings()
    if settings.provider != "azure":
        raise SettingsError("the rollout needs PROVIDER=azure")
    name = os.environ.get("AZURE_ML_ENDPOINT", "")
    if not name:
        raise SettingsError("AZURE_ML_ENDPOINT is not set")
    endpoint = ManagedEndpoint(settings, name, settings.home / "deploy" / "sample-request.json")
    result = shift(endpoint, old="blue", new="green")
    sys.stderr.write(result.said + "\n")
    return 0 if result.done else 1


if __name__ == "__main__":
    sys.exit(main())
