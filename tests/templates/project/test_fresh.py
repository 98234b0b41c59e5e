"""What a newcomer gets: one command, then the repository's own verbs in an environment of its own."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from pathlib import Path
from xml.etree import ElementTree

import pytest

from tests.templates.project.conftest import KINDS

COE = Path(sys.executable).parent / "coe"
UV = COE.with_name("uv")
WITH_PIP = KINDS[0]
"""Installed by pip, as most will; the others by uv where it finds what pip finds, for it takes seconds."""
BASE = str(Path(sys.base_prefix) / "bin" / "python3")
FOREIGN = ("COE_", "VIRTUAL_ENV", "PYTHONPATH", "PYTEST_", "MAKE", "MFLAGS")
"""Beginnings of variables that only this test run has."""

ASKED_OF_PIP = {
    "index-url": "UV_DEFAULT_INDEX",
    "extra-index-url": "UV_INDEX",
    "find-links": "UV_FIND_LINKS",
    "constraint": "UV_CONSTRAINT",
    "cert": "SSL_CERT_FILE",
}
"""Settings of pip that uv does not read, and what it calls them."""


@pytest.fixture(scope="module")
def with_uv() -> dict[str, str] | None:
    """The variables with which uv finds what pip finds; None where it cannot, as behind some proxies."""
    pip = (sys.executable, "-m", "pip", "config", "list")
    said = subprocess.run(pip, capture_output=True, text=True).stdout
    asked = re.findall(r"^\S+\.([a-z-]+)=(['\"])(.*)\2$", said, re.MULTILINE)
    environ = {
        ASKED_OF_PIP[name]: value.replace(" ", ",") if name == "find-links" else value
        for name, _, value in asked
        if name in ASKED_OF_PIP
    }
    tried = (str(UV), "pip", "compile", "--quiet", "--no-deps", "-")
    try:
        ran = subprocess.run(
            tried,
            env={**os.environ, **environ},
            input="hatchling",
            text=True,
            capture_output=True,
            timeout=60,
        )
    except (OSError, subprocess.TimeoutExpired):
        return None
    return environ if ran.returncode == 0 else None


@pytest.mark.skipif(
    not os.environ.get("COE_FRESH"),
    reason="NOT MEASURED: COE_FRESH=1 installs every kind of project into an environment of its own",
)
def test_a_new_project_installs_tests_and_evaluates_itself(
    kind: str, tmp_path: Path, with_uv: dict[str, str] | None
) -> None:
    environ = {
        name: value for name, value in os.environ.items() if not name.startswith(FOREIGN) and name != "UV"
    }
    installer = [f"UV={UV}"] if with_uv and kind != WITH_PIP else []
    environ |= (with_uv or {}) if installer else {}
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
    said = runs(repository, "make", f"PYTHON={BASE}", *installer, "setup", "test", "evaluate")
    assert " passed" in said
    python = (repository / ".venv" / "bin" / "python").resolve()
    assert python == Path(BASE).resolve()
    suite = ElementTree.parse(repository / "reports" / "evaluation.junit.xml").getroot()
    assert int(suite.get("tests", "0")) > 0
    assert suite.get("failures") == "0"
    assert runs(repository, "git", "status", "--porcelain") == ""
