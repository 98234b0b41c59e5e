"""Where a generated repository comes from: ``.coe/answers.yaml``, the start of every later update."""

from __future__ import annotations

import json
from collections.abc import Mapping

from coe_scaffold.scaffold.manifest import Manifest
from coe_scaffold.scaffold.tree import FileTree

PATH = ".coe/answers.yaml"


def with_provenance(tree: FileTree, manifest: Manifest, answers: Mapping[str, str]) -> FileTree:
    """Return the tree with a record of template, version, answers, and each file's owner and SHA-256."""
    lines = [
        "# Written by coe-scaffold. Updates start from this record; do not edit it by hand.",
        "apiVersion: coe-scaffold/v1",
        f"template: {quoted(manifest.id)}",
        f"version: {quoted(manifest.version)}",
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
