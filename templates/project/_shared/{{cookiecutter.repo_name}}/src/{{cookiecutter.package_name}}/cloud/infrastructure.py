"""Deploys ``infra/`` as ``coe apply`` does: as the same deployment stack, where the cloud has them.

How is written in ``infra/deployments.json``, from the workspace's ``coe.yaml``. Nothing is deployed unless the
variable DEPLOY_INFRASTRUCTURE is ``true``: somebody who may runs ``coe apply``.
"""

from __future__ import annotations

import argparse
import json
import os
import sys
import tempfile
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from .azure_cli import Az, CommandError, az
from .outputs import outputs

_SAYS_IT = "Made by coe-scaffold: change its templates, not the resources."


def deploy(
    az: Az, home: Path, environment: str, location: str, *, image: str = ""
) -> dict[str, Any]:
    """Deploy an environment's infrastructure and return its outputs by name.

    ``home`` is the repository. The application is deployed with ``image``; without one it stays as releases
    left it. Raises CommandError for what Azure refuses, and KeyError for an unknown environment.
    """
    how = deployment_of(home, environment)
    parameters = home / "infra" / "project" / f"{environment}.bicepparam"
    built = az("bicep", "build-params", "--file", str(parameters), "--stdout")
    given = json.loads(built["parametersJson"])
    _with_application(az, given["parameters"], image)
    with tempfile.TemporaryDirectory() as folder:
        template, filled = Path(folder) / "template.json", Path(folder) / "parameters.json"
        template.write_text(built["templateJson"], encoding="utf-8")
        filled.write_text(json.dumps(given), encoding="utf-8")
        where = ("--location", location, "--name", how["name"])
        files = ("--template-file", str(template), "--parameters", f"@{filled}")
        if _as_stack(az, how["use"]):
            az("stack", "sub", "create", *where, *files, *stack_options(how))
        else:
            az("deployment", "sub", "create", *where, *files)
    return outputs(az, how["name"])


def deployment_of(home: Path, environment: str) -> dict[str, Any]:
    """Return how an environment is deployed; KeyError for one that the repository does not have."""
    found: dict[str, Any] = json.loads((home / "infra" / "deployments.json").read_text("utf-8"))[
        environment
    ]
    return found


def left_to_apply() -> bool:
    """Return whether the pipeline leaves the infrastructure to ``coe apply``."""
    return os.environ.get("DEPLOY_INFRASTRUCTURE", "").lower() != "true"


def stack_options(how: Mapping[str, Any]) -> list[str]:
    """Return the options of ``az stack sub create`` for one environment of ``infra/deployments.json``."""
    action, deny = str(how["actionOnUnmanage"]), how["denySettings"]
    deletes = action != "detachAll"
    found = [
        *("--action-on-unmanage", action),
        *("--deny-settings-mode", str(deny["mode"])),
        *("--bypass-stack-out-of-sync-error", "false" if deletes else "true"),
        *("--description", _SAYS_IT, "--yes"),
        *("--tags", *(f"{name}={value}" for name, value in how["tags"].items())),
    ]
    if deletes:
        found += ["--resources-without-delete-support", "detach"]
    for option in ("excludedPrincipals", "excludedActions"):
        if deny[option]:
            flag = f"--deny-settings-excluded-{option.removeprefix('excluded').lower()}"
            found += [flag, " ".join(deny[option])]
    if deny["applyToChildScopes"]:
        found.append("--deny-settings-apply-to-child-scopes")
    return found


def _with_application(az: Az, values: dict[str, Any], image: str) -> None:
    """Put the application into parameters that leave it out: a stack lets go of it otherwise, or deletes it."""
    given = (values.get("application") or {}).get("value")
    if image:
        values["application"] = {"value": {**(given or {}), "image": image}}
    elif given is None and _runs(az, values):
        values["application"] = {"value": {}}


def _runs(az: Az, values: dict[str, Any]) -> bool:
    """Return whether the project has an application in the environment, by the tags of its parameters."""
    if not values["components"]["value"]["app"]:
        return False
    ours = {name: values["tags"]["value"][name] for name in ("coe-project", "coe-environment")}
    found = az("resource", "list", "--resource-type", "Microsoft.App/containerApps") or ()
    return any(ours.items() <= (app.get("tags") or {}).items() for app in found)


def _as_stack(az: Az, use: str) -> bool:
    if use != "auto":
        return use == "always"
    types = ("--query", "resourceTypes[].resourceType")
    try:
        found = az("provider", "show", "--namespace", "Microsoft.Resources", *types)
    except CommandError:
        return True  # who may not ask: every cloud of Azure has them
    return "deploymentstacks" in {str(item).lower() for item in found}


def _said_first(az: Az, found: Mapping[str, Any]) -> str:
    """Return what a release should know before it builds anything: that it will be the first."""
    app, group = found.get("containerApp"), found.get("resourceGroup")
    if not app or not group:
        return ""
    if any(item["name"] == app for item in az("containerapp", "list", "--resource-group", group)):
        return ""
    return (
        f"there is no {app} yet, and only 'coe apply' makes it: this release ends when its image is in the "
        "registry, and says then what to do\n"
    )


def main(arguments: Sequence[str] | None = None, *, az: Az = az) -> int:
    """Deploy, unless that is left to others, and print the outputs as JSON; exit code 1 when Azure refuses."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("environment")
    parser.add_argument("--location", required=True)
    given = parser.parse_args(arguments)
    try:
        if left_to_apply():
            name = deployment_of(Path(), given.environment)["name"]
            sys.stderr.write(f"{name} is left to 'coe apply'\n")
            found = outputs(az, name)
            sys.stderr.write(_said_first(az, found))
        else:
            found = deploy(az, Path(), given.environment, given.location)
    except (CommandError, KeyError) as error:
        sys.stderr.write(f"error: {error}\n")
        return 1
    sys.stdout.write(json.dumps(found) + "\n")
    return 0


if __name__ == "__main__":
    sys.exit(main())
