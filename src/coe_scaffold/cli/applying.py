"""Show a plan, ask, execute it with progress, and tell what came of it; shared by apply, undo and destroy."""

from __future__ import annotations

import os
import sys
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

from coe_scaffold.cli.options import debugging
from coe_scaffold.cli.output import confirm, emit, notice, say

if TYPE_CHECKING:
    from coe_scaffold.cli.context import Workplace
    from coe_scaffold.cloud.session import Session
    from coe_scaffold.execution import RunOutcome
    from coe_scaffold.model.plan import Plan
    from coe_scaffold.model.settings import Settings
    from coe_scaffold.operations.plan import Planned
    from coe_scaffold.operations.runs import KnownRun
    from coe_scaffold.planning.recovery import OnDeleted
    from coe_scaffold.ports import FileStore


def read_plan(path: Path, files: FileStore) -> Plan:
    """Return a plan from its file; raise ConfigError when it is none."""
    from coe_scaffold.planning.codec import loads

    return loads(files.read(path).decode("utf-8", errors="replace"), file=str(path))


def first_environment(settings: Settings) -> str:
    """Return the first environment of coe.yaml, and say that nobody named one."""
    name = next(iter(settings.environments))
    notice(f"No --env: {name}.")
    return name


def on_deleted(*, recover: bool, purge: bool) -> OnDeleted:
    """Return what two flags choose for deleted resources; raise UsageError for both at once."""
    from coe_scaffold.errors import UsageError
    from coe_scaffold.planning.recovery import OnDeleted

    if recover and purge:
        raise UsageError("--recover-deleted and --purge exclude each other", fix="Give one of them.")
    if recover:
        return OnDeleted.RECOVER
    return OnDeleted.PURGE if purge else OnDeleted.KEEP


def make_current_plan(
    place: Workplace, session: Session, environment: str, deleted: OnDeleted | None = None
) -> Planned:
    """Return the plan of an environment against what its cloud holds now, and what it was made from.

    ``deleted`` says what is done with deleted resources that hold a name; by default nothing.
    """
    from coe_scaffold.operations.plan import make_plan
    from coe_scaffold.operations.recovery import with_deleted
    from coe_scaffold.operations.tenant_policies import with_policies
    from coe_scaffold.planning.recovery import OnDeleted

    planned = make_plan(
        place.settings, environment, compiler=place.compiler, clock=place.clock, observer=session.observer
    )
    planned = with_deleted(place.settings, planned, session.inspector, deleted or OnDeleted.KEEP)
    return with_policies(place.settings, planned, session.inspector, place.clock)


def plan_to_resume(place: Workplace, session: Session, known: KnownRun) -> Planned:
    """Return the plan of what a run has left to do; its deployments that still go on are awaited first."""
    from coe_scaffold.operations.undo import deployments_of
    from coe_scaffold.planning.recovery import choice_of

    for deployment in deployments_of(known):
        session.deployer.settle(deployment)
    return make_current_plan(place, session, known.run.environment, choice_of(known.plans[0]))


@dataclass(frozen=True)
class Manner:
    """How a plan is applied: whether to ask and how to tell, and which run it resumes or undoes.

    ``again`` is the command that goes on when that does not end, empty for ``coe apply --resume``.

    ``accept_out_of_sync`` deploys stacks although ARM warns that their lists may be wrong.
    ``reviewed`` is a plan that a file holds: with ``yes`` it is not shown again.
    ``deleted`` is what is done with deleted resources that hold a name. ``left_out`` are titles of what the
    caller may not do and the plan therefore does not hold.
    """

    yes: bool
    ask: bool
    output: str = "text"
    note: Callable[[str], None] = field(default=lambda run: None, hash=False)
    resumes: KnownRun | None = None
    undoes: str = ""
    again: str = ""
    reviewed: bool = False
    accept_out_of_sync: bool = False
    deleted: OnDeleted | None = None
    left_out: tuple[str, ...] = ()
    emit: Callable[[Mapping[str, Any]], None] = field(default=emit, hash=False)


def apply_and_show(place: Workplace, session: Session, plan: Plan, manner: Manner) -> RunOutcome | None:
    """Execute a plan after confirmation and print what it made; None when there was nothing to change.

    Raises BlockedError, UsageError (nobody to ask), PartialApplyError or CloudError; KeyboardInterrupt
    comes with a notice of how to go on.
    """
    from coe_scaffold.operations.apply import refuse_blocked
    from coe_scaffold.planning.stacks import accepting_out_of_sync
    from coe_scaffold.report import outcome as outcome_view
    from coe_scaffold.report import plan as plan_view
    from coe_scaffold.report.style import wants_colour

    refuse_blocked(plan)
    if manner.accept_out_of_sync:
        plan = accepting_out_of_sync(plan)
    if not plan.writes and manner.resumes is None:
        if manner.output == "json":
            manner.emit(outcome_view.nothing(plan.environment, manner.left_out))
        else:
            say("\n".join([outcome_view.nothing_text(plan.environment, manner.left_out), *plan.notes]))
        return None
    if not (manner.yes and manner.reviewed):
        notice(plan_view.text(plan, colour=wants_colour(sys.stderr, os.environ)))
    question = f"Apply {len(plan.writes)} steps to {plan.environment} on {plan.cloud}?"
    confirm(question, yes=manner.yes, ask=manner.ask)
    result = replace(execute_with_progress(place, session, plan, manner), left_out=manner.left_out)
    if manner.output == "json":
        manner.emit(outcome_view.document(result))
    else:
        colour = wants_colour(sys.stdout, os.environ)
        following = _following(result, manner)
        say(outcome_view.text(result, next_commands=following, debug=debugging(), colour=colour))
    return result


def execute_with_progress(
    place: Workplace, session: Session, plan: Plan, manner: Manner | None = None
) -> RunOutcome:
    """Execute a plan while its progress shows on stderr; an interrupt tells how to go on."""
    from coe_scaffold.execution import Ports
    from coe_scaffold.operations.apply import apply_plan, resume_plan
    from coe_scaffold.report.progress import progress

    manner = manner or Manner(yes=True, ask=False)
    ports = Ports(session.deployer, session.access)
    try:
        with progress(plan) as on_event:
            if manner.resumes is not None:
                return resume_plan(
                    manner.resumes,
                    plan,
                    ports,
                    clock=place.clock,
                    files=place.files,
                    runs=place.runs,
                    on_event=on_event,
                    on_start=manner.note,
                    concurrency=place.settings.pace.concurrency,
                )
            return apply_plan(
                plan,
                ports,
                clock=place.clock,
                files=place.files,
                runs=place.runs,
                on_event=on_event,
                on_start=manner.note,
                undoes=manner.undoes,
                again=manner.again,
                concurrency=place.settings.pace.concurrency,
            )
    except KeyboardInterrupt:
        notice(f"The journal is in {place.runs}. To go on: {manner.again or _resuming(plan.environment)}")
        raise


def _resuming(environment: str) -> str:
    return f"coe apply --env {environment} --resume"


def _following(result: RunOutcome, manner: Manner) -> tuple[str, ...]:
    """Return the commands that make sense after a run."""
    if not result.complete and manner.again:
        return (manner.again, "coe runs")
    if not result.complete:
        return (_resuming(result.environment), f"coe undo {result.run}", "coe runs")
    return (f"coe plan --env {result.environment}", f"coe drift --env {result.environment}", "coe report")


def asked_for(
    place: Workplace, plan_file: Path | None, environment: str | None, manner: Manner, *, go_on: bool
) -> str | None:
    """Return which environment is to be applied; None for the latest run's.

    Raises UsageError when there is nothing to apply, and for options that contradict each other or the file.
    """
    from coe_scaffold.errors import UsageError
    from coe_scaffold.planning.recovery import OnDeleted

    if go_on and environment == "all":
        fix = "Name the environment; or give 'coe apply --env all' again: what is done stays."
        raise UsageError("--resume goes on with one run, not with all environments", fix=fix)
    if plan_file is None:
        if environment is None and not go_on:
            raise UsageError("there is nothing to apply", fix="Give a plan file, or --env.")
        return environment
    planned = read_plan(plan_file, place.files).environment
    if go_on:
        fix = f"coe apply --env {planned} --resume, without the file: the run has its plan."
        raise UsageError("--resume takes no plan file", fix=fix)
    if environment not in (None, planned):
        fix = f"Leave --env out to apply {planned}, or the file to apply {environment}."
        raise UsageError(f"{plan_file} is a plan of {planned}, not of {environment}", fix=fix)
    if manner.deleted is not OnDeleted.KEEP:
        fix = f"Give the option to 'coe plan --env {planned} --out {plan_file}'."
        raise UsageError("a plan file says itself what is recovered or purged", fix=fix)
    return planned


def apply_environments(
    place: Workplace, session: Session, environment: str, manner: Manner, *, plan_file: Path | None = None
) -> int:
    """Apply one environment, or with ``all`` each one in the order of coe.yaml until one fails.

    Returns the exit code; what is left to an administrator makes it that of a partial apply, and the next
    environment follows. Raises BlockedError when an environment asks for approvals that are not there.
    """
    from coe_scaffold.cli.limiting import allowed
    from coe_scaffold.operations.apply import refuse_blocked, refuse_stale
    from coe_scaffold.operations.approve import refuse_unapproved
    from coe_scaffold.operations.request import access_request, is_request, still_asked
    from coe_scaffold.planning.recovery import choice_of

    reviewed = read_plan(plan_file, place.files) if plan_file else None
    documents: list[Mapping[str, Any]] = []
    chosen = tuple(place.settings.environments) if environment == "all" else (environment,)
    each = replace(manner, emit=documents.append) if len(chosen) > 1 else manner
    code = 0
    for name in chosen:
        refuse_unapproved(place.settings, name, plan_file, files=place.files)
        deleted = choice_of(reviewed) if reviewed else manner.deleted
        planned = make_current_plan(place, session, name, deleted)
        if reviewed:
            if is_request(reviewed):
                planned = replace(planned, plan=access_request(planned.plan))
                reviewed = still_asked(reviewed, planned.plan)
            refuse_stale(reviewed, planned.plan)
        refuse_blocked(planned.plan)
        plan = allowed(place, session, planned)
        complete, ended = _apply_allowed(place, session, planned, plan, each)
        code = ended or code
        if not complete:
            break
    if len(chosen) > 1 and manner.output == "json":
        emit({"format": "coe-scaffold/apply-all/v1", "exitCode": code, "environments": documents})
    return code


def resume(place: Workplace, session: Session, environment: str | None, manner: Manner) -> int:
    """Go on with the latest run that was interrupted or failed; return the exit code."""
    from coe_scaffold.cli.limiting import allowed
    from coe_scaffold.operations.approve import approvals_wanted, refuse_other_steps
    from coe_scaffold.operations.runs import latest_resumable

    known = latest_resumable(place.runs, environment, place.files)
    planned = plan_to_resume(place, session, known)
    plan = allowed(place, session, planned)
    if approvals_wanted(place.settings, known.run.environment):
        refuse_other_steps(known.plans[0], plan)
    _, code = _apply_allowed(place, session, planned, plan, replace(manner, resumes=known))
    return code


def _apply_allowed(
    place: Workplace, session: Session, planned: Planned, plan: Plan, manner: Manner
) -> tuple[bool, int]:
    """Apply ``plan``, what the caller may do of ``planned``, and ask for the rest.

    Returns whether nothing failed, and the exit code.
    """
    from coe_scaffold.cli.limiting import ask_for_access
    from coe_scaffold.errors import PartialApplyError
    from coe_scaffold.planning.limited import left_out

    rest = left_out(planned.plan, plan)
    result = apply_and_show(place, session, plan, replace(manner, left_out=rest))
    complete = result is None or result.complete
    if rest and complete:
        ask_for_access(place, session, plan.environment)
        return True, PartialApplyError.exit_code
    return complete, result.exit_code if result else 0
