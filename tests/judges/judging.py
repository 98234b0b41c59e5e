"""Asks checkov, in a virtual environment of its own, what it thinks of templates."""

from __future__ import annotations

import json
import os
import subprocess
import tempfile
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

ROOT = Path(__file__).parents[2]
PYTHON = ROOT / ".venv-judges" / "bin" / "python"
WORKER = Path(__file__).with_name("checkov_worker.py")


@dataclass(frozen=True)
class Verdict:
    """What checkov said of one template; a record is (check id, ``type.name``)."""

    failed: frozenset[tuple[str, str]]
    passed: frozenset[tuple[str, str]]
    resources: int
    errors: tuple[str, ...]
    seconds: float


def available() -> bool:
    """Whether ``make judges`` was run here."""
    return PYTHON.is_file()


def required() -> bool:
    """Whether a missing judge is a failure: in CI it is."""
    return os.environ.get("COE_REQUIRE_JUDGES", "") == "1"


def judge(templates: Mapping[str, Mapping[str, Any]]) -> dict[str, Verdict]:
    """Return checkov's verdict on each flat template; raises when it could not run."""
    with tempfile.TemporaryDirectory() as folder:
        for name, template in templates.items():
            Path(folder, f"{name}.json").write_text(json.dumps(template, indent=1), encoding="utf-8")
        ran = subprocess.run(
            [str(PYTHON), str(WORKER), folder], capture_output=True, text=True, timeout=300, check=False
        )
    if ran.returncode != 0:
        raise AssertionError(f"checkov did not run: {ran.stderr[-2000:]}")
    return {
        name: Verdict(
            frozenset((check, resource) for check, resource in item["failed"]),
            frozenset((check, resource) for check, resource in item["passed"]),
            item["resources"],
            tuple(item["errors"]),
            item["seconds"],
        )
        for name, item in json.loads(ran.stdout).items()
    }
