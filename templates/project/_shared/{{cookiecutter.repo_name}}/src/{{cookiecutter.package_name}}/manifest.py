"""The data manifest: every file of ``data/`` by hash. Checked before anything uses the data."""

from __future__ import annotations

import argparse
import hashlib
import sys
from pathlib import Path
from typing import Any

import yaml


def problems(manifest: Path) -> list[str]:
    """Return how the files on disk differ from the manifest; nothing when they agree."""
    root = manifest.parent
    listed = {row["path"]: row["sha256"] for row in _read(manifest)["files"]}
    found = _hashes(root)
    changed = [path for path, digest in found.items() if listed.get(path, digest) != digest]
    return [
        *(f"{path} is in the manifest but not on disk" for path in listed if path not in found),
        *(f"{path} is on disk but not in the manifest" for path in found if path not in listed),
        *(f"{path} has changed since the manifest was written" for path in changed),
    ]


def write(manifest: Path) -> None:
    """Set the hashes in the manifest to those of the files on disk; other keys stay."""
    document = _read(manifest)
    known = {row["path"]: row for row in document["files"]}
    document["files"] = [
        {**known.get(path, {"path": path}), "sha256": digest}
        for path, digest in _hashes(manifest.parent).items()
    ]
    manifest.write_text(yaml.safe_dump(document, sort_keys=False, width=100), encoding="utf-8")


def _read(manifest: Path) -> dict[str, Any]:
    document = yaml.safe_load(manifest.read_text(encoding="utf-8"))
    if not isinstance(document, dict):
        raise ValueError(f"{manifest} is no mapping")
    return document


def _hashes(root: Path) -> dict[str, str]:
    return {
        path.relative_to(root).as_posix(): hashlib.sha256(path.read_bytes()).hexdigest()
        for path in sorted(root.rglob("*"))
        if path.is_file() and path.name != "manifest.yaml"
    }


def main() -> int:
    """Check the manifest, or write it anew with ``--write``; 1 when the data differs from it."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--write", action="store_true", help="accept the files as they are now")
    parser.add_argument("--manifest", type=Path, default=Path("data/manifest.yaml"))
    arguments = parser.parse_args()
    if arguments.write:
        write(arguments.manifest)
    found = problems(arguments.manifest)
    sys.stderr.writelines(f"{problem}\n" for problem in found)
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main())
