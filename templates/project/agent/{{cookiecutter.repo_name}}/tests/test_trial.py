"""The trial of every release: a golden case whose tool only reads, and only an answer passes."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest
import yaml

from {{ cookiecutter.package_name }}.agent import Agent
from {{ cookiecutter.package_name }}.local.records import SqliteRecords
from {{ cookiecutter.package_name }}.ports import Business, ToolError
from {{ cookiecutter.package_name }}.runs import RunStore
from {{ cookiecutter.package_name }}.settings import Settings
from {{ cookiecutter.package_name }}.trial import trials

from evals.cases import golden


class Closed(Business):
    """A system behind the tools that lets nobody in."""

    def call(self, tool: object, arguments: object) -> str:
        raise ToolError("403")


class Away(SqliteRecords):
    """Records that cannot be reached."""

    def names(self, prefix: str) -> tuple[str, ...]:
        raise ConnectionError("403")


def test_it_is_one_of_the_golden_cases_and_changes_nothing(
    settings: Settings, agent: Agent
) -> None:
    case = yaml.safe_load((settings.home / "config" / "smoke.yaml").read_text("utf-8"))
    tasks = [item.task for item in golden(Path(settings.home, "evals/data/golden.jsonl"))]
    assert case["task"] in tasks
    assert not agent.toolbox.tools[case["tool"]].writes


def test_only_an_answer_from_the_tool_passes(
    settings: Settings, agent: Agent, tmp_path: Path
) -> None:
    runs = RunStore(SqliteRecords(tmp_path / "runs.sqlite"))

    def said(helper: Agent) -> str:
        return trials(settings, helper, runs)["task"]()

    assert said(agent) == ""
    assert said(replace(agent, business=Closed())) == "find_order was not used, or failed"
    assert said(replace(agent, enabled=lambda: False)) == "ended (stopped)"
    with pytest.raises(ConnectionError):
        trials(settings, agent, RunStore(Away(tmp_path / "away.sqlite")))["records"]()
