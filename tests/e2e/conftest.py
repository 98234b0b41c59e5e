"""Workspaces for the end-to-end tests, made once and copied."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.running import COE, Ran, coe

__all__ = ["COE", "Ran", "coe"]


@pytest.fixture(scope="session")
def quickstart(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Ran]:
    """A finished quickstart that tests only read, and what making it printed."""
    folder = tmp_path_factory.mktemp("home")
    ran = coe("quickstart", "--dir", "quickstart", "--no-input", cwd=folder)
    assert ran.code == 0, ran.out + ran.err
    return folder / "quickstart", ran


@pytest.fixture
def applied(quickstart: tuple[Path, Ran], tmp_path: Path) -> Path:
    """A copy of the finished quickstart that a test may change."""
    target = tmp_path / "quickstart"
    shutil.copytree(quickstart[0], target, ignore=shutil.ignore_patterns(".git"))
    return target


@pytest.fixture(scope="session")
def fresh(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A workspace with a landing zone and a project, nothing applied; tests only read it."""
    folder = tmp_path_factory.mktemp("fresh")
    for arguments in (
        ("init", "--no-input", "--name", "Contoso", "--prefix", "cto", "--dir", "ws"),
        ("new", "landing-zone", "--no-input"),
        ("new", "project", "claims-chat", "--kind", "rag", "--no-input"),
    ):
        ran = coe(*arguments, cwd=folder if arguments[0] == "init" else folder / "ws")
        assert ran.code == 0, ran.out + ran.err
    return folder / "ws"


@pytest.fixture
def workspace(fresh: Path, tmp_path: Path) -> Path:
    """A copy of the fresh workspace that a test may change."""
    target = tmp_path / "ws"
    shutil.copytree(fresh, target, ignore=shutil.ignore_patterns(".git"))
    return target


@pytest.fixture
def edit() -> Callable[[Path, str, str], None]:
    """Replace text in a file, and fail when it is not there."""

    def replace(path: Path, old: str, new: str) -> None:
        text = path.read_text(encoding="utf-8")
        assert old in text, f"{old!r} is not in {path}"
        path.write_text(text.replace(old, new), encoding="utf-8")

    return replace
