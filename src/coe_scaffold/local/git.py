"""Git on this machine: start a repository with its first commit. Global configuration is only read."""

from __future__ import annotations

import os
import shutil
import subprocess
import tempfile
from pathlib import Path

from coe_scaffold.errors import CoeError
from coe_scaffold.model.repository import TEMPLATE_BRANCH

FALLBACK_NAME = "coe-scaffold"
FALLBACK_EMAIL = "coe-scaffold@localhost"
_PLAIN = ("-c", "core.hooksPath=/dev/null", "-c", "core.safecrlf=false")
"""Somebody's hooks and line ends are for commits of his own, not for those that this tool makes."""
_MOST_CONFLICTS = 128
"""git merge-file ends with the number of conflicts, up to 127; beyond that it failed."""


def available() -> bool:
    """Return whether git is on PATH."""
    return shutil.which("git") is not None


def inside_repository(folder: Path) -> bool:
    """Return whether a folder already belongs to a git work tree."""
    return available() and run_git(folder, "rev-parse", "--is-inside-work-tree", check=False) == "true"


def start_repository(
    folder: Path, message: str, *, branch: str = "main", template: str = TEMPLATE_BRANCH
) -> str:
    """Make a repository of a folder, commit all of it, and return the commit's hash.

    The branch ``template`` starts at the same commit: the pristine render that updates are merged from. The
    author is the one of git's configuration, or a neutral one for this commit alone when there is
    none. Raises CoeError when git is missing or refuses.
    """
    if not available():
        raise CoeError("git is not installed", fix="Install git, or leave the repository out with --no-git.")
    try:
        run_git(folder, "init", "--quiet", f"--initial-branch={branch}")
        run_git(folder, "add", "--all", "--force")
        commit = ("commit", "--quiet", "--no-verify", "--no-gpg-sign", "--message", message)
        run_git(folder, *author(folder), *commit)
        run_git(folder, "branch", "--no-track", "--force", template)
        return run_git(folder, "rev-parse", "HEAD")
    except CoeError as error:
        shutil.rmtree(folder / ".git", ignore_errors=True)
        raise CoeError(
            error.summary,
            detail=error.detail,
            fix=f"The files are in {folder}, without a repository. Correct what git says, remove the folder "
            "and run the command again; or run it with --no-git.",
        ) from error


def author(folder: Path) -> tuple[str, ...]:
    """Return the options that name an author where git's own configuration names none."""
    options: list[str] = []
    for key, variable, fallback in (
        ("user.name", "GIT_AUTHOR_NAME", FALLBACK_NAME),
        ("user.email", "GIT_AUTHOR_EMAIL", FALLBACK_EMAIL),
    ):
        if not os.environ.get(variable) and not run_git(folder, "config", key, check=False):
            options += ["-c", f"{key}={fallback}"]
    return tuple(options)


def run_git(
    folder: Path, *arguments: str, check: bool = True, data: bytes | None = None, index: Path | None = None
) -> str:
    """Run git in a folder and return what it prints, without the last line end.

    ``data`` is its standard input, ``index`` an index file other than the repository's. Raises CoeError
    with git's own words when it fails and ``check`` is set. Hooks run for a push and for nothing else.
    """
    environment = {
        name: value
        for name, value in os.environ.items()
        if name not in ("GIT_DIR", "GIT_WORK_TREE", "GIT_INDEX_FILE")
    }
    if index:
        environment["GIT_INDEX_FILE"] = str(index)
    plain = () if _verb(arguments) == "push" else _PLAIN
    result = subprocess.run(
        ["git", "-C", str(folder), *plain, *arguments],
        capture_output=True,
        env={**environment, "LC_ALL": "C"},
        input=data if data is not None else b"",
        check=False,
    )
    if check and result.returncode != 0:
        raise CoeError(
            f"git {_verb(arguments)} failed in {folder}",
            detail=result.stderr.decode("utf-8", "replace").strip(),
            fix="Correct what git says, then run the command again.",
        )
    return result.stdout.decode("utf-8", "surrogateescape").rstrip("\n")


def _verb(arguments: tuple[str, ...]) -> str:
    """Return the subcommand of git: the first word that is no option and no option's value."""
    words = iter(arguments)
    for word in words:
        if word == "-c":
            next(words, "")
        elif not word.startswith("-"):
            return word
    return ""


def merge_texts(base: bytes, yours: bytes, new: bytes) -> tuple[bytes, bool]:
    """Merge three texts as git merges a file; return the result, and whether conflicts are marked in it.

    Needs no repository. Raises CoeError when git is missing or refuses.
    """
    if not available():
        raise CoeError("git is not installed", fix="Install git; it merges what both sides changed.")
    with tempfile.TemporaryDirectory() as folder:
        files = [Path(folder) / name for name in ("yours", "base", "new")]
        for file, content in zip(files, (yours, base, new), strict=True):
            file.write_bytes(content)
        labels = [word for label in ("yours", "as written last", "coe.yaml") for word in ("-L", label)]
        result = subprocess.run(
            ["git", "merge-file", "-p", *labels, *(str(file) for file in files)],
            capture_output=True,
            env={**os.environ, "LC_ALL": "C"},
            check=False,
        )
    if not 0 <= result.returncode < _MOST_CONFLICTS:
        detail = result.stderr.decode("utf-8", "replace").strip()
        raise CoeError("git merge-file failed", detail=detail, fix="Correct what git says.")
    return result.stdout, result.returncode > 0
