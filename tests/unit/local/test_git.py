from __future__ import annotations

import subprocess
from pathlib import Path

import pytest

from coe_scaffold.errors import CoeError
from coe_scaffold.local import git
from coe_scaffold.local.repository import DiskRepository


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    home = tmp_path / "home"
    home.mkdir()
    monkeypatch.setenv("HOME", str(home))
    monkeypatch.setenv("GIT_CONFIG_NOSYSTEM", "1")
    for name in ("XDG_CONFIG_HOME", "GIT_CONFIG_GLOBAL", "GIT_AUTHOR_NAME", "GIT_AUTHOR_EMAIL"):
        monkeypatch.delenv(name, raising=False)
    repository = tmp_path / "repo"
    repository.mkdir()
    (repository / "a.txt").write_text("1")
    return repository


def show(folder: Path, format_: str) -> str:
    command = ["git", "-C", str(folder), "log", "-1", f"--format={format_}"]
    return subprocess.run(command, capture_output=True, text=True, check=True).stdout.strip()


def test_the_first_commit_holds_everything(folder: Path) -> None:
    assert not git.inside_repository(folder)
    commit = git.start_repository(folder, "Start")
    assert git.inside_repository(folder)
    assert show(folder, "%H %s %an <%ae> %D") == (
        f"{commit} Start {git.FALLBACK_NAME} <{git.FALLBACK_EMAIL}> HEAD -> main, coe/template"
    )


def test_nothing_outside_the_repository_is_configured(folder: Path) -> None:
    git.start_repository(folder, "Start")
    assert list((folder.parent / "home").iterdir()) == []
    assert "user" not in (folder / ".git" / "config").read_text()


def test_the_authors_own_name_is_used(folder: Path) -> None:
    (folder.parent / "home" / ".gitconfig").write_text("[user]\nname = Ada\nemail = ada@contoso.example\n")
    git.start_repository(folder, "Start")
    assert show(folder, "%an <%ae>") == "Ada <ada@contoso.example>"


HOSTILE = """
[commit]
gpgsign = true
template = /nonexistent
[gpg]
program = false
[init]
defaultBranch = trunk
[core]
autocrlf = true
safecrlf = true
hooksPath = {hooks}
excludesFile = {hooks}/ignored
[color]
ui = always
[diff]
noprefix = true
external = false
[merge]
conflictStyle = diff3
ff = only
verifySignatures = true
[status]
showUntrackedFiles = no
[user]
useConfigOnly = true
"""
"""What people and organisations set for themselves; each of these has broken a tool."""


@pytest.fixture
def hostile(folder: Path) -> Path:
    home = folder.parent / "home"
    (home / "ignored").write_text("*.txt\n", "utf-8")
    for name in ("pre-commit", "prepare-commit-msg", "commit-msg", "post-checkout", "reference-transaction"):
        (home / name).write_text("#!/bin/sh\nexit 1\n", "utf-8")
        (home / name).chmod(0o755)
    (home / ".gitconfig").write_text(HOSTILE.format(hooks=home), "utf-8")
    return folder


def test_a_repository_starts_whatever_somebody_has_configured(hostile: Path) -> None:
    (hostile / "ä b.txt").write_bytes(b"one\ntwo\n")
    git.start_repository(hostile, "Start")
    assert show(hostile, "%s %D %G?") == "Start HEAD -> main, coe/template N"
    names = git.run_git(hostile, "ls-tree", "-r", "-z", "--name-only", "HEAD").split("\0")
    assert names == ["a.txt", "ä b.txt", ""]
    assert git.run_git(hostile, "cat-file", "blob", "HEAD:ä b.txt") == "one\ntwo"


def test_an_update_goes_through_whatever_somebody_has_configured(hostile: Path) -> None:
    git.start_repository(hostile, "Start")
    repository = DiskRepository(hostile)
    (hostile / "b.txt").write_text("mine", "utf-8")
    assert repository.uncommitted() == ()  # ignored by a rule of the person
    start = repository.resolve("HEAD")
    new = repository.record({"a.txt": b"2\n"}, frozenset(), "Next", start)
    assert repository.patch(start, new).startswith("diff --git a/a.txt b/a.txt\n")
    merged = repository.merge(
        repository.entries(start), repository.entries(start), repository.entries(new), labels=("a", "b")
    )
    assert repository.entries(merged.tree) == repository.entries(new)
    repository.advance(new)
    assert repository.resolve("HEAD") == new
    assert (hostile / "a.txt").read_text("utf-8") == "2\n"


def test_a_repository_that_git_refuses_leaves_none(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("GIT_AUTHOR_DATE", "no date")
    with pytest.raises(CoeError, match="git commit failed") as error:
        git.start_repository(folder, "Start")
    assert "remove the folder" in error.value.fix
    assert not git.inside_repository(folder)
    assert (folder / "a.txt").is_file()


def test_without_git_it_says_so(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", "")
    with pytest.raises(CoeError, match="git is not installed") as error:
        git.start_repository(folder, "Start")
    assert "--no-git" in error.value.fix
    assert not git.inside_repository(folder)


def test_what_git_refuses_is_passed_on(folder: Path) -> None:
    (folder / "a.txt").unlink()
    with pytest.raises(CoeError, match="git commit failed"):
        git.start_repository(folder, "Start")
