from __future__ import annotations

import subprocess
from pathlib import Path

import pytest

from coe_scaffold.errors import CoeError
from coe_scaffold.local import git


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
