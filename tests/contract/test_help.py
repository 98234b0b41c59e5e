"""Every command has help with an example, is in the reference, and loads nothing heavy to show it."""

from __future__ import annotations

import importlib.util
import json
import re
import subprocess
import sys
from pathlib import Path

import click
import pytest

ROOT = Path(__file__).parents[2]
SCRIPT = ROOT / "docs" / "build_reference.py"
SPEC = importlib.util.spec_from_file_location("build_reference", SCRIPT)
assert SPEC
assert SPEC.loader
build_reference = importlib.util.module_from_spec(SPEC)
SPEC.loader.exec_module(build_reference)

COMMANDS = dict(build_reference.commands(build_reference.cli, "coe"))


@pytest.mark.parametrize("name", COMMANDS)
def test_every_command_explains_itself(name: str) -> None:
    command = COMMANDS[name]
    assert command.help
    assert re.search(r"Example: .*\bcoe ", command.epilog or "")
    for parameter in command.params:
        if isinstance(parameter, click.Option):
            assert parameter.help, f"{name}: {parameter.name} has no help"


def test_there_are_commands() -> None:
    assert len(COMMANDS) > 15


def test_the_reference_is_current(tmp_path: Path) -> None:
    subprocess.run([sys.executable, str(SCRIPT), str(tmp_path)], check=True)
    page = build_reference.TARGET.read_text(encoding="utf-8")
    assert page == (tmp_path / "cli.md").read_text(encoding="utf-8"), "run 'make docs'"
    assert page.count("-h, --help") == len(COMMANDS)


def test_the_catalogue_of_guardrails_is_current() -> None:
    page = build_reference.GUARDRAILS.read_text(encoding="utf-8")
    assert page == build_reference.guardrails(), "run 'make docs'"


def test_the_list_of_evidence_is_current() -> None:
    page = build_reference.EVIDENCE.read_text(encoding="utf-8")
    assert page == build_reference.evidence(), "run 'make docs'"
    assert page.count("\n### ") == 45


def test_the_keys_of_the_files_are_current() -> None:
    page = build_reference.SETTINGS.read_text(encoding="utf-8")
    assert page == build_reference.settings(), "run 'make docs'"
    for key in ("limits.capacity", "models.allowed[].capacity", "environments.<name>.budget.monthly"):
        assert f"| `{key}` |" in page


def test_help_loads_nothing_heavy() -> None:
    code = (
        "import json, sys\n"
        "from coe_scaffold.cli.main import run\n"
        "run(['--help'])\n"
        "print(json.dumps(sorted({name.split('.')[0] for name in sys.modules})), file=sys.stderr)\n"
    )
    result = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    loaded = set(json.loads(result.stderr.splitlines()[-1]))
    assert "click" in loaded
    assert not loaded & {
        "azure",
        "cookiecutter",
        "jinja2",
        "pydantic",
        "rich",
        "ruamel",
        "starlette",
        "uvicorn",
    }
