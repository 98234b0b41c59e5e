"""Independent judges of generated repositories: hadolint on Dockerfiles, actionlint on workflows."""

from __future__ import annotations

import json
import shutil
import subprocess
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from coe_scaffold.scaffold.manifest import kinds
from coe_scaffold.scaffold.project import render_project
from coe_scaffold.scaffold.tree import FileTree
from tests.fakes.workspace import project, settings
from tests.judges.judging import ROOT, required
from tests.templates.project.conftest import TODAY

HADOLINT = ROOT / ".venv-judges" / "bin" / "hadolint"
ACTIONLINT = (
    ROOT / ".venv-judges" / "node_modules" / "@tktco" / "node-actionlint" / "bin" / "node-actionlint.js"
)
WORKFLOWS = ".github/workflows/"


def rendered() -> Iterator[tuple[str, FileTree]]:
    for manifest in kinds():
        yield manifest.id, render_project(settings(), project(kind=manifest.id), today=TODAY)


def needs(judge: Path, *, may_lack: bool = False) -> None:
    if not judge.is_file():
        assert may_lack or not required(), f"{judge.name} is missing: make judges"
        pytest.skip(f"{judge.name} is not installed: make judges")


def hadolint(text: str) -> list[dict[str, Any]]:
    command = [str(HADOLINT), "--format", "json", "-"]
    found: list[dict[str, Any]] = json.loads(
        subprocess.run(command, input=text, capture_output=True, text=True, check=False).stdout
    )
    return found


def actionlint(folder: Path) -> str:
    command = ["node", str(ACTIONLINT), f"*/{WORKFLOWS}*.y*ml"]
    return subprocess.run(command, cwd=folder, capture_output=True, text=True, check=False).stdout


def test_dockerfiles_have_no_findings() -> None:
    needs(HADOLINT)
    for kind, tree in rendered():
        text = tree.text("Dockerfile")
        assert hadolint(text) == [], kind
        assert "DL3007" in {
            item["code"] for item in hadolint(text.replace(":3.12.11-slim-bookworm", ":latest"))
        }


def test_workflows_have_no_findings(tmp_path: Path) -> None:
    needs(ACTIONLINT, may_lack=shutil.which("node") is None or shutil.which("npm") is None)
    count = 0
    for kind, tree in rendered():
        for path in (path for path in tree.files if path.startswith(WORKFLOWS)):
            (tmp_path / kind / path).parent.mkdir(parents=True, exist_ok=True)
            (tmp_path / kind / path).write_bytes(tree.files[path])
            count += 1
    said = actionlint(tmp_path)
    assert f"Checking {count} workflow file(s)" in said
    assert "passed lint checks" in said, said
    bad = tmp_path / "ml" / WORKFLOWS / "promote.yaml"
    bad.write_text(bad.read_text("utf-8").replace("needs: candidate", "needs: nobody"), "utf-8")
    assert 'needs job "nobody"' in actionlint(tmp_path)
