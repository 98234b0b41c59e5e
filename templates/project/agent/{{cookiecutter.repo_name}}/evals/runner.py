"""Run the cases with the planner that PROVIDER chooses, always on the sample shop: nothing real changes."""

from __future__ import annotations

from dataclasses import replace

from {{ cookiecutter.package_name }}.agent import Agent, Run
from {{ cookiecutter.package_name }}.local.business import FileShop
from {{ cookiecutter.package_name }}.settings import Settings
from {{ cookiecutter.package_name }}.trace import Trace
from {{ cookiecutter.package_name }}.users import User
from {{ cookiecutter.package_name }}.wiring import agent as wire

from .cases import Case, golden, redteam
from .evaluation import Checked, Evaluation
from .metrics import Outcome, failures, measure

_ASKING = User("evaluation", frozenset())
_DECIDING = User("evaluation-approver", frozenset())


def evaluate(settings: Settings, agent: Agent | None = None) -> Evaluation:
    """Return the evaluation of all cases; each starts with the shop as it is in ``data/``."""
    helper = agent or wire(settings, key=b"evaluation")
    folder = settings.home / "evals"
    cases = (*golden(folder / "data" / "golden.jsonl"), *redteam(folder / "redteam" / "cases.yaml"))
    outcomes = [outcome(helper, settings, case) for case in cases]
    return Evaluation(
        measure(outcomes),
        tuple(Checked(o.case.id, o.case.category, tuple(failures(o))) for o in outcomes),
        {
            "provider": settings.provider,
            "planner": helper.planner.name,
            "tools version": helper.toolbox.version,
            "prompt version": helper.prompt_version,
        },
    )


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
