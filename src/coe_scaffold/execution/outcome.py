"""What a run came to: what was made, what failed and why, and the exit code that says so."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime

from coe_scaffold.errors import CloudError, PartialApplyError
from coe_scaffold.model.journal import Entry, Event
from coe_scaffold.model.plan import HELD_KINDS, Action, Plan, Step, StepKind
from coe_scaffold.model.resources import ChangeType
from coe_scaffold.model.scope import Scope, ScopeKind

_GROUP = "microsoft.resources/resourcegroups"


@dataclass(frozen=True)
class Failure:
    """A step that failed: one line of cause, one of fix. ``detail`` is the rest, for ``--debug``."""

    step: str
    title: str
    cause: str
    fix: str
    code: str = ""
    detail: str = ""
    correlation_id: str = ""


@dataclass(frozen=True)
class RunOutcome:
    """What a run did. ``assignments`` counts those made, by CoE function; ``skipped`` are titles by id.

    ``created`` are the ids the run brought into being; ``groups`` and ``types`` tell what its
    deployments deployed: all of a successful one, what is new of a failed one. ``seconds`` is how long it
    took from the first entry to the last. ``left_out`` are titles of what was not tried, because the caller
    may not do it.
    """

    run: str
    environment: str
    succeeded: tuple[str, ...] = ()
    failures: tuple[Failure, ...] = ()
    skipped: Mapping[str, str] = field(default_factory=dict, hash=False)
    created: tuple[Scope, ...] = ()
    groups: tuple[str, ...] = ()
    types: Mapping[str, int] = field(default_factory=dict, hash=False)
    assignments: Mapping[str, int] = field(default_factory=dict, hash=False)
    removed: tuple[str, ...] = ()
    seconds: float = 0.0
    left_out: tuple[str, ...] = ()

    @property
    def complete(self) -> bool:
        """Whether everything that was tried succeeded."""
        return not self.failures and not self.skipped

    @property
    def exit_code(self) -> int:
        """0 when everything is done, 1 when something failed and nothing was written, else 5."""
        if self.complete:
            return PartialApplyError.exit_code if self.left_out else 0
        return PartialApplyError.exit_code if self.succeeded or self.created else 1


def outcome(plan: Plan, entries: Iterable[Entry], *, run: str = "") -> RunOutcome:
    """Return what the entries of a run came to."""
    entries = tuple(entries)
    times = sorted(datetime.fromisoformat(entry.at) for entry in entries)
    final = {entry.step: entry for entry in entries if entry.event is not Event.PROGRESS}
    steps = {step.id: step for step in plan.steps}
    ended = [(steps[name], entry) for name, entry in final.items() if name in steps]
    done = [(step, entry) for step, entry in ended if entry.event is Event.SUCCEEDED]
    deployed = _deployed(ended)
    created = {Scope(path) for _, entry in ended for path in entry.created}
    return RunOutcome(
        run=run or next((entry.run for entry in final.values()), ""),
        environment=plan.environment,
        succeeded=tuple(sorted(step.id for step, _ in done)),
        failures=tuple(_failure(step, entry) for step, entry in ended if entry.event is Event.FAILED),
        skipped={step.id: step.title for step, entry in ended if entry.event is Event.SKIPPED},
        created=tuple(sorted(created)),
        groups=tuple(sorted(one.name for one in deployed if one.kind is ScopeKind.RESOURCE_GROUP)),
        types=_types(deployed),
        assignments=_assignments(done),
        removed=tuple(sorted(_removed(step for step, _ in done))),
        seconds=(times[-1] - times[0]).total_seconds() if times else 0.0,
    )


def raise_for(result: RunOutcome) -> None:
    """Return when everything that was tried succeeded.

    Raises PartialApplyError (exit code 5) when something was written, CloudError (1) when nothing was.
    """
    if result.complete:
        return
    count = len(result.failures)
    summary = f"{count} step{'s' if count != 1 else ''} failed"
    if result.skipped:
        summary += f", {len(result.skipped)} skipped because of {'it' if count == 1 else 'them'}"
    detail = "\n".join(_line(failure) for failure in result.failures)
    if result.exit_code == 1:
        only = result.failures[0] if result.failures else None
        raise CloudError(
            summary,
            detail=detail,
            fix=only.fix if only else "",
            code=only.code if only else "",
            correlation_id=only.correlation_id if only else "",
        )
    raise PartialApplyError(
        f"{summary}; {len(result.succeeded)} succeeded and stand",
        detail=detail,
        fix=f"Remove the cause and run 'coe apply --env {result.environment}' again: it continues from here.",
    )


def _line(failure: Failure) -> str:
    code = f" [{failure.code}]" if failure.code else ""
    trace = f" (correlation id {failure.correlation_id})" if failure.correlation_id else ""
    fix = f"\n  fix: {failure.fix}" if failure.fix else ""
    return f"{failure.step}: {failure.cause}{code}{trace}{fix}"


def _removed(done: Iterable[Step]) -> Iterator[str]:
    """Yield what is gone: by a step of its own, or by the stack that no longer manages it."""
    for step in done:
        if step.action is Action.DELETE:
            yield step.title
        for change in step.changes:
            if change.change is ChangeType.DELETE:
                yield change.title or f"{change.resource.resource_type} {change.resource.name}"


def _failure(step: Step, entry: Entry) -> Failure:
    data = entry.data or {}
    return Failure(
        step=step.id,
        title=step.title,
        cause=" ".join(entry.detail.split()),
        fix=" ".join(data.get("fix", "").split()),
        code=data.get("code", ""),
        detail=data.get("detail", ""),
        correlation_id=data.get("correlationId", ""),
    )


def _deployed(ended: Iterable[tuple[Step, Entry]]) -> tuple[Scope, ...]:
    paths = {
        Scope(path)
        for step, entry in ended
        if step.kind is StepKind.DEPLOYMENT
        for path in (*(entry.data or {}).get("resources", ()), *entry.created)
    }
    return tuple(sorted(paths))


def _types(deployed: Iterable[Scope]) -> Mapping[str, int]:
    counts = Counter(one.resource_type for one in deployed if one.resource_type.lower() != _GROUP)
    return dict(sorted(counts.items(), key=lambda item: item[0].lower()))


def _assignments(done: Iterable[tuple[Step, Entry]]) -> Mapping[str, int]:
    made = Counter(
        step.function or "workload"
        for step, _ in done
        if step.kind in HELD_KINDS and step.action is not Action.DELETE
    )
    return dict(sorted(made.items()))
