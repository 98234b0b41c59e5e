"""Show a plan, ask, execute it with progress, and tell what came of it; shared by apply and destroy."""

from __future__ import annotations

import os
import sys
from pathlib import Path
from typing import TYPE_CHECKING

from coe_scaffold.cli.output import confirm, emit, notice, say

if TYPE_CHECKING:
    from coe_scaffold.cli.context import Workplace
    from coe_scaffold.cloud.session import Session
    from coe_scaffold.execution import RunOutcome
    from coe_scaffold.model.plan import Plan
    from coe_scaffold.ports import FileStore


def read_plan(path: Path, files: FileStore) -> Plan:
    """Return a plan from its file; raise ConfigError when it is none."""
    from coe_scaffold.planning.codec import loads

    return loads(files.read(path).decode("utf-8", errors="replace"), file=str(path))


def apply_and_show(
    place: Workplace, session: Session, plan: Plan, *, yes: bool, ask: bool, output: str
) -> RunOutcome | None:
    """Execute a plan after confirmation and print what it made; None when there was nothing to change.

    Raises BlockedError, UsageError (nobody to ask), PartialApplyError or CloudError; KeyboardInterrupt
    comes with a notice of how to go on.
    """
    from coe_scaffold.operations.apply import refuse_blocked
    from coe_scaffold.report import outcome as outcome_view
    from coe_scaffold.report import plan as plan_view
    from coe_scaffold.report.style import wants_colour

    refuse_blocked(plan)
    if not plan.writes:
        if output == "json":
            emit({"format": outcome_view.FORMAT, "environment": plan.environment, "run": None, "exitCode": 0})
        else:
            say(f"Nothing to change in {plan.environment}.")
        return None
    if not yes:
        notice(plan_view.text(plan, colour=wants_colour(sys.stderr, os.environ)))
    confirm(f"Apply {len(plan.writes)} steps to {plan.environment} on {plan.cloud}?", yes=yes, ask=ask)
    result = execute_with_progress(place, session, plan)
    if output == "json":
        emit(outcome_view.document(result))
    else:
        following = (
            f"coe plan --env {plan.environment}",
            f"coe drift --env {plan.environment}",
            "coe report",
        )
        colour = wants_colour(sys.stdout, os.environ)
        say(outcome_view.text(result, next_commands=following, colour=colour))
    return result


def execute_with_progress(place: Workplace, session: Session, plan: Plan) -> RunOutcome:
    """Execute a plan while its progress shows on stderr; an interrupt tells how to go on."""
    from coe_scaffold.execution import Ports
    from coe_scaffold.operations.apply import apply_plan
    from coe_scaffold.report.progress import progress

    ports = Ports(session.deployer, session.access)
    try:
        with progress(plan) as on_event:
            return apply_plan(
                plan, ports, clock=place.clock, files=place.files, runs=place.runs, on_event=on_event
            )
    except KeyboardInterrupt:
        notice(f"The journal is in {place.runs}. To go on: coe apply --env {plan.environment}")
        raise
