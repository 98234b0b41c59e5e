"""What differs between the files and the cloud, read off a plan: infrastructure and access together."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from enum import StrEnum

from coe_scaffold.catalog import titles
from coe_scaffold.model.plan import HELD_KINDS, Action, Plan, Step, StepKind
from coe_scaffold.model.resources import ChangeType, PropertyChange, ResourceChange
from coe_scaffold.model.scope import Scope
from coe_scaffold.planning.access import BY_OTHERS
from coe_scaffold.planning.codec import printable_plan
from coe_scaffold.planning.companions import Kin

DRIFT_FORMAT = "coe-scaffold/drift/v1"


class DriftKind(StrEnum):
    """How the cloud differs from the files."""

    MISSING = "missing"
    CHANGED = "changed"
    EXTRA = "extra"


class Subject(StrEnum):
    """What differs."""

    RESOURCE = "resource"
    ASSIGNMENT = "assignment"
    ROLE = "role"
    ELIGIBILITY = "eligibility"
    TIME_BOUND = "time-bound"
    ACTIVATION = "activation"


@dataclass(frozen=True)
class DriftEntry:
    """One difference. ``step`` is the plan step that would repair it; extra resources have none.

    ``differences`` hold the value in the cloud as ``before`` and the files' as ``after``.
    """

    kind: DriftKind
    subject: Subject
    scope: Scope
    title: str
    reason: str
    function: str = ""
    step: str = ""
    differences: tuple[PropertyChange, ...] = ()


def drift(plan: Plan, governed: Mapping[str, tuple[str, ...]] | None = None) -> tuple[DriftEntry, ...]:
    """Return every difference, sorted by subject, place and kind; empty when cloud and files agree.

    ``governed`` are the groups of the function table, lower-case object id to functions. What others gave
    these is drift, although no step repairs it: this tool touches no assignment that it did not make. What
    others gave to others is none. Secrets are masked.
    """
    plan = printable_plan(plan)
    entries = (*_resources(plan), *_extra_resources(plan), *_access(plan), *_by_hand(plan, governed or {}))
    return tuple(sorted(entries, key=_order))


def since(entries: Iterable[DriftEntry], plans: Iterable[Plan]) -> tuple[DriftEntry, ...]:
    """Return the differences that arose after a run: of what its plans had settled, and what is extra.

    What the files declare only since then is not drift but work to be done, and left out.
    """
    settled: set[Scope] = set()
    steps: set[str] = set()
    for plan in plans:
        steps |= {step.id for step in plan.steps if step.action is not Action.DELETE}
        settled |= {
            change.resource
            for step in plan.steps
            for change in step.changes
            if change.change not in (ChangeType.IGNORE, ChangeType.UNSUPPORTED, ChangeType.DELETE)
        }
    return tuple(
        entry
        for entry in entries
        if entry.kind is DriftKind.EXTRA
        or (entry.scope in settled if entry.subject is Subject.RESOURCE else entry.step in steps)
    )


_RESOURCE_KINDS = {
    ChangeType.CREATE: DriftKind.MISSING,
    ChangeType.MODIFY: DriftKind.CHANGED,
    ChangeType.DEPLOY: DriftKind.CHANGED,
    ChangeType.DELETE: DriftKind.EXTRA,
    ChangeType.DETACH: DriftKind.EXTRA,
}


def _resources(plan: Plan) -> Iterator[DriftEntry]:
    for step in plan.steps:
        for change in step.changes:
            if change.change in _RESOURCE_KINDS:
                yield _resource(step, change, _RESOURCE_KINDS[change.change])


def _extra_resources(plan: Plan) -> Iterator[DriftEntry]:
    changes = [change for step in plan.steps for change in step.changes]
    known = Kin(change.resource for change in changes if change.change is not ChangeType.IGNORE)
    extra = {change.resource: change for change in changes if change.change is ChangeType.IGNORE}
    for resource, change in extra.items():
        if not known.includes(resource):
            yield DriftEntry(
                DriftKind.EXTRA,
                Subject.RESOURCE,
                resource,
                change.title or resource.name,
                change.reason or "in one of our resource groups, but in no template",
            )


def _resource(step: Step, change: ResourceChange, kind: DriftKind) -> DriftEntry:
    reasons = {
        DriftKind.MISSING: f"declared by {step.id}, not in the cloud",
        DriftKind.CHANGED: f"differs from what {step.id} declares",
        DriftKind.EXTRA: f"in the cloud, not declared by {step.id}",
    }
    return DriftEntry(
        kind,
        Subject.RESOURCE,
        change.resource,
        change.title or change.resource.name,
        change.reason or reasons[kind],
        step=step.id,
        differences=change.differences,
    )


_ACCESS_KINDS = {
    Action.CREATE: DriftKind.MISSING,
    Action.MODIFY: DriftKind.CHANGED,
    Action.DELETE: DriftKind.EXTRA,
}
_SUBJECTS = {
    StepKind.ROLE_ASSIGNMENT: Subject.ASSIGNMENT,
    StepKind.ROLE_DEFINITION: Subject.ROLE,
    StepKind.ROLE_ELIGIBILITY: Subject.ELIGIBILITY,
    StepKind.ROLE_SCHEDULE: Subject.TIME_BOUND,
    StepKind.ROLE_POLICY: Subject.ACTIVATION,
}


def _access(plan: Plan) -> Iterator[DriftEntry]:
    for step in plan.steps:
        if step.kind in _SUBJECTS and step.action in _ACCESS_KINDS:
            yield DriftEntry(
                _ACCESS_KINDS[step.action],
                _SUBJECTS[step.kind],
                step.scope,
                step.title,
                step.reason,
                function=step.function,
                step=step.id,
                differences=_members(step) if step.action is Action.MODIFY else (),
            )


def _by_hand(plan: Plan, governed: Mapping[str, tuple[str, ...]]) -> Iterator[DriftEntry]:
    for step in plan.steps:
        who = governed.get(str((step.before or {}).get("principal", "")).lower())
        if step.action is not Action.FOREIGN or step.kind not in HELD_KINDS or who is None:
            continue
        if step.after:
            kind, reason = DriftKind.CHANGED, step.reason
        elif step.reason == BY_OTHERS:
            kind, reason = DriftKind.EXTRA, "given by hand: the function table does not say so"
        else:
            continue
        title = f"{titles(who)} → {step.title.partition(' → ')[2]}"
        yield DriftEntry(kind, _SUBJECTS[step.kind], step.scope, title, reason, function=", ".join(who))


def _members(step: Step) -> tuple[PropertyChange, ...]:
    before, after = step.before or {}, step.after or {}
    return tuple(
        PropertyChange(name, before[name], after[name])
        for name in sorted(before.keys() & after.keys())
        if before[name] != after[name]
        and isinstance(before[name], type(after[name]))
        and name not in ("scope", "principal")
    )


def _order(entry: DriftEntry) -> tuple[object, ...]:
    subjects = list(Subject)
    kinds = list(DriftKind)
    return (
        subjects.index(entry.subject),
        entry.scope.key,
        kinds.index(entry.kind),
        entry.function,
        entry.title,
        entry.step,
    )
