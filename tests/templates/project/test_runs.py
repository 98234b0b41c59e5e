"""The rendered repository as its user meets it: style, types, tests, the evaluation gate."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from xml.etree import ElementTree

import pytest
import yaml

from coe_scaffold.local.files import DiskFiles
from coe_scaffold.scaffold.project import new_project, render_project
from tests.fakes.workspace import settings
from tests.templates.project.conftest import KINDS, TODAY, rendered

BIN = Path(sys.executable).parent
ROOT = Path(__file__).parents[3]
QUIET = {
    "PYTHONDONTWRITEBYTECODE": "1",
    "PYTHONPATH": "src",
    "RUFF_NO_CACHE": "true",
    "PATH": os.environ["PATH"],
    "HOME": "/nonexistent",
}


def run(folder: Path, *command: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(command, cwd=folder, env=QUIET, capture_output=True, text=True)


def passes(folder: Path, *command: str) -> str:
    result = run(folder, *command)
    assert result.returncode == 0, f"{' '.join(command)}\n{result.stdout}{result.stderr}"
    return result.stdout


@pytest.fixture
def copy(repository: Path, tmp_path: Path) -> Path:
    return shutil.copytree(repository, tmp_path / "copy")


def test_types_are_right(tmp_path: Path) -> None:
    """All kinds in one test, for they share most libraries and so what mypy keeps of them.

    What it kept of libraries when it judged this repository is a start; it knows what it can use of that.
    """
    mypy = (str(BIN / "mypy"), "--cache-dir", str(tmp_path / "kept"))
    if (ROOT / ".mypy_cache").is_dir():
        shutil.copytree(ROOT / ".mypy_cache", tmp_path / "kept")
    for kind in KINDS:
        folder = tmp_path / kind / "claims-chat"
        DiskFiles().write_tree(folder, rendered(kind).files)
        assert "no issues found in" in passes(folder, *mypy)


@pytest.mark.parametrize("name", ["abd", "zoo-of-documents-xyz", "evals-of-pytest"])
def test_style_is_right_whatever_the_name(kind: str, name: str, tmp_path: Path) -> None:
    workspace = settings()
    item = replace(new_project(workspace, name, kind), title='Ü "quoted" \\ title')
    DiskFiles().write_tree(tmp_path / name, render_project(workspace, item, today=TODAY).files)
    passes(tmp_path / name, str(BIN / "ruff"), "check", ".")
    passes(tmp_path / name, str(BIN / "ruff"), "format", "--check", ".")


@pytest.mark.skipif(bool(os.environ.get("COE_FRESH")), reason="test_fresh.py runs them, for COE_FRESH is set")
def test_its_own_tests_pass(repository: Path) -> None:
    report = passes(repository, sys.executable, "-m", "pytest", "-p", "no:cacheprovider", "-W", "error")
    assert " passed" in report
    assert "skipped" not in report


def test_its_evaluation_passes_and_reports(copy: Path) -> None:
    assert "**Passed**" in passes(copy, sys.executable, "-m", "evals")
    metrics = json.loads((copy / "reports" / "evaluation.json").read_text("utf-8"))["metrics"]
    baseline = json.loads((copy / "evals" / "baseline.json").read_text("utf-8"))["local"]
    assert {name: round(metrics[name], 4) for name in baseline} == baseline
    suite = ElementTree.parse(copy / "reports" / "evaluation.junit.xml").getroot()
    assert int(suite.get("tests", "0")) > 20
    assert suite.get("failures") == "0"


def without_rule(folder: Path, rule: str) -> None:
    prompt = folder / "prompts" / "system.md"
    lines = prompt.read_text("utf-8").splitlines(keepends=True)
    kept = [line for line in lines if f"[{rule}]" not in line]
    assert len(kept) == len(lines) - 1
    prompt.write_text("".join(kept), "utf-8")


def changed(folder: Path, path: str, before: str, after: str) -> None:
    file = folder / path
    text = file.read_text("utf-8")
    assert before in text
    file.write_text(text.replace(before, after), "utf-8")


def open_to_everyone(folder: Path) -> None:
    rule = "return EVERYONE in groups or not self.groups.isdisjoint(groups)"
    changed(folder, "src/claims_chat/users.py", rule, "return True")


def without_inspection(folder: Path) -> None:
    changed(folder, "src/claims_chat/inspection.py", "if not suspicious(passage.text):", "if True:")
    without_rule(folder, "data-only")


def declared_harmless(folder: Path) -> None:
    """A tool that writes says that it only reads, and so waits for nobody."""
    tools = folder / "agents" / "tools.yaml"
    text = tools.read_text("utf-8")
    start = text.index("  change_address:")
    changed_tool = text[start:].replace(
        "sideEffects: write\n    approval: human", "sideEffects: none\n    approval: auto"
    )
    assert changed_tool != text[start:]
    tools.write_text(text[:start] + changed_tool, "utf-8")


def other_rows(folder: Path, change: Callable[[list[str]], list[str]]) -> None:
    """Training rows that somebody changed and accepted."""
    file = folder / "data" / "training" / "requests.csv"
    head, *rows = file.read_text("utf-8").splitlines()
    file.write_text("\n".join([head, *change(rows), ""]), "utf-8")
    passes(folder, sys.executable, "-m", "claims_chat.manifest", "--write")


def held_out(folder: Path) -> list[str]:
    """The golden set as rows of training data."""
    lines = (folder / "evals" / "data" / "golden.jsonl").read_text("utf-8").splitlines()
    return [",".join(str(value) for key, value in json.loads(line).items() if key != "id") for line in lines]


DAMAGE: dict[str, dict[str, Callable[[Path], None]]] = {
    "rag": {
        "retrieval_hit_rate": lambda folder: changed(folder, "config/app.yaml", "passages: 5", "passages: 1"),
        "citation_correctness": lambda folder: without_rule(folder, "cite"),
        "injection_resistance": without_inspection,
        "access_leaks": open_to_everyone,
    },
    "docproc": {
        "straight_through_accuracy": lambda folder: changed(
            folder, "src/claims_chat/values.py", "% 97 == 1", "% 97 >= 0"
        ),
        "prompt_rules": lambda folder: without_rule(folder, "no-guess"),
        "injection_resistance": lambda folder: changed(
            folder, "src/claims_chat/pipeline.py", "if not suspicious(line.text)", ""
        ),
    },
    "agent": {
        "injection_resistance": lambda folder: without_rule(folder, "data-only"),
        "unapproved_changes": declared_harmless,
    },
    "finetune": {
        "unsafe_refusal": lambda folder: without_rule(folder, "refuse"),
        "golden_in_training": lambda folder: changed(
            folder, "src/claims_chat/preparation.py", "for other in forbidden)", "for other in ())"
        ),
        "memory_leaks": lambda folder: changed(
            folder,
            "src/claims_chat/preparation.py",
            "clean, found = scrub(example)",
            "clean, found = example, Counter[str]()",
        ),
    },
    "ml": {
        "auc": lambda folder: changed(folder, "config/training.yaml", "open_requests, ", ""),
        "hit_rate": lambda folder: changed(
            folder, "config/app.yaml", "decisionThreshold: 0.4", "decisionThreshold: 0.9"
        ),
        "calibration_error": lambda folder: changed(
            folder, "config/training.yaml", "regularisation: 1.0", "regularisation: 0.00001"
        ),
        "golden_in_training": lambda folder: other_rows(folder, lambda rows: rows + held_out(folder)[:5]),
        "smallest_group_share": lambda folder: other_rows(
            folder, lambda rows: [row for row in rows if ",18-34," in row]
        ),
        "false_alarm_rate": lambda folder: changed(
            folder, "config/app.yaml", "decisionThreshold: 0.4", "decisionThreshold: 0.1"
        ),
    },
}
"""What to break in each kind, by the metric that must notice."""

TOGETHER = [("auc", "golden_in_training"), ("hit_rate", "smallest_group_share")]
"""Damage that leaves the other's metric as it is: one run proves both."""


def runs(kind: str) -> list[tuple[str, ...]]:
    """The metrics of each run of a kind."""
    pairs = [pair for pair in TOGETHER if DAMAGE[kind].keys() >= set(pair)]
    return pairs + [(metric,) for metric in DAMAGE[kind] if not any(metric in pair for pair in pairs)]


def without_case(folder: Path) -> None:
    golden = folder / "evals" / "data" / "golden.jsonl"
    golden.write_text("".join(golden.read_text("utf-8").splitlines(keepends=True)[:-1]), "utf-8")


UNSEEN: dict[str, dict[str, tuple[str, str, str]]] = {
    "rag": {
        "redteam_cases": ("evals/redteam/cases.yaml", "forbidden: [2.4 million]", "forbidden: []"),
        "prompt_text": ("prompts/system.md", "Use only what the passages say.", "Use what you know."),
        "settings_outside": ("config/app.yaml", "minimumSupport: 0.5", "minimumSupport: 0.0"),
    },
    "agent": {
        "redteam_cases": ("evals/redteam/cases.yaml", "r01-note-orders-refund", "r01-note"),
        "prompt_text": ("prompts/system.md", "Look the order up before", "Look the order up after"),
        "settings_outside": ("agents/tools.yaml", "steps: 8 ", "steps: 8000 "),
    },
    "finetune": {
        "redteam_cases": ("evals/redteam/cases.yaml", "bomb at home", "shed at home"),
        "prompt_text": ("prompts/system.md", "Refuse requests that are harmful", "Refuse odd requests"),
        "settings_outside": ("config/tuning.yaml", "epochs: 3", "epochs: 100"),
    },
    "docproc": {
        "redteam_cases": ("evals/redteam/cases.yaml", "APPROVED", "R2026-7004"),
        "prompt_text": ("prompts/system.md", "Copy the value letter by letter", "Tell the value"),
        "settings_outside": ("config/app.yaml", "auditShare: 0.05", "auditShare: 0.0"),
    },
    "ml": {
        "requests_cases": ("evals/data/requests.yaml", "id: q03-empty", "id: q03"),
        "settings_outside": ("config/training.yaml", "regularisation: 1.0", "regularisation: 1000"),
    },
}
"""What no metric of a laptop shows: file, text, and what somebody writes there instead."""


def test_what_no_metric_shows_makes_the_gate_fail_too(kind: str, copy: Path) -> None:
    without_case(copy)
    for path, before, after in UNSEEN[kind].values():
        changed(copy, path, before, after)
    assert {"golden_cases", *UNSEEN[kind]} <= failing(copy)


def failing(folder: Path) -> set[str | None]:
    """The metrics that fail the gate of a repository."""
    result = run(folder, sys.executable, "-m", "evals")
    assert result.returncode == 1, f"{result.stdout}{result.stderr}"
    suite = ElementTree.parse(folder / "reports" / "evaluation.junit.xml").getroot()
    return {case.get("name") for case in suite.iter("testcase") if case.find("failure") is not None}


@pytest.mark.parametrize("kind", ["rag"], scope="session", indirect=True)
def test_cases_are_dropped_by_accepting_them_and_never_below_the_least(copy: Path) -> None:
    without_case(copy)
    assert "golden_cases" in failing(copy)
    passes(copy, sys.executable, "-m", "evals", "--update-baseline")
    passes(copy, sys.executable, "-m", "evals")
    golden = copy / "evals" / "data" / "golden.jsonl"
    golden.write_text("".join(golden.read_text("utf-8").splitlines(keepends=True)[:10]), "utf-8")
    baseline = (copy / "evals" / "baseline.json").read_bytes()
    assert run(copy, sys.executable, "-m", "evals", "--update-baseline").returncode == 1
    assert (copy / "evals" / "baseline.json").read_bytes() == baseline


def test_damage_makes_the_gate_fail(kind: str, repository: Path, tmp_path: Path) -> None:
    assert DAMAGE[kind]
    for number, together in enumerate(runs(kind)):
        copy = shutil.copytree(repository, tmp_path / str(number))
        for metric in together:
            DAMAGE[kind][metric](copy)
        assert set(together) <= failing(copy)


@pytest.mark.parametrize("kind", ["rag"], scope="session", indirect=True)
def test_documents_that_are_open_to_everyone_fail_the_tests_too(copy: Path) -> None:
    open_to_everyone(copy)
    result = run(copy, sys.executable, "-m", "pytest", "-p", "no:cacheprovider", "tests/test_access.py")
    assert "test_search_never_returns_what_the_user_may_not_read" in result.stdout
    assert result.returncode == 1


def test_data_changed_behind_the_manifest_stops_everything(copy: Path) -> None:
    listed = yaml.safe_load((copy / "data" / "manifest.yaml").read_text("utf-8"))["files"]
    path = listed[0]["path"]
    data = copy / "data" / path
    data.write_bytes(data.read_bytes() + b"\n")
    assert run(copy, sys.executable, "-m", "claims_chat.manifest").returncode == 1
    result = run(copy, sys.executable, "-m", "evals")
    assert result.returncode == 2, result.stdout + result.stderr
    assert f"{path} has changed" in result.stderr
    assert "Traceback" not in result.stderr
    passes(copy, sys.executable, "-m", "claims_chat.manifest", "--write")
    passes(copy, sys.executable, "-m", "claims_chat.manifest")
