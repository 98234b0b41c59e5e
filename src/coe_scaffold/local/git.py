"""Git on this machine: start a repository with its first commit. Global configuration is only read."""

from __future__ import annotations

import os
import shutil
import subprocess
from pathlib import Path

from coe_scaffold.errors import CoeError

FALLBACK_NAME = "coe-scaffold"
FALLBACK_EMAIL = "coe-scaffold@localhost"


def available() -> bool:
    """Return whether git is on PATH."""
    return shutil.which("git") is not None


def inside_repository(folder: Path) -> bool:
    """Return whether a folder already belongs to a git work tree."""
    return available() and _git(folder, "rev-parse", "--is-inside-work-tree", check=False) == "true"


def start_repository(folder: Path, message: str, *, branch: str = "main") -> str:
    """Make a repository of a folder, commit all of it, and return the commit's hash.

    The author is the one of git's configuration, or a neutral one for this commit alone when there is
    none. Raises CoeError when git is missing or refuses.
    """
    if not available():
        raise CoeError("git is not installed", fix="Install git, or leave the repository out with --no-git.")
    _git(folder, "init", "--quiet", f"--initial-branch={branch}")
    _git(folder, "add", "--all")
    _git(folder, *_author(folder), "commit", "--quiet", "--no-verify", "--no-gpg-sign", "--message", message)
    return _git(folder, "rev-parse", "HEAD")


def _author(folder: Path) -> tuple[str, ...]:
    """Return the options that name an author where git's own configuration names none."""
    options: list[str] = []
    for key, variable, fallback in (
        ("user.name", "GIT_AUTHOR_NAME", FALLBACK_NAME),
        ("user.email", "GIT_AUTHOR_EMAIL", FALLBACK_EMAIL),
    ):
        if not os.environ.get(variable) and not _git(folder, "config", key, check=False):
            options += ["-c", f"{key}={fallback}"]
    return tuple(options)


def _git(folder: Path, *arguments: str, check: bool = True) -> str:
    environment = {
        name: value
        for name, value in os.environ.items()
        if name not in ("GIT_DIR", "GIT_WORK_TREE", "GIT_INDEX_FILE")
    }
    result = subprocess.run(
        ["git", "-C", str(folder), *arguments],
        capture_output=True,
        text=True,
        env=environment,
        stdin=subprocess.DEVNULL,
        check=False,
    )
    if check and result.returncode != 0:
        verb = next((word for word in arguments if word in ("init", "add", "commit", "rev-parse")), "")
        raise CoeError(
            f"git {verb} failed in {folder}",
            detail=result.stderr.strip(),
            fix="Correct what git says; the generated files are complete and can be committed by hand.",
        )
    return result.stdout.strip()
