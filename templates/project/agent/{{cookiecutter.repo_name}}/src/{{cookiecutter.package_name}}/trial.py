"""What ``/readyz`` tries: the task of ``config/smoke.yaml``, and the place of runs that wait."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

import yaml

from .agent import Agent, Run
from .readiness import Trial
from .runs import RunStore
from .settings import Settings
from .trace import Trace
from .users import User

_ASKING = User("smoke-test", frozenset())


def trials(settings: Settings, agent: Agent, runs: RunStore) -> Mapping[str, Trial]:
    """Return the trials of model, tools and content safety, and of the records; nothing is traced."""
    case = yaml.safe_load((settings.home / "config" / "smoke.yaml").read_text("utf-8"))
    quiet = replace(agent, trace=Trace(_quiet))
    return {
        "task": lambda: wrong(quiet.start(_ASKING, case["task"]), case["tool"]),
        "records": lambda: _reached(runs),
    }


def wrong(run: Run, tool: str) -> str:
    """Return what a run lacks that should look something up and say it."""
    if run.state != "done":
        return "waits for a person instead of an answer"
    if run.reason:
        return f"ended ({run.reason})"
    if tool not in {step.call.tool for step in run.steps if step.outcome == "done"}:
        return f"{tool} was not used, or failed"
    return "" if run.answer.strip() else "there is no answer"


def _reached(runs: RunStore) -> str:
    runs.waiting(most=1)
    return ""


def _quiet(line: str) -> None:
    """A trial is nobody's task: it stays out of the trace."""
