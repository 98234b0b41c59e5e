"""The record a model carries from environment to environment: what it is, how good, who let it through."""

from __future__ import annotations

import argparse
import hashlib
import json
import os
import sys
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from typing import Any

import yaml

FORMAT = "promotion/v1"


class LineageError(ValueError):
    """A model that must not go on; the message names every reason."""


@dataclass(frozen=True)
class Approval:
    """Who let the model into an environment, and the groups that had to be asked."""

    environment: str
    approvers: tuple[str, ...]
    reviewers: tuple[str, ...]
    run: str


@dataclass(frozen=True)
class Record:
    """A candidate and its way.

    ``artefact`` and ``data`` are SHA-256 of the model's files and of the data manifest; ``evaluation`` is
    what the gate measured, with the versions it belongs to.
    """

    model: str
    version: str
    artefact: str
    data: str
    commit: str
    requester: str
    evaluation: Mapping[str, Any]
    approvals: tuple[Approval, ...] = ()


@dataclass(frozen=True)
class Door:
    """An environment as its pipeline meets it: who must be asked, who agreed, and what is checked out."""

    environment: str
    reviewers: tuple[str, ...]
    approvers: tuple[str, ...]
    artefact: str
    data: str
    commit: str
    run: str


def digest(path: Path) -> str:
    """Return the SHA-256 of a file, or of the names and contents of a folder's files."""
    if path.is_file():
        return hashlib.sha256(path.read_bytes()).hexdigest()
    files = sorted(item for item in path.rglob("*") if item.is_file())
    if not files:
        raise LineageError(f"{path} holds no model")
    rows = [f"{item.relative_to(path).as_posix()} {digest(item)}" for item in files]
    return hashlib.sha256("\n".join(rows).encode("utf-8")).hexdigest()


def recorded(record: Record) -> Record:
    """Return the record of a candidate; raise LineageError when its evaluation did not pass."""
    if record.evaluation.get("passed") is not True:
        raise LineageError("the evaluation gate did not pass")
    return record


def admitted(record: Record, door: Door) -> Record:
    """Return the record with an environment added; raise LineageError when the model may not enter.

    It must be the model that was evaluated, from the data and commit that are checked out; where an
    environment has reviewers, somebody other than the requester must have approved.
    """
    wrong = [
        f"{what} is not what was evaluated"
        for what, now, then in (
            ("the model", door.artefact, record.artefact),
            ("data/manifest.yaml", door.data, record.data),
            ("the commit", door.commit, record.commit),
        )
        if now != then
    ]
    others = tuple(name for name in door.approvers if name.lower() != record.requester.lower())
    if record.evaluation.get("passed") is not True:
        wrong.append("the evaluation gate did not pass")
    if door.reviewers and not others:
        asked = ", ".join(door.reviewers)
        wrong.append(f"nobody of {asked} has approved it for {door.environment}")
    if wrong:
        raise LineageError("; ".join(wrong))
    approval = Approval(door.environment, others, door.reviewers, door.run)
    return replace(record, approvals=(*record.approvals, approval))


def model_name() -> str:
    """Return ``modelName`` of ``config/app.yaml``: the one name under which the model is known everywhere."""
    path = Path(os.environ.get("APP_HOME", ".")) / "config" / "app.yaml"
    return str(yaml.safe_load(path.read_text(encoding="utf-8"))["modelName"])


def reviewers(environments: Path, name: str) -> tuple[str, ...]:
    """Return the groups that must approve for an environment; raise LineageError when it is not listed."""
    listed = yaml.safe_load(environments.read_text(encoding="utf-8"))["environments"]
    if name not in listed:
        raise LineageError(f"{environments} lists no environment {name}")
    return tuple(listed[name].get("reviewers") or ())


def github_approvers(reviews: Sequence[Mapping[str, Any]], environment: str) -> tuple[str, ...]:
    """Return who approved, from GitHub's list of a run's reviews."""
    return tuple(
        review["user"]["login"]
        for review in reviews
        if review["state"] == "approved"
        and environment in [item["name"] for item in review["environments"]]
    )


def devops_approvers(approvals: Sequence[Mapping[str, Any]]) -> tuple[str, ...]:
    """Return who approved, from Azure DevOps' list of a stage's approvals with their steps."""
    return tuple(
        step["actualApprover"]["uniqueName"]
        for approval in approvals
        for step in approval.get("steps", ())
        if step.get("status") == "approved"
    )


def load(path: Path) -> Record:
    """Read a record; raise LineageError when the file is none."""
    try:
        document = json.loads(path.read_text(encoding="utf-8"))
        if document.pop("format") != FORMAT:
            raise LineageError(f"{path} is of another format than {FORMAT}")
        rows = document.pop("approvals")
        approvals = (
            Approval(r["environment"], tuple(r["approvers"]), tuple(r["reviewers"]), r["run"])
            for r in rows
        )
        return Record(**document, approvals=tuple(approvals))
    except (KeyError, TypeError, json.JSONDecodeError) as error:
        raise LineageError(f"{path} is no record of a promotion: {error}") from error


def save(record: Record, path: Path) -> None:
    """Write a record; what is approved once is never taken out."""
    text = json.dumps({"format": FORMAT, **asdict(record)}, indent=2) + "\n"
    path.write_text(text, encoding="utf-8")


def main(arguments: Sequence[str] | None = None) -> int:
    """Record a candidate, or admit it to an environment; exit code 1 when it must not go on."""
    given = _parser().parse_args(arguments)
    data = digest(Path("data") / "manifest.yaml")
    try:
        if given.verb == "record":
            evaluation = json.loads((given.reports / "evaluation.json").read_text(encoding="utf-8"))
            seen = (digest(given.artefact), data, given.commit, given.requester, evaluation)
            record = recorded(Record(given.model or model_name(), given.version, *seen))
        else:
            record = admitted(load(given.record), _door(given, data))
    except (LineageError, KeyError, OSError) as error:
        sys.stderr.write(f"error: {error}\n")
        return 1
    save(record, given.record)
    sys.stdout.write(f"{given.record}: {record.model} {record.version}\n")
    return 0


def _door(given: argparse.Namespace, data: str) -> Door:
    found = json.loads(given.approvals.read_text(encoding="utf-8"))
    approvers = (
        devops_approvers(found["value"])
        if isinstance(found, dict)
        else github_approvers(found, given.environment)
    )
    asked = reviewers(given.environments, given.environment)
    seen = (approvers, digest(given.artefact), data, given.commit, given.run)
    return Door(given.environment, asked, *seen)


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(description=__doc__)
    verbs = parser.add_subparsers(dest="verb", required=True)
    record = verbs.add_parser("record", help="write the record of a candidate that passed the gate")
    record.add_argument("--model", default="", help="default: modelName of config/app.yaml")
    record.add_argument("--version", required=True)
    record.add_argument("--requester", required=True)
    record.add_argument("--reports", type=Path, default=Path("reports"))
    admit = verbs.add_parser("admit", help="add an environment to the record, or refuse")
    admit.add_argument("--environment", required=True)
    admit.add_argument("--environments", type=Path, required=True, help="file of reviewers")
    admit.add_argument("--approvals", type=Path, required=True, help="what the provider recorded")
    admit.add_argument("--run", required=True, help="address of the run")
    for verb in (record, admit):
        verb.add_argument(
            "--artefact", type=Path, required=True, help="file or folder of the model"
        )
        verb.add_argument("--commit", required=True)
        verb.add_argument("--record", type=Path, default=Path("promotion.json"))
    return parser


if __name__ == "__main__":
    sys.exit(main())
