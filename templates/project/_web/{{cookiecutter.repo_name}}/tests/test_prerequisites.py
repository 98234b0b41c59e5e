"""A release says what it needs before it changes anything."""

from __future__ import annotations

import re
import shutil
from pathlib import Path

import pytest

from {{ cookiecutter.package_name }}.cloud.prerequisites import main, missing

ROOT = Path(__file__).parents[1]
FIRST = "{{ cookiecutter.environment_names[0] }}"
ID = "12345678-1234-1234-1234-123456789abc"
NAMED = re.compile(r"(Group: |^  [a-z-]+: )(\S+)", re.MULTILINE)


@pytest.fixture
def home(tmp_path: Path) -> Path:
    """This repository, ready: somebody can sign in, and every group has its object id."""
    shutil.copytree(ROOT / "config", tmp_path / "config")
    shutil.copytree(ROOT / "infra" / "project", tmp_path / "infra" / "project")
    for name in ("app.yaml", "groups.yaml"):
        file = tmp_path / "config" / name
        if file.is_file():
            file.write_text(NAMED.sub(rf"\g<1>{ID}", file.read_text("utf-8")), "utf-8")
    parameters = tmp_path / "infra" / "project" / f"{FIRST}.bicepparam"
    text = re.sub(r"(?m)^param signIn.*\n", "", parameters.read_text("utf-8"))
    parameters.write_text(text + "\nparam signIn = { clientId: '" + ID + "' }\n", "utf-8")
    return tmp_path


def test_what_is_ready_is_released(home: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert missing(home, FIRST) == []
    assert main([FIRST, "--location", "westeurope"], home=home) == 0
    assert "nothing is missing" in capsys.readouterr().out


def test_without_sign_in_nothing_is_released(home: Path) -> None:
    parameters = home / "infra" / "project" / f"{FIRST}.bicepparam"
    ready = parameters.read_text("utf-8")
    for text in (
        ready.replace("param signIn", "// param signIn"),
        re.sub(r"signIn =.*", "signIn = null", ready),
    ):
        parameters.write_text(text, "utf-8")
        (problem,) = missing(home, FIRST)
        assert problem.startswith(f"infra/project/{FIRST}.bicepparam: nobody can sign in")


def test_everything_that_is_missing_is_said_at_once(
    home: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    files = [file for file in (home / "config").glob("*.yaml") if ID in file.read_text("utf-8")]
    for file in files:
        file.write_text(file.read_text("utf-8").replace(ID, "a-name"), "utf-8")
    assert main([FIRST, "--location", ""], home=home) == 1
    said = capsys.readouterr().err
    assert files
    assert all(f"config/{file.name}: " in said for file in files)
    assert "AZURE_LOCATION" in said


def test_an_environment_that_is_not_there_is_named(home: Path) -> None:
    assert missing(home, "moon") == [
        "infra/project/moon.bicepparam is not there: there is no environment moon"
    ]
