"""Every rule of the prompt is agreed on, and none can go unseen."""

from __future__ import annotations

import math
import shutil
from pathlib import Path

import pytest
import yaml

from {{ cookiecutter.package_name }}.prompts import load

from evals.prompt_rules import kept

ROOT = Path(__file__).parents[1]
RULES = sorted(load(ROOT / "prompts" / "system.md").rules)


@pytest.fixture
def home(tmp_path: Path) -> Path:
    for file in ("prompts/system.md", "evals/thresholds.yaml"):
        (tmp_path / file).parent.mkdir()
        shutil.copy(ROOT / file, tmp_path / file)
    return tmp_path


def test_every_rule_is_agreed_on(home: Path) -> None:
    document = yaml.safe_load((home / "evals" / "thresholds.yaml").read_text("utf-8"))
    assert sorted(document["promptRules"]) == RULES
    assert kept(home) == 1.0


@pytest.mark.parametrize("rule", RULES)
def test_a_rule_that_is_gone_is_missed(home: Path, rule: str) -> None:
    prompt = home / "prompts" / "system.md"
    lines = prompt.read_text("utf-8").splitlines(keepends=True)
    prompt.write_text("".join(line for line in lines if f"[{rule}]" not in line), "utf-8")
    assert kept(home) < 1.0


def test_where_nothing_is_agreed_on_nothing_passes(home: Path) -> None:
    (home / "evals" / "thresholds.yaml").write_text("metrics: {}\n", "utf-8")
    assert math.isnan(kept(home))
