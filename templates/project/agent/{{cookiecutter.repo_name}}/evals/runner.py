"""Run the cases with the planner that PROVIDER chooses, always on the sample shop: nothing real changes."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

from {{ cookiecutter.package_name }}.agent import Agent, Run
from {{ cookiecutter.package_name }}.cloud.planning import parameters
from {{ cookiecutter.package_name }}.local.business import FileShop
from {{ cookiecutter.package_name }}.settings import Settings
from {{ cookiecutter.package_name }}.trace import Trace
from {{ cookiecutter.package_name }}.users import User
from {{ cookiecutter.package_name }}.wiring import agent as wire

from .cases import Case, golden, redteam
from .evaluation import Asked, Checked, Evaluation
from .metrics import Outcome, failures, measure
from .prompt_rules import kept

_ASKING = User("evaluation", frozenset())
_DECIDING = User("evaluation-approver", frozenset())


def evaluate(settings: Settings, agent: Agent | None = None) -> Evaluation:
    """Return the evaluation of all cases; each starts with the shop as it is in ``data/``."""
    helper = agent or wire(settings, key=b"evaluation")
    folder = settings.home / "evals"
    cases = (*golden(folder / "data" / "golden.jsonl"), *redteam(folder / "redteam" / "cases.yaml"))
    outcomes = [outcome(helper, settings, case) for case in cases]
    return Evaluation(
        {"prompt_rules": kept(settings.home), **measure(outcomes)},
        tuple(Checked(o.case.id, o.case.category, tuple(failures(o))) for o in outcomes),
        {
            "provider": settings.provider,
            "planner": helper.planner.name,
            "tools version": helper.toolbox.version,
            "prompt version": helper.prompt_version,
        },
        asked=asked(outcomes),
    )


def asked(outcomes: Sequence[Outcome]) -> tuple[Asked, ...]:
    """Return what a judge is asked: every golden task, as a conversation with its calls."""
    found = []
    for item in (o for o in outcomes if o.case.category == "golden"):
        case, calls = item.case, tool_calls(item.run)
        definitions = [
            {"name": tool.name, "description": tool.purpose, "parameters": parameters(tool)}
            for tool in item.tools.values()
        ]
        query = [{"role": "user", "content": [{"type": "text", "text": case.task}]}]
        both = {"query": query, "response": messages(item.run), "tool_definitions": definitions}
        found += [Asked("intent_resolution", case.id, both), Asked("task_adherence", case.id, both)]
        if calls:
            given = {"query": case.task, "tool_calls": calls, "tool_definitions": definitions}
            found.append(Asked("tool_call_accuracy", case.id, given))
    return tuple(found)


def tool_calls(run: Run) -> list[dict[str, Any]]:
    """Return the calls of a run as azure-ai-evaluation spells them."""
    return [
        {
            "type": "tool_call",
            "tool_call_id": f"call_{number}",
            "name": step.call.tool,
            "arguments": dict(step.call.arguments),
        }
        for number, step in enumerate(run.steps)
    ]


def messages(run: Run) -> list[dict[str, Any]]:
    """Return a run as the messages of its assistant and its tools."""
    found: list[dict[str, Any]] = []
    for call, step in zip(tool_calls(run), run.steps, strict=True):
        data = {"outcome": step.outcome, "data": step.result}
        content = [{"type": "tool_result", "tool_result": data}]
        found += [
            {"role": "assistant", "content": [call]},
            {"role": "tool", "tool_call_id": call["tool_call_id"], "content": content},
        ]
    answer = {"role": "assistant", "content": [{"type": "text", "text": run.answer}]}
    return [*found, answer]


def outcome(agent: Agent, settings: Settings, case: Case) -> Outcome:
    """Run one case on a fresh shop, deciding as the case says."""
    shop = FileShop(settings.home / "data")
    worker = replace(agent, business=shop, trace=Trace(_quiet))
    run: Run = worker.start(_ASKING, case.task)
    while run.state == "waiting":
        run = worker.decide(run, _DECIDING, approve=case.approve)
    return Outcome(case, run, worker.toolbox.tools, tuple(name for name, _ in shop.changes))


def _quiet(line: str) -> None:
    """Evaluation runs are no work: they stay out of the trace."""
