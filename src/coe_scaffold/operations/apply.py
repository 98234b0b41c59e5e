"""Execute a plan, or refuse one that no longer fits what it was made from."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from coe_scaffold.errors import BlockedError, StalePlanError
from coe_scaffold.execution import Ports, RunOutcome, execute, outcome
from coe_scaffold.execution.journal import start
from coe_scaffold.model.journal import Entry
from coe_scaffold.model.plan import Plan
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


def apply_plan(
    plan: Plan,
    ports: Ports,
    *,
    clock: Clock,
    files: FileStore,
    runs: Path,
    on_event: Callable[[Entry], None],
) -> RunOutcome:
    """Execute a plan with a journal in ``runs`` and return what it came to.

    Raises BlockedError before anything is written when a finding forbids it; failures of steps are in
    the outcome (``execution.raise_for`` turns them into an error).
    """
    refuse_blocked(plan)
    journal = start(plan, files=files, clock=clock, folder=runs)
    entries = execute(plan, ports, clock, journal, on_event)
    return outcome(plan, entries, run=journal.run)
