"""A plan that takes back what one run brought into being and nothing else: access first, newest first."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import TypeAlias

from coe_scaffold.errors import Problem, ProblemsError
from coe_scaffold.model.access import CustomRole, Mode, ObservedAssignment
from coe_scaffold.model.access_json import assignment_from_json
from coe_scaffold.model.estate import Lock, SoftDeleted
from coe_scaffold.model.journal import Entry, Event
from coe_scaffold.model.plan import Action, Plan, Step, StepKind
from coe_scaffold.model.resources import ChangeType, ResourceChange
from coe_scaffold.model.schedules import ObservedSchedule
from coe_scaffold.model.schedules_json import scheduled_from_json
from coe_scaffold.model.scope import Scope, ScopeKind
from coe_scaffold.model.stacks import STACK_TYPE, ObservedStack
from coe_scaffold.planning.access import function_of
from coe_scaffold.planning.combine import combine
from coe_scaffold.planning.companions import Kin
from coe_scaffold.planning.recovery import purge_step, retention_notes
from coe_scaffold.planning.removals import SETTINGS, delete_resource, delete_role, remove_assignment
from coe_scaffold.planning.schedules import withdrawals
from coe_scaffold.planning.stacks import releasing

_LOCK = "microsoft.authorization/locks"
_ASSIGNMENT = "microsoft.authorization/roleassignments"
_DEFINITION = "microsoft.authorization/roledefinitions"


Given: TypeAlias = tuple[Mode, tuple[str, str, str]]
"""An eligible or time-bound role: its mode, and who has which role where."""

FOUND = {"found": True}
"""Data of a journal entry that says a step was found done: what the step made is not known from it."""


@dataclass(frozen=True)
class Traces:
    """What a run did, and what is there of it now.

    ``changes`` are the answers to what-if for the run's deployments: Create means gone, Modify changed.
    ``contents`` are the resources of the groups the run made; ``assignments`` those of every scope that
    could use its custom roles; ``stacks`` those of the run's deployments that exist. ``retained`` is what
    of it Azure would keep deleted. ``later`` is what later runs made, and ``later_given`` the eligible and
    time-bound roles they gave: of that, nothing is this run's any more.
    """

    plans: tuple[Plan, ...]
    entries: tuple[Entry, ...]
    changes: tuple[ResourceChange, ...] = ()
    contents: Mapping[Scope, tuple[Scope, ...]] = field(default_factory=dict, hash=False)
    assignments: tuple[ObservedAssignment, ...] = ()
    roles: tuple[CustomRole, ...] = ()
    schedules: tuple[ObservedSchedule, ...] = ()
    stacks: tuple[ObservedStack, ...] = ()
    retained: tuple[SoftDeleted, ...] = ()
    locks: tuple[Lock, ...] = ()
    later: frozenset[Scope] = frozenset()
    later_given: frozenset[Given] = frozenset()


def made_by(plans: Sequence[Plan], entries: Sequence[Entry]) -> tuple[Scope, ...]:
    """Return what a run brought into being, in the order of events.

    Of a step whose end is not known, or that did not succeed at its first try, everything counts that the
    plan said would be new: it was not there when the run began. So the result may name what never came
    to be.
    """
    steps: dict[str, list[Step]] = {}
    for plan in plans:
        for step in plan.writes:
            steps.setdefault(step.id, []).append(step)
    made: dict[Scope, None] = {}
    for entry in entries:
        made.update(dict.fromkeys(map(Scope, entry.created)))
    for name in dict.fromkeys(entry.step for entry in entries):
        if _uncertain(name, entries):
            for step in steps.get(name, ()):
                made.update(dict.fromkeys(_planned(step)))
    return tuple(made)


def given_by(plans: Iterable[Plan], entries: Iterable[Entry]) -> frozenset[Given]:
    """Return the eligible and time-bound roles that a run gave or began to give."""
    begun = {entry.step for entry in entries if entry.event is Event.STARTED}
    return frozenset(
        (one.assignment.mode, one.assignment.key)
        for plan in plans
        for step in plan.writes
        if step.id in begun and step.kind in SCHEDULES and step.action is Action.CREATE
        for one in (scheduled_from_json(step.after),)
    )


def plan_undo(traces: Traces, *, run: str, workspace: str = "", purge: bool = False) -> Plan:
    """Return the plan that takes a run back; ``purge`` also frees the names of what Azure keeps of it.

    What the run recovered goes back to where it was, and is never purged.

    Raises ProblemsError, with every reason at once, when something the run made was changed since, or now
    holds what the run did not make.
    """
    made = made_by(traces.plans, traces.entries)
    there = _existing(traces, (one for one in made if one not in traces.later))
    problems = list(_refusals(traces, there))
    if problems:
        raise ProblemsError(
            problems,
            summary=f"what run {run} made is no longer as it was: nothing is undone",
            fix="Set it back or remove it yourself, then run the command again.",
            code="COE-UND-001",
        )
    first = traces.plans[0]
    locks = [_delete(one, "lock") for one in there if one.resource_type.lower() == _LOCK]
    names = dict(_titles(traces.plans))
    unassign = [_unassign(one, names.get(one.id, "")) for one in traces.assignments if one.id in there]
    resources = list(_chained(_delete(one, "resource") for one in reversed(_roots(there))))
    made_groups = [one for one in reversed(there) if one.kind is ScopeKind.RESOURCE_GROUP]
    groups = list(_chained(map(_delete_group, made_groups)))
    before = [step.id for step in (*locks, *unassign)]
    later = [_waiting(step, before) for step in resources]
    last = [_waiting(step, [*before, *(one.id for one in resources)]) for step in groups]
    kept, roles = _roles(traces, there)
    ended = [one for one in traces.retained if one.was in there and one.was not in _recovered(traces)]
    purges = [_purge(one, (*later, *last)) for one in ended if purge and not one.protected]
    custom = {role.role.guid.lower(): role.role.name for role in traces.roles}
    taken = list(withdrawals(_scheduled(traces), custom))
    opened = [_waiting(step, [one.id for one in locks]) for step in (*unassign, *taken)]
    steps = releasing(
        [one for one in traces.stacks if one.id in there],
        [*locks, *opened, *later, *last],
        reason="made by the run",
    )
    return combine(
        first.environment,
        first.cloud,
        (),
        (*steps, *purges, *map(_undefine, roles)),
        notes=(*kept, *_again(traces, made), *_notes(traces, there), *retention_notes(ended, purge=purge)),
        workspace=workspace or first.workspace,
    )


def _recovered(traces: Traces) -> set[Scope]:
    return {
        step.scope
        for plan in traces.plans
        for step in plan.writes
        if step.kind is StepKind.SOFT_DELETED and step.action is Action.CREATE
    }


def _purge(deleted: SoftDeleted, deletions: Iterable[Step]) -> Step:
    return purge_step(deleted, (step.id for step in deletions if step.scope.contains(deleted.was)))


def _uncertain(step: str, entries: Iterable[Entry]) -> bool:
    events = [entry.event for entry in entries if entry.step == step and entry.data != FOUND]
    return events.count(Event.STARTED) > events.count(Event.SUCCEEDED)


def _planned(step: Step) -> Iterator[Scope]:
    match step.kind:
        case StepKind.DEPLOYMENT:
            yield from (one.resource for one in step.changes if one.change is ChangeType.CREATE)
        case StepKind.ROLE_ASSIGNMENT if step.action is Action.CREATE:
            want = assignment_from_json(step.after)
            yield want.scope.child("Microsoft.Authorization/roleAssignments", want.name)
        case StepKind.SOFT_DELETED if step.action is Action.CREATE:
            yield from (step.scope.group(step.scope.resource_group), step.scope)
        case StepKind.ROLE_DEFINITION if step.action is Action.CREATE:
            guid = str(step.after["role"]["guid"])
            yield step.scope.child("Microsoft.Authorization/roleDefinitions", guid)
        case _:
            return


def _existing(traces: Traces, made: Iterable[Scope]) -> tuple[Scope, ...]:
    """Return what of ``made`` is there now, in its order."""
    deployed = {one.resource for one in traces.changes if one.change is not ChangeType.CREATE}
    deployed |= {stack.id for stack in traces.stacks}
    assigned = {one.id for one in traces.assignments}
    defined = {role.role.guid.lower() for role in traces.roles}

    def exists(scope: Scope) -> bool:
        match scope.resource_type.lower():
            case kind if kind == _ASSIGNMENT:
                return scope in assigned
            case kind if kind == _DEFINITION:
                return scope.name.lower() in defined
        return scope in deployed

    return tuple(scope for scope in made if exists(scope))


def _refusals(traces: Traces, there: Iterable[Scope]) -> Iterator[Problem]:
    mine = set(there)
    kin = Kin(mine)
    recovered = _recovered(traces)
    for change in traces.changes:
        if change.resource in mine - recovered and change.differences:
            paths = ", ".join(sorted(one.path for one in change.differences))
            yield Problem(change.resource.path, 0, 0, f"changed since the run: {paths}", code="COE-UND-002")
    for one in traces.assignments:
        if one.id in mine and not one.ours:
            message = "this assignment was marked as somebody else's since the run"
            yield Problem(one.id.path, 0, 0, message, code="COE-UND-002")
    for step, one in _conditions(traces):
        if one.id in mine and step.after["condition"].strip() != one.condition.strip():
            message = "its condition was changed since the run"
            yield Problem(one.id.path, 0, 0, message, code="COE-UND-002")
    for lock in sorted(traces.locks):
        home = lock.home
        if lock.id not in mine and any(home.contains(one) or one.contains(home) for one in mine):
            message = f"a lock ({lock.level}) that the run did not make protects {home.name}"
            yield Problem(lock.id.path, 0, 0, message, code="COE-UND-004")
    for group in sorted(traces.contents):
        if group not in mine:
            continue
        for resource in traces.contents[group]:
            if not kin.includes(resource):
                other = "a later run made it: undo that one first"
                whose = other if resource in traces.later else "the run did not make it"
                message = f"is in {group.name}, which the run made, but {whose}"
                yield Problem(resource.path, 0, 0, message, code="COE-UND-003")


def _scheduled(traces: Traces) -> Iterator[ObservedSchedule]:
    """Yield the eligible and time-bound roles that the run gave: they are known by who has which role."""
    given = given_by(traces.plans, traces.entries) - traces.later_given
    for schedule in traces.schedules:
        if (schedule.mode, schedule.key) in given and schedule.ours and not schedule.activated:
            yield schedule


SCHEDULES = (StepKind.ROLE_ELIGIBILITY, StepKind.ROLE_SCHEDULE)


def _conditions(traces: Traces) -> Iterator[tuple[Step, ObservedAssignment]]:
    steps = {
        assignment_from_json(step.after).key: step
        for plan in traces.plans
        for step in plan.writes
        if step.kind is StepKind.ROLE_ASSIGNMENT and step.action is not Action.DELETE
    }
    for one in traces.assignments:
        if one.key in steps:
            yield steps[one.key], one


def _roots(there: Sequence[Scope]) -> list[Scope]:
    """Return the resources that nothing else which is deleted contains, in their order."""
    special = (_LOCK, _ASSIGNMENT, _DEFINITION, STACK_TYPE.lower())
    mine = {one.key for one in there}

    def inside(scope: Scope) -> bool:
        path = scope.key
        while path := path.rpartition("/")[0]:
            if path in mine:
                return True
        return False

    return [
        one
        for one in there
        if one.kind is ScopeKind.RESOURCE
        and one.resource_type.lower() not in special
        and one.resource_type.lower() not in SETTINGS
        and not inside(one)
    ]


def _chained(steps: Iterable[Step]) -> Iterator[Step]:
    """Yield steps each of which waits for the one before: what was made last goes first."""
    before = ""
    for step in steps:
        yield replace(step, depends_on=(before,)) if before else step
        before = step.id


def _waiting(step: Step, others: Iterable[str]) -> Step:
    return replace(step, depends_on=tuple(sorted({*step.depends_on, *others})))


def _roles(traces: Traces, there: Sequence[Scope]) -> tuple[list[str], list[CustomRole]]:
    """Return notes on the run's custom roles that others use by now, and the roles that go."""
    made = {one.name.lower() for one in there if one.resource_type.lower() == _DEFINITION}
    mine = set(there)
    used = {one.role.lower() for one in traces.assignments if one.id not in mine}
    roles = [role for role in traces.roles if role.role.guid.lower() in made]
    notes = [
        f"the custom role {role.role.name} stays: others use it by now"
        for role in roles
        if role.role.guid.lower() in used
    ]
    return notes, [role for role in roles if role.role.guid.lower() not in used]


def _again(traces: Traces, made: Iterable[Scope]) -> Iterator[str]:
    """Yield how much stays because it is a later run's."""
    count = len(_existing(traces, (one for one in made if one in traces.later)))
    if count:
        what = "resource stays" if count == 1 else "resources stay"
        yield f"{count} {what} that were gone since, because a later run made them again"


def _notes(traces: Traces, there: Iterable[Scope]) -> Iterator[str]:
    for one in there:
        if one.resource_type.lower() in SETTINGS:
            yield f"stays, because Azure cannot delete it, only set it back: {one}"
    done = {entry.step for entry in traces.entries if entry.event is Event.STARTED}
    for plan in traces.plans:
        for step in plan.writes:
            changed = [one for one in step.changes if one.change in (ChangeType.MODIFY, ChangeType.DEPLOY)]
            given = step.action is Action.CREATE and step.kind is not StepKind.ROLE_POLICY
            if step.id in done and step.kind is not StepKind.DEPLOYMENT and not given:
                yield f"not taken back, because the run did not create it: {step.title} ({step.action})"
            elif step.id in done and changed:
                count = len(changed)
                yield f"not taken back: {count} resource{'s' if count != 1 else ''} that {step.title} changed"
            gone = [one for one in step.changes if one.change is ChangeType.DELETE]
            if step.id in done and gone:
                names = ", ".join(sorted(one.resource.name for one in gone))
                yield f"not brought back, because its stack deleted it: {names}"


def _delete(resource: Scope, kind: str) -> Step:
    return delete_resource(resource, step=f"undo{resource.key}", reason=f"{kind} made by the run")


def _delete_group(group: Scope) -> Step:
    return Step(
        id=f"undo{group.key}",
        kind=StepKind.RESOURCE_GROUP,
        action=Action.DELETE,
        scope=group,
        title=f"Resource group {group.name}",
        reason="made by the run, with all it holds",
        needs="Microsoft.Resources/subscriptions/resourceGroups/delete",
    )


def _titles(plans: Iterable[Plan]) -> Iterator[tuple[Scope, str]]:
    """Yield the names that the plans have for role assignments."""
    for plan in plans:
        for step in plan.writes:
            yield from ((one.resource, one.title) for one in step.changes if one.title)
            if step.kind is StepKind.ROLE_ASSIGNMENT:
                yield from ((scope, step.title) for scope in _planned(step))


def _unassign(assignment: ObservedAssignment, title: str) -> Step:
    return remove_assignment(
        assignment,
        step=f"undo{assignment.id.key}",
        title=title or f"Role assignment {assignment.id.name} on {assignment.scope.name}",
        reason="made by the run",
        function=function_of(assignment.description),
    )


def _undefine(role: CustomRole) -> Step:
    return delete_role(role, step=f"undo/role/{role.role.guid.lower()}", reason="defined by the run")
