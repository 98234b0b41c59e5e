"""What a release needs that is not there yet: ``python -m`` this module, ``make prerequisites ENV=dev``.

Pipelines ask it before anything is deployed, so that everything is said at once, with the file it belongs into.
"""

from __future__ import annotations

import argparse
import re
import sys
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

import yaml

_OBJECT_ID = re.compile(r"[0-9a-fA-F]{8}(?:-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}")
_SIGN_IN = re.compile(r"^\s*param\s+signIn\s*=\s*(?!null\b)\S", re.MULTILINE)
_NOBODY = (
    "nobody can sign in yet. Write param signIn = { clientId: '...' }, the client id of an app "
    "registration that issues ID tokens and group claims"
)


def missing(home: Path, environment: str) -> list[str]:
    """Return what the files of a repository lack for a release into an environment."""
    file = f"infra/project/{environment}.bicepparam"
    path = home / file
    if not path.is_file():
        return [f"{file} is not there: there is no environment {environment}"]
    found = []
    if not _SIGN_IN.search(path.read_text("utf-8")):
        found.append(f"{file}: {_NOBODY}")
    return [*found, *_groups(home)]


def main(arguments: Sequence[str] | None = None, *, home: Path = Path()) -> int:
    """Print what is missing; exit code 1 when anything is."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("environment")
    parser.add_argument("--location", help="what the pipeline's variable AZURE_LOCATION says")
    given = parser.parse_args(arguments)
    found = missing(home, given.environment)
    if given.location == "":
        found.append("the variable AZURE_LOCATION is not set: 'coe pipeline wire' sets it")
    for text in found:
        sys.stderr.write(f"{text}\n")
    if not found:
        sys.stdout.write(f"nothing is missing for a release into {given.environment}\n")
    return 1 if found else 0


def _groups(home: Path) -> Iterator[str]:
    """Yield the groups that are names only: sign-ins carry object ids of Microsoft Entra ID."""
    settings = _read(home / "config" / "app.yaml")
    for name, value in settings.items():
        if name.endswith("Group") and not _OBJECT_ID.fullmatch(str(value)):
            yield f"config/app.yaml: {name} is '{value}', not the object id of a group"
    file = home / "config" / "groups.yaml"
    if file.is_file():
        ids = _read(file).get("groups") or {}
        if lacking := [n for n, value in ids.items() if not _OBJECT_ID.fullmatch(str(value or ""))]:
            yield f"config/groups.yaml: no object id for {', '.join(lacking)}"


def _read(path: Path) -> Mapping[str, Any]:
    document = yaml.safe_load(path.read_text("utf-8"))
    return document if isinstance(document, dict) else {}


if __name__ == "__main__":
    sys.exit(main())
