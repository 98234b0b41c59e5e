"""Releases the application in Container Apps: a new revision, tested by its label, then traffic in steps."""

from __future__ import annotations

import argparse
import json
import sys
import time
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any

from ..rollout import Shift, serving, shift
from ..smoke import problems
from .azure_cli import Az, CommandError, az
from .infrastructure import deploy, deployment_of, left_to_apply
from .outputs import outputs

CANDIDATE, CURRENT, PREVIOUS = "candidate", "current", "previous"
_API = "2025-01-01"
_SHOWN = "param application = {}"
_FIRST = """there is no {app} yet, and infra/ is left to 'coe apply'. Nothing but the image in the registry is new.
  1. Write this into {file}:  {line}
  2. Run: coe apply --env {environment}
  3. Start this release again, for the same commit.
Where pipelines may make it, set DEPLOY_INFRASTRUCTURE to true in the environment {environment} instead."""
_TRIES, _WAIT = 20, 6.0
"""A revision has two minutes to start; seconds between two looks at it."""


class ContainerApp:
    """One application with several revisions; the versions of a rollout are names of revisions.

    ``ask`` returns what is wrong at an address; ``az`` runs a command of the Azure CLI.
    """

    def __init__(
        self,
        name: str,
        group: str,
        *,
        az: Az,
        ask: Callable[[str], Sequence[str]],
        sleep: Callable[[float], None] = time.sleep,
    ) -> None:
        self.name = name
        self._where = ("--name", name, "--resource-group", group)
        self._group = group
        self._az, self._ask, self._sleep = az, ask, sleep

    def exists(self) -> bool:
        """Return whether the application was ever released."""
        found = self._az("containerapp", "list", "--resource-group", self._group)
        return any(item["name"] == self.name for item in found)

    def publish(self, image: str) -> str:
        """Start a revision with an image beside those that serve and return its name; it gets no traffic."""
        shares = self.shares()
        self.route(shares)  # by name: a rule for the latest revision would follow the new one
        app = self._az("containerapp", "update", *self._where, "--image", image)
        new = str(app["properties"]["latestRevisionName"])
        if new not in shares:
            self.route({**shares, new: 0})
        return new

    def shares(self) -> dict[str, int]:
        """Return the percentage of each revision that the traffic rules name."""
        properties = self._show()["properties"]
        latest = properties.get("latestReadyRevisionName") or properties["latestRevisionName"]
        found: dict[str, int] = {}
        for rule in properties["configuration"]["ingress"].get("traffic") or ():
            revision = latest if rule.get("latestRevision") else rule["revisionName"]
            found[revision] = found.get(revision, 0) + int(rule.get("weight") or 0)
        return found

    def route(self, shares: Mapping[str, int]) -> None:
        """Set the percentages; the label ``candidate`` is on the newest revision until it serves alone."""
        labels = _labels(shares)
        rules = [
            {
                "revisionName": revision,
                "weight": share,
                **({"label": labels[revision]} if revision in labels else {}),
            }
            for revision, share in shares.items()
        ]
        body = json.dumps({"configuration": {"ingress": {"traffic": rules}}})
        ids = ("--ids", self._show()["id"], "--api-version", _API)
        self._az("resource", "patch", *ids, "--properties", body)

    def healthy(self, version: str) -> bool:
        """Return whether a revision works at the address of its label, within two minutes; say what does not."""
        properties = self._show()["properties"]
        ingress = properties["configuration"]["ingress"]
        labels = {rule.get("revisionName"): rule.get("label") for rule in ingress["traffic"]}
        address = str(ingress["fqdn"])
        if label := labels.get(version):
            name, _, domain = address.partition(".")
            address = f"{name}---{label}.{domain}"
        for left in reversed(range(_TRIES)):
            wrong = self._ask(f"https://{address}")
            if not wrong:
                return True
            if left:
                self._sleep(_WAIT)
        sys.stderr.writelines(f"{version}: {text}\n" for text in wrong)
        return False

    def retire(self, keep: set[str]) -> tuple[str, ...]:
        """Stop the revisions that run and are not kept; return their names."""
        running = [
            revision["name"]
            for revision in self._az("containerapp", "revision", "list", *self._where)
            if revision["properties"]["active"] and revision["name"] not in keep
        ]
        for name in running:
            self._az("containerapp", "revision", "deactivate", *self._where, "--revision", name)
        return tuple(running)

    def _show(self) -> Any:
        return self._az("containerapp", "show", *self._where)


def release(app: ContainerApp, image: str, *, pause: Callable[[], None]) -> Shift:
    """Give all traffic to an image, step by step; when it is not healthy everything is as before."""
    before = app.shares()
    new = app.publish(image)
    result = shift(app, new, pause=pause)
    if not result.done and (old := serving(before)):
        app.route({old: 100})
    app.retire(set(app.shares()))
    return result


def main(
    arguments: Sequence[str] | None = None,
    *,
    az: Az = az,
    ask: Callable[[str], Sequence[str]] = problems,
    sleep: Callable[[float], None] = time.sleep,
    home: Path = Path(),
) -> int:
    """Release an image; exit code 1 when it is not healthy and traffic is where it was."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--image", required=True, help="registry/repository:tag")
    parser.add_argument("--environment", required=True, help="of infra/deployments.json")
    parser.add_argument("--location", required=True)
    parser.add_argument("--ask", action="store_true", help="only whether there is what to release")
    parser.add_argument("--pause", type=float, default=60.0, help="seconds before a step is judged")
    given = parser.parse_args(arguments)
    try:
        known = outputs(az, deployment_of(home, given.environment)["name"])
        name, group = (str(known[key]) for key in ("containerApp", "resourceGroup"))
        app = ContainerApp(name, group, az=az, ask=ask, sleep=sleep)
        file, there = f"infra/project/{given.environment}.bicepparam", app.exists()
        if not there and left_to_apply():
            line = f"{_SHOWN[:-1]} image: '{given.image}' " + _SHOWN[-1]
            told = _FIRST.format(app=name, file=file, line=line, environment=given.environment)
            raise CommandError(told)
        if given.ask:
            return 0
        if not there:
            deploy(az, home, given.environment, given.location, image=given.image)
            sys.stderr.write(f"made {name}; so that plans show it, write '{_SHOWN}' into {file}\n")
        result = release(app, given.image, pause=lambda: sleep(given.pause))
    except (CommandError, KeyError) as error:
        sys.stderr.write(f"error: {error}\n")
        return 1
    sys.stderr.write(result.said + "\n")
    return 0 if result.done else 1


def _labels(shares: Mapping[str, int]) -> dict[str, str]:
    """Return a label for each of at most three revisions: the last one named is the newest."""
    newest = list(shares)[-1]
    busiest = serving(shares)
    if newest == busiest or len(shares) == 1:
        rest = [name for name in shares if name != newest]
        return {newest: CURRENT, **dict.fromkeys(rest[-1:], PREVIOUS)}
    return {newest: CANDIDATE, busiest: CURRENT}


if __name__ == "__main__":
    sys.exit(main())
