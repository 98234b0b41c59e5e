"""Where a generated repository comes from: ``.coe/answers.yaml``, the start of every later update.

Beside it ``.coe/organisation.yaml``: the coe.yaml it was rendered with: a clone knows its organisation.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from coe_scaffold.errors import CorruptStateError
from coe_scaffold.model.repository import ORGANISATION_FILE
from coe_scaffold.scaffold.manifest import Manifest
from coe_scaffold.scaffold.tree import FileTree

PATH = ".coe/answers.yaml"


@dataclass(frozen=True)
class Record:
    """What ``.coe/answers.yaml`` says; ``files`` maps a path to its owner and rendered SHA-256.

    ``source`` and ``revision`` name a template that is not packaged: a folder or git URL, and its commit.
    """

    template: str
    version: str
    answers: Mapping[str, str] = field(hash=False)
    files: Mapping[str, tuple[str, str]] = field(hash=False)
    source: str = ""
    revision: str = ""


def read_record(text: str) -> Record:
    """Return the record in the text of ``.coe/answers.yaml``; raise CorruptStateError when it is none."""
    import yaml

    loader = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
    try:
        data: Any = yaml.load(text, Loader=loader)  # noqa: S506
        return Record(
            template=str(data["template"]),
            version=str(data["version"]),
            answers={str(name): str(value) for name, value in data["answers"].items()},
            files={path: (row["owner"], row["sha256"]) for path, row in data["files"].items()},
            source=str(data.get("source", "")),
            revision=str(data.get("revision", "")),
        )
    except (yaml.YAMLError, KeyError, TypeError, AttributeError) as error:
        raise CorruptStateError(
            f"{PATH} cannot be read",
            detail=" ".join(str(error).split()),
            fix="Restore it from git; updates start from this record.",
        ) from error


def with_organisation(tree: FileTree, text: str) -> FileTree:
    """Return the tree with the coe.yaml it was rendered with; unchanged when its text is not known."""
    if not text:
        return tree
    head = (
        "# coe.yaml as 'coe repo update' last saw it. It counts where no coe.yaml lies above this\n"
        "# repository, as in pipelines; change it in the workspace.\n"
    )
    body = text.removeprefix(head)
    return tree.merge(FileTree({ORGANISATION_FILE: (head + body).encode("utf-8")}))


def with_provenance(tree: FileTree, manifest: Manifest, answers: Mapping[str, str]) -> FileTree:
    """Return the tree with a record of template, version, answers, and each file's owner and SHA-256."""
    lines = [
        "# Written by coe-scaffold. Updates start from this record; do not edit it by hand.",
        "apiVersion: coe-scaffold/v1",
        f"template: {quoted(manifest.id)}",
        f"version: {quoted(manifest.version)}",
        *([f"source: {quoted(manifest.source)}"] if manifest.source else []),
        *([f"revision: {quoted(manifest.revision)}"] if manifest.revision else []),
        "answers:",
        *(f"  {name}: {quoted(value)}" for name, value in sorted(answers.items())),
        "files:",
        *(
            f"  {quoted(path)}: {{owner: {manifest.owner_of(path).value}, sha256: {digest}}}"
            for path, digest in tree.hashes().items()
        ),
    ]
    return tree.merge(FileTree({PATH: ("\n".join(lines) + "\n").encode("utf-8")}))


def quoted(text: str) -> str:
    """Return text as a double-quoted scalar that YAML, TOML and Python read back unchanged."""
    return json.dumps(text, ensure_ascii=False)
