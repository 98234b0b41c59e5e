"""The command line as a user runs it: a process, a folder, an exit code, two streams."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

COE = Path(sys.executable).parent / "coe"


@dataclass(frozen=True)
class Ran:
    """What one run of ``coe`` gave back."""

    code: int
    out: str
    err: str

    @property
    def document(self) -> Any:
        """The one JSON document on stdout."""
        return json.loads(self.out)


def coe(*arguments: str, cwd: Path, env: dict[str, str] | None = None) -> Ran:
    """Run ``coe`` without a terminal and return what came back; a traceback is always a failure."""
    environ = {key: value for key, value in os.environ.items() if not key.startswith("COE_")}
    result = subprocess.run(
        [str(COE), *arguments],
        cwd=cwd,
        env={**environ, "CI": "true", **(env or {})},
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        timeout=180,
    )
    assert "Traceback" not in result.stderr, result.stderr
    assert result.returncode != 70, result.stderr
    return Ran(result.returncode, result.stdout, result.stderr)


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
