"""Execute a plan, or refuse one that no longer fits what it was made from."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

from coe_scaffold.errors import BlockedError, StalePlanError
from coe_scaffold.execution import CONCURRENCY, Ports, RunOutcome, execute, outcome
from coe_scaffold.execution.journal import plan_path, reopen, start
from coe_scaffold.model.journal import Entry, Event
from coe_scaffold.model.plan import Action, Plan
from coe_scaffold.operations.runs import KnownRun
from coe_scaffold.planning.codec import dumps
from coe_scaffold.planning.digest import observed_digest, step_digest
from coe_scaffold.planning.undo import FOUND
from coe_scaffold.ports import Clock, FileStore


def refuse_blocked(plan: Plan) -> None:
    """Return when no finding forbids applying; raise BlockedError that names each one that does."""
    blocking = plan.blocking
    if blocking:
        count = len(blocking)
        raise BlockedError(
            f"{count} finding{'s' if count != 1 else ''} forbid{'s' if count == 1 else ''} applying",
            detail="\n".join(
                f"{finding.rule}: {finding.message} ({finding.location or finding.subject})"
                for finding in blocking
            ),
            fix=f"See 'coe check --env {plan.environment}' for fixes, or ask the owner for an exception.",
        )


def refuse_stale(reviewed: Plan, current: Plan) -> None:
    """Return when a reviewed plan still fits; raise StalePlanError that says what has moved."""
    moved = []
    if reviewed.inputs != current.inputs:
        moved.append("the files of the workspace")
    if reviewed.observed != current.observed:
        moved.append(f"what exists in {current.environment}")
    if (reviewed.cloud, reviewed.workspace) != (current.cloud, current.workspace):
        moved.append("the workspace or its cloud")
    if moved:
        raise StalePlanError(
            f"the plan is stale: {' and '.join(moved)} changed since it was made",
            fix=f"Make and review a new one: coe plan --env {current.environment} --out plan.json.",
        )
    altered = tuple(_altered(reviewed, current))
    if altered:
        raise StalePlanError(
            f"the plan file is not what was planned: {', '.join(altered[:5])} differ",
            detail="It was changed after it was made, or what it was judged by has changed since.",
            fix=f"Make and review a new one: coe plan --env {current.environment} --out plan.json.",
            code="COE-PLN-005",
        )


def _altered(reviewed: Plan, current: Plan) -> Iterator[str]:
    """Yield what a reviewed plan shows otherwise than it is, although nothing has moved."""
    shown, actual = (
        {step.id: step for step in plan.steps if step.action is not Action.FOREIGN}
        for plan in (reviewed, current)
    )
    for name in sorted(shown.keys() | actual.keys()):
        pair = shown.get(name), actual.get(name)
        if pair[0] is None or pair[1] is None or step_digest(pair[0]) != step_digest(pair[1]):
            yield f"step {name}"
    if observed_digest(reviewed.steps) != reviewed.observed:
        yield "what it says it found"
    found, true = (
        {(one.rule, one.subject, one.path, one.outcome, one.severity) for one in plan.findings}
        for plan in (reviewed, current)
    )
    if found != true:
        yield "its findings"


def apply_plan(
    plan: Plan,
    ports: Ports,
    *,
    clock: Clock,
    files: FileStore,
    runs: Path,
    on_event: Callable[[Entry], None],
    on_start: Callable[[str], None] = lambda run: None,
    undoes: str = "",
    again: str = "",
    concurrency: int = CONCURRENCY,
) -> RunOutcome:
    """Execute a plan with a journal in ``runs`` and return what it came to.

    The plan is kept beside the journal, for resume and undo; ``undoes`` and ``again`` are as its
    :class:`Run` tells them. ``on_start`` is told the run's id before
    anything is written. Raises BlockedError when a finding forbids applying; failures of steps are in the
    outcome (``execution.raise_for`` turns them into an error).
    """
    refuse_blocked(plan)
    journal = start(plan, files=files, clock=clock, folder=runs, undoes=undoes, again=again, text=dumps(plan))
    on_start(journal.run)
    entries = execute(plan, ports, clock, journal, on_event, concurrency)
    return outcome(plan, entries, run=journal.run)


def resume_plan(
    known: KnownRun,
    plan: Plan,
    ports: Ports,
    *,
    clock: Clock,
    files: FileStore,
    runs: Path,
    on_event: Callable[[Entry], None],
    on_start: Callable[[str], None] = lambda run: None,
    concurrency: int = CONCURRENCY,
) -> RunOutcome:
    """Go on with an earlier run: its journal is continued with what a new plan says is left.

    Raises StalePlanError when the files have changed since the run began, BlockedError as
    :func:`apply_plan` does.
    """
    refuse_blocked(plan)
    if known.run.inputs != plan.inputs:
        raise StalePlanError(
            f"the files of the workspace changed since run {known.run.id} began",
            fix=f"Start a new run with 'coe apply --env {plan.environment}', or set the files back.",
        )
    journal = reopen(runs / f"{known.run.id}.jsonl", files)
    attempt = len(known.plans) + 1
    files.write(plan_path(runs, journal.run, attempt), dumps(plan).encode(), private=True)
    on_start(journal.run)
    writing = {step.id for step in plan.writes}
    now = clock.now().isoformat()
    for step in known.open:
        if step not in writing:
            detail = "found done when the run was resumed"
            journal.append(Entry(journal.run, step, Event.SUCCEEDED, now, detail, data=FOUND))
    entries = execute(plan, ports, clock, journal, on_event, concurrency)
    return outcome(plan, entries, run=journal.run)
