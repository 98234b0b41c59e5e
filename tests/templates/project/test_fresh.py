"""What a newcomer gets: one command, then the repository's own verbs in an environment of its own."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path
from xml.etree import ElementTree

import pytest

COE = Path(sys.executable).parent / "coe"
BASE = str(Path(sys.base_prefix) / "bin" / "python3")
FOREIGN = ("COE_", "VIRTUAL_ENV", "PYTHONPATH", "PYTEST_", "MAKE", "MFLAGS")
"""Beginnings of variables that only this test run has."""


@pytest.mark.skipif(
    not os.environ.get("COE_FRESH"),
    reason="NOT MEASURED: COE_FRESH=1 installs every kind of project into an environment of its own",
)
def test_a_new_project_installs_tests_and_evaluates_itself(kind: str, tmp_path: Path) -> None:
    environ = {name: value for name, value in os.environ.items() if not name.startswith(FOREIGN)}
    own = os.pathsep.join(
        folder for folder in environ["PATH"].split(os.pathsep) if Path(folder) != COE.parent
    )

    def runs(folder: Path, *command: str) -> str:
        ran = subprocess.run(
            command, cwd=folder, env={**environ, "PATH": own}, stdin=subprocess.DEVNULL, text=True,
            stdout=subprocess.PIPE, stderr=subprocess.STDOUT, timeout=600,
        )  # fmt: skip
        assert ran.returncode == 0, f"{' '.join(command)}\n{ran.stdout}"
        return ran.stdout

    name = f"demo-{kind}"
    runs(tmp_path, str(COE), "new", "project", name, "--kind", kind, "--no-input")
    repository = tmp_path / name
    said = runs(repository, "make", f"PYTHON={BASE}", "setup", "test", "evaluate")
    assert " passed" in said
    python = (repository / ".venv" / "bin" / "python").resolve()
    assert python == Path(BASE).resolve()
    suite = ElementTree.parse(repository / "reports" / "evaluation.junit.xml").getroot()
    assert int(suite.get("tests", "0")) > 0
    assert suite.get("failures") == "0"
    assert runs(repository, "git", "status", "--porcelain") == ""
