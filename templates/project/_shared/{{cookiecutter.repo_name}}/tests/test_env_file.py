"""``.env`` from the outputs of a deployment: complete, without a secret, and nothing chosen is lost."""

from __future__ import annotations

import shlex
import subprocess
from pathlib import Path
from typing import Any

import pytest

from {{ cookiecutter.package_name }}.cloud.azure_cli import CommandError
from {{ cookiecutter.package_name }}.cloud.env_file import main
from {{ cookiecutter.package_name }}.settings import load

ROOT = Path(__file__).parents[1]
EXAMPLE = (ROOT / ".env.example").read_text("utf-8")
NAMES = [line.partition("=")[0] for line in EXAMPLE.splitlines() if line[:1].isupper()]
VALUES: dict[str, Any] = {
    name: f"https://{name.lower()}.example/it's here" for name in NAMES if name != "PROVIDER"
} | {"NOT_ASKED_FOR": "x"}


class Azure:
    """Outputs of a stack, or of a deployment where there is no stack."""

    def __init__(self, settings: dict[str, Any], *, stack: bool = True) -> None:
        self.outputs, self.stack = {"settings": {"type": "Object", "value": settings}}, stack

    def __call__(self, *given: str) -> Any:
        if given[0] == "stack":
            if not self.stack:
                raise CommandError("az stack sub show: not found")
            return {"name": given[-1], "outputs": self.outputs}
        return {"properties": {"outputs": self.outputs}}


def away(*given: str) -> Any:
    raise CommandError("the service is away")


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / ".env.example").write_text(EXAMPLE, "utf-8")
    return tmp_path


def write(folder: Path, azure: Any, *more: str) -> int:
    return main(["--deployment", "coe-x-dev", "--folder", str(folder), *more], az=azure)


@pytest.mark.parametrize("stack", [True, False])
def test_a_shell_that_loads_it_has_what_the_code_asks_for(folder: Path, stack: bool) -> None:
    assert write(folder, Azure(VALUES, stack=stack)) == 0
    script = f"set -a; . {shlex.quote(str(folder / '.env'))}; env -0"
    shell = subprocess.run(["sh", "-c", script], capture_output=True, env={}, check=True)
    loaded = dict(row.split("=", 1) for row in shell.stdout.decode().split("\0") if row)
    assert loaded["PROVIDER"] == "azure"
    assert "NOT_ASKED_FOR" not in loaded
    settings = load({**loaded, "APP_HOME": str(ROOT)})
    assert settings.azure == {name: VALUES[name] for name in settings.azure}
    comments = [line for line in EXAMPLE.splitlines() if line.startswith("#")]
    kept = (folder / ".env").read_text("utf-8").splitlines()
    assert [line for line in kept if line.startswith("#")] == comments


def test_what_somebody_chose_stays_unless_it_is_to_be_replaced(
    folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    name = NAMES[-1]
    mine = EXAMPLE.replace(f"\n{name}=", f"\n{name}=mine\n#", 1) + "OTHER=1\n"
    (folder / ".env").write_text(mine, "utf-8")
    assert write(folder, Azure(VALUES)) == 1
    assert f"has other values of {name}" in capsys.readouterr().err
    assert (folder / ".env").read_text("utf-8") == mine
    assert write(folder, Azure(VALUES), "--replace") == 0
    text = (folder / ".env").read_text("utf-8")
    assert "=mine" not in text
    assert "OTHER=1\n" in text
    assert write(folder, Azure(VALUES)) == 0
    assert "is as coe-x-dev has it" in capsys.readouterr().out
    assert (folder / ".env").read_text("utf-8") == text


def test_what_nobody_handed_over_is_named(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (folder / ".env.example").write_text("A=<yours>\nB=\n", "utf-8")
    assert write(folder, Azure({"B": {"one": 1}})) == 0
    assert "yours to fill in: A" in capsys.readouterr().out
    assert (folder / ".env").read_text("utf-8") == "A=<yours>\nB='{\"one\": 1}'\n"


@pytest.mark.parametrize("azure", [away, Azure({"A_KEY": "s"}), Azure({"A": "1\nB=2"})])
def test_a_secret_a_second_line_or_no_answer_writes_nothing(
    folder: Path, azure: Any, capsys: pytest.CaptureFixture[str]
) -> None:
    assert write(folder, azure) == 1
    assert capsys.readouterr().err.startswith("error: ")
    assert not (folder / ".env").exists()
