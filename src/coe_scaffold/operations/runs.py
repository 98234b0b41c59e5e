"""The runs of a workspace: what each did, and whether it can be resumed or undone. Reads files only."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from enum import StrEnum
from pathlib import Path

from coe_scaffold.errors import UsageError
from coe_scaffold.execution.journal import Run, plan_paths, read, runs
from coe_scaffold.model.journal import Event
from coe_scaffold.model.plan import Plan
from coe_scaffold.model.scope import Scope
from coe_scaffold.planning.codec import loads
from coe_scaffold.planning.undo import made_by
from coe_scaffold.ports import FileStore


class RunState(StrEnum):
    """How a run ended, if it did."""

    DONE = "done"
    FAILED = "failed"
    INTERRUPTED = "interrupted"
    UNDONE = "undone"


@dataclass(frozen=True)
class KnownRun:
    """A run with its plans (one for each time it was resumed) and how it ended.

    ``made`` is what the run brought into being, as far as journal and plans can tell; ``left`` are the
    titles of the steps that have not succeeded, by step.
    """

    run: Run
    state: RunState
    plans: tuple[Plan, ...] = field(default=(), hash=False)
    made: tuple[Scope, ...] = ()
    left: Mapping[str, str] = field(default_factory=dict, hash=False)

    @property
    def open(self) -> tuple[str, ...]:
        """The ids of the steps that have not succeeded."""
        return tuple(self.left)

    @property
    def way_on(self) -> str:
        """The command that does what is left, empty when nothing is."""
        if self.state not in (RunState.FAILED, RunState.INTERRUPTED) or not self.plans:
            return ""
        return self.run.again or f"coe apply --env {self.run.environment} --resume"

    @property
    def resumable(self) -> bool:
        """Whether applying it can go on where it stopped."""
        return bool(self.way_on) and not self.run.again


def known_runs(folder: Path, files: FileStore) -> tuple[KnownRun, ...]:
    """Return the runs in a folder, oldest first. Raises CorruptStateError and ConfigError."""
    found = [_known(read(path, files), folder, files) for path in runs(folder)]
    undone = {one.run.undoes for one in found if one.run.undoes and one.state is RunState.DONE}
    return tuple(replace(one, state=RunState.UNDONE) if one.run.id in undone else one for one in found)


def find_run(folder: Path, run: str, files: FileStore) -> KnownRun:
    """Return one run by its id; raise UsageError that lists the known ones."""
    return find_with_later(folder, run, files)[0]


def find_with_later(folder: Path, run: str, files: FileStore) -> tuple[KnownRun, tuple[KnownRun, ...]]:
    """Return one run by its id, and those that began after it, oldest first; raise as :func:`find_run`."""
    known = known_runs(folder, files)
    for number, one in enumerate(known, 1):
        if one.run.id == run:
            return one, known[number:]
    names = ", ".join(one.run.id for one in known[-5:]) or "none yet"
    raise UsageError(f"there is no run '{run}' in {folder}", fix=f"The latest: {names}. See 'coe runs'.")


def latest_resumable(folder: Path, environment: str | None, files: FileStore) -> KnownRun:
    """Return the newest run that has something left to apply; raise UsageError when there is none.

    A run that another one of the same environment has followed and finished has nothing left to do, and
    one that removes is not applied.
    """
    where = f" of {environment}" if environment else ""
    new = f"'coe apply --env {environment or 'ENV'}'"
    ours = [one for one in known_runs(folder, files) if environment in (None, one.run.environment)]
    if not ours:
        raise UsageError(f"there is no run{where} to resume", fix=f"Start one with {new}.")
    latest = ours[-1]
    if latest.resumable:
        return latest
    if latest.way_on:
        raise UsageError(
            f"the latest run{where}, {latest.run.id}, removes and has not ended: applying cannot go on",
            fix=f"To go on removing: {latest.way_on}. To build up again: {new}.",
        )
    raise UsageError(
        f"there is no run{where} to resume: the latest one has nothing left to do",
        fix=f"Start a new one with {new}.",
    )


def baseline(folder: Path, when: str, environment: str, files: FileStore) -> KnownRun:
    """Return the run that ``when`` names: a run's id, or a date for the last one done by its end (UTC).

    Raises UsageError when there is none of the environment.
    """
    if not re.fullmatch(r"\d{4}-\d{2}-\d{2}", when):
        found = find_run(folder, when, files)
        if found.run.environment != environment:
            raise UsageError(
                f"run {when} was of {found.run.environment}, not of {environment}",
                fix=f"Ask for that environment alone: --env {found.run.environment}.",
            )
        return found
    done = [
        one
        for one in known_runs(folder, files)
        if one.run.environment == environment
        and one.state is RunState.DONE
        and not one.run.undoes
        and one.run.started[:10] <= when
    ]
    if not done:
        raise UsageError(f"no run of {environment} was done by {when}", fix="See 'coe runs'.")
    return done[-1]


def _known(run: Run, folder: Path, files: FileStore) -> KnownRun:
    plans = tuple(
        loads(files.read(path).decode("utf-8", errors="replace"), file=str(path))
        for path in plan_paths(folder, run.id)
    )
    final = {entry.step: entry.event for entry in run.entries if entry.event is not Event.PROGRESS}
    steps = {step.id: step.title for plan in plans for step in plan.writes}
    left = {name: title for name, title in steps.items() if final.get(name) is not Event.SUCCEEDED}
    failed = any(event in (Event.FAILED, Event.SKIPPED) for event in final.values())
    ended = all(event is not Event.STARTED for event in final.values()) and set(final) >= set(steps)
    state = RunState.DONE if plans and not left else RunState.INTERRUPTED
    if left and failed and ended:
        state = RunState.FAILED
    return KnownRun(run, state, plans, made_by(plans, run.entries), left)
