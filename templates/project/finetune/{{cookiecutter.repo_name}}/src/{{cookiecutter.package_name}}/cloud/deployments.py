"""Deployments of tuned models: a candidate beside the one in use, then its place, and back if it fails.

What is in use is asked by the evaluation gate itself, under the name that applications call.
"""

from __future__ import annotations

import argparse
import json
import os
import subprocess
import sys
import time
from collections.abc import Callable, Sequence
from typing import Any

from .azure_cli import Az, CommandError, az
from .outputs import outputs

CANDIDATE, IN_USE = "candidate", "tuned"
"""Names of deployments: what is evaluated, and what applications call."""

_API = "2025-06-01"
_TRIES, _WAIT = 60, 20.0
"""A deployment has twenty minutes; seconds between two looks at it."""

_KNOWN = 18
"""Looks at a new name: the service may need five minutes until it knows it."""


class Account:
    """The Foundry account of one environment, by the outputs of its deployment.

    ``base`` names the deployment of the base model: a tuned one gets its content filter.
    """

    def __init__(
        self,
        deployment: str,
        base: str,
        *,
        az: Az,
        sleep: Callable[[float], None] = time.sleep,
    ) -> None:
        self.id = str(outputs(az, deployment)["foundryAccount"])
        self._az, self._sleep = az, sleep
        found = self.model_of(base, whole=True)
        if found is None:
            raise CommandError(f"there is no deployment {base} of the base model")
        self._filter = found["properties"].get("raiPolicyName", "")

    def model_of(self, name: str, *, whole: bool = False) -> Any:
        """Return the model behind a deployment (``whole``: everything of it), None when there is none."""
        found = self._az("rest", "--method", "get", "--url", self._url(""))["value"]
        deployment = next((item for item in found if item["name"] == name), None)
        if deployment is None or whole:
            return deployment
        return deployment["properties"]["model"]

    def put(self, name: str, model: Any, sku: str) -> None:
        """Deploy a model under a name and wait until it answers; raise CommandError when it does not."""
        body: dict[str, Any] = {
            "sku": {"name": sku, "capacity": 1},
            "properties": {"model": model, "raiPolicyName": self._filter},
        }
        self._az(*("rest", "--method", "put", "--url", self._url(name), "--body", json.dumps(body)))
        for _ in range(_TRIES):
            found = self.model_of(name, whole=True)
            state = found["properties"]["provisioningState"] if found else "Creating"
            if state == "Succeeded":
                return
            if state in ("Failed", "Canceled"):
                raise CommandError(f"the deployment {name} has {state.lower()}")
            self._sleep(_WAIT)
        raise CommandError(f"the deployment {name} takes more than twenty minutes")

    def delete(self, name: str) -> None:
        """Delete a deployment."""
        self._az("rest", "--method", "delete", "--url", self._url(name))

    def _url(self, name: str) -> str:
        end = f"/{name}" if name else ""
        return f"https://management.azure.com{self.id}/deployments{end}?api-version={_API}"


def switch(account: Account, sku: str, works: Callable[[str], bool]) -> bool:
    """Give the candidate's model the name that applications call; return whether it works there.

    When it does not, the model before has the name again; without one, nothing has.
    """
    new, before = account.model_of(CANDIDATE), account.model_of(IN_USE)
    if new is None:
        raise CommandError(f"there is no deployment {CANDIDATE}: place the model first")
    try:
        account.put(IN_USE, new, sku)
        done = works(IN_USE)
    except BaseException:
        _back(account, before, sku)
        raise
    if not done:
        _back(account, before, sku)
    account.delete(CANDIDATE)
    return done


def answers(deployment: str) -> bool:
    """Return whether a deployment answers a harmless question."""
    from azure.identity import DefaultAzureCredential
    from openai import OpenAIError

    from ..prompts import Prompt
    from .models import client
    from .tuning import DeployedModel

    speaking = client(os.environ["AZURE_OPENAI_ENDPOINT"], DefaultAzureCredential())
    try:
        return bool(
            DeployedModel(speaking, deployment, Prompt("", "", frozenset())).answer("Hello")
        )
    except OpenAIError:
        return False


def passes(
    deployment: str,
    *,
    answers: Callable[[str], bool] = answers,
    sleep: Callable[[float], None] = time.sleep,
    command: Sequence[str] = (sys.executable, "-m", "evals"),
) -> bool:
    """Return whether the evaluation gate passes on a deployment: quality, safety beside the base, memory.

    It writes its report to ``reports/``, as ``make evaluate`` does.
    """
    looks = 1
    while not answers(deployment):
        if looks == _KNOWN:
            return False
        looks += 1
        sleep(_WAIT)
    chosen = {"PROVIDER": "azure", "AZURE_OPENAI_TUNED_DEPLOYMENT": deployment}
    environ = {**os.environ, **chosen}
    return subprocess.run(command, env=environ, check=False).returncode == 0  # noqa: S603


def main(
    arguments: Sequence[str] | None = None,
    *,
    az: Az = az,
    works: Callable[[str], bool] = passes,
    sleep: Callable[[float], None] = time.sleep,
) -> int:
    """Place a tuned model as candidate, put it into use, or evaluate what is; exit code 1 when it failed."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("verb", choices=["place", "switch", "evaluate"])
    parser.add_argument("--deployment", required=True, help="of the environment's infrastructure")
    parser.add_argument("--base", required=True, help="deployment of the base model")
    parser.add_argument("--model", default="", help="name of the tuned model, to place")
    parser.add_argument("--source", default="", help="id of the account it was tuned in")
    parser.add_argument("--sku", default="Standard")
    given = parser.parse_args(arguments)
    try:
        account = Account(given.deployment, given.base, az=az, sleep=sleep)
        if given.verb == "place":
            model = {"format": "OpenAI", "name": given.model, "version": "1"}
            if given.source and given.source.lower() != account.id.lower():
                model["source"] = given.source
            account.put(CANDIDATE, model, given.sku)
            sys.stdout.write(account.id + "\n")
            return 0
        if given.verb == "evaluate":
            return _evaluated(account, works)
        done = switch(account, given.sku, works)
    except (CommandError, KeyError) as error:
        sys.stderr.write(f"error: {error}\n")
        return 1
    said = "has the new model" if done else "fails with the new model: it is as before"
    sys.stderr.write(f"{IN_USE} {said}\n")
    return 0 if done else 1


def _evaluated(account: Account, works: Callable[[str], bool]) -> int:
    """Evaluate what applications call; before a first promotion that is nothing, and nothing is wrong."""
    if account.model_of(IN_USE) is None:
        sys.stderr.write("nothing has been promoted here yet\n")
        return 0
    return 0 if works(IN_USE) else 1


def _back(account: Account, before: Any, sku: str) -> None:
    if before is None:
        account.delete(IN_USE)
    else:
        account.put(IN_USE, before, sku)


if __name__ == "__main__":
    sys.exit(main())
