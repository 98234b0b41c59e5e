"""A plan that removes one environment: locks, assignments, groups, resources of ours; nothing foreign."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace

from coe_scaffold.errors import Problem, ProblemsError
from coe_scaffold.model.access import CustomRole, ObservedAssignment
from coe_scaffold.model.estate import Lock, SoftDeleted
from coe_scaffold.model.plan import Action, Plan, Step, StepKind
from coe_scaffold.model.schedules import ObservedSchedule
from coe_scaffold.model.scope import Scope
from coe_scaffold.model.stacks import ObservedStack
from coe_scaffold.planning.access import function_of, titled
from coe_scaffold.planning.combine import combine
from coe_scaffold.planning.companions import Kin
from coe_scaffold.planning.recovery import purge_step, retention_notes
from coe_scaffold.planning.removals import SETTINGS, delete_resource, delete_role, remove_assignment
from coe_scaffold.planning.schedules import withdrawals
from coe_scaffold.planning.stacks import releasing

MANAGED = ("managed-by", "coe-scaffold")
"""Tag of everything this tool makes."""


@dataclass(frozen=True)
class Estate:
    """What was observed of one environment, and what the files would make there.

    ``groups`` are the tags of every resource group in the subscription; ``contents`` the resources of
    each group that carries our tags; ``known`` the ids the templates would create; ``desired`` the keys
    of the assignments the files ask for (those outside our groups are removed only when in here);
    ``roles`` the custom roles of the files that exist; ``schedules`` the eligible and time-bound roles.
    ``outside`` are the resources of the files that exist in no resource group, and whether they are as the
    files say. ``retained`` is what Azure will keep deleted but not gone, as it will be called then.
    ``stacks`` are the deployment stacks this tool made; what they manage is as good as declared.
    """

    environment: str
    subscription: Scope
    groups: Mapping[Scope, Mapping[str, str]] = field(hash=False)
    contents: Mapping[Scope, tuple[Scope, ...]] = field(hash=False)
    known: tuple[Scope, ...] = ()
    assignments: tuple[ObservedAssignment, ...] = ()
    desired: frozenset[tuple[str, str, str]] = frozenset()
    roles: tuple[CustomRole, ...] = ()
    schedules: tuple[ObservedSchedule, ...] = ()
    locks: tuple[Lock, ...] = ()
    outside: Mapping[Scope, bool] = field(default_factory=dict, hash=False)
    retained: tuple[SoftDeleted, ...] = ()
    stacks: tuple[ObservedStack, ...] = ()

    @property
    def declared(self) -> frozenset[Scope]:
        """What the templates would create, and what the stacks manage."""
        return frozenset((*self.known, *(one for stack in self.stacks for one in stack.managed)))


def our_groups(environment: str, groups: Mapping[Scope, Mapping[str, str]]) -> tuple[Scope, ...]:
    """Return the resource groups whose tags say that this tool made them for an environment, sorted."""
    return tuple(sorted(group for group, tags in groups.items() if _ours(environment, tags)))


def plan_destroy(
    estate: Estate, *, cloud: str, inputs: str = "", workspace: str = "", purge: bool = False
) -> Plan:
    """Return the plan that deletes an environment; ``purge`` also frees the names of what Azure retains.

    Raises ProblemsError, with every reason at once, when a group of ours holds resources that nobody
    declared, a group the files declare does not carry our tags, or somebody else's lock is in the way.
    """
    problems = list(_refusals(estate))
    if problems:
        raise ProblemsError(
            problems,
            summary=f"{estate.environment} holds what this workspace did not make: nothing is deleted",
            fix="Move or delete the resources named above yourself, then run the command again.",
            code="COE-DES-001",
        )
    groups = our_groups(estate.environment, estate.groups)
    mine = [one for one in estate.assignments if one.ours and _within(one, groups, estate)]
    removed = {one.id for one in mine}
    names = {role.role.guid.lower(): role.role.name for role in estate.roles}
    ending = [one for one in estate.schedules if one.ours and _ends(one, groups, estate)]
    withdrawn = tuple(withdrawals(ending, names))
    locks = [_unlock(lock) for lock in _in_the_way(estate, groups)]
    steps = [
        *(_after_locks(_unassign(one, names), locks) for one in mine),
        *(_after_locks(step, locks) for step in withdrawn),
        *(_after_locks(step, locks) for step in _group_steps(estate, groups, mine, withdrawn)),
        *(_after_locks(_delete(one), locks) for one in _going(estate)),
    ]
    reason = f"made by this tool for {estate.environment}"
    released = releasing(estate.stacks, [*locks, *steps], reason=reason)
    purges = [
        purge_step(one, (_group_id(group) for group in groups if group.contains(one.was)))
        for one in estate.retained
        if purge and not one.protected
    ]
    custom = [role for role in estate.roles if estate.subscription.contains(role.scope)]
    notes = (*_notes(estate, groups, removed, custom), *retention_notes(estate.retained, purge=purge))
    return combine(
        estate.environment,
        cloud,
        (),
        (*released, *purges, *map(_undefine, custom)),
        notes=notes,
        inputs=inputs,
        workspace=workspace,
    )


def _ours(environment: str, tags: Mapping[str, str]) -> bool:
    lower = {key.lower(): value for key, value in tags.items()}
    return lower.get(MANAGED[0]) == MANAGED[1] and lower.get("coe-environment") == environment


def _refusals(estate: Estate) -> Iterator[Problem]:
    known = estate.declared
    kin = Kin(known)
    for group, tags in sorted(estate.groups.items()):
        if group in known and not _ours(estate.environment, tags):
            message = f"the files declare this resource group, but its tags are not {MANAGED[0]}={MANAGED[1]}"
            fix = f"Tag it with coe-environment={estate.environment} too if it is yours."
            yield Problem(group.path, 0, 0, message, fix, "COE-DES-002")
    groups = our_groups(estate.environment, estate.groups)
    for lock in _in_the_way(estate, groups):
        if lock.id not in known:
            message = f"a lock ({lock.level}) that no template declares protects {lock.home.name}"
            yield Problem(lock.id.path, 0, 0, message, code="COE-DES-004")
    for group in groups:
        for resource in sorted(estate.contents.get(group, ())):
            if not kin.includes(resource):
                message = f"a foreign resource in {group.name}: no template declares it"
                yield Problem(resource.path, 0, 0, message, code="COE-DES-003")


def _within(assignment: ObservedAssignment, groups: Iterable[Scope], estate: Estate) -> bool:
    """Return whether an assignment goes: declared here or in one of our groups, and in this subscription."""
    declared = assignment.key in estate.desired and estate.subscription.contains(assignment.scope)
    deployed = assignment.id in estate.declared
    return declared or deployed or any(group.contains(assignment.scope) for group in groups)


def _ends(schedule: ObservedSchedule, groups: Iterable[Scope], estate: Estate) -> bool:
    """Return whether an eligible or time-bound role goes: declared here, or in one of our groups."""
    declared = schedule.key in estate.desired and estate.subscription.contains(schedule.scope)
    return declared or any(group.contains(schedule.scope) for group in groups)


def _unassign(assignment: ObservedAssignment, custom: Mapping[str, str]) -> Step:
    made_for = function_of(assignment.description)
    return remove_assignment(
        assignment,
        step=f"unassign/{assignment.id.name.lower()}",
        title=titled(assignment, made_for, custom),
        reason="made by this tool",
        function=made_for,
    )


def _group_steps(
    estate: Estate,
    groups: tuple[Scope, ...],
    assignments: Iterable[ObservedAssignment],
    withdrawn: Iterable[Step],
) -> Iterator[Step]:
    """Yield the group deletions; the platform's wait for the projects', which use its network."""
    held = [(f"unassign/{one.id.name.lower()}", one.scope) for one in assignments]
    held += [(step.id, step.scope) for step in withdrawn]
    platform = [group for group in groups if estate.groups[group].get("coe-scope") == "platform"]
    projects = [group for group in groups if group not in platform]
    for group in groups:
        inside = [name for name, scope in held if group.contains(scope)]
        waits = [_group_id(other) for other in projects] if group in platform else []
        count = len(estate.contents.get(group, ()))
        yield Step(
            id=_group_id(group),
            kind=StepKind.RESOURCE_GROUP,
            action=Action.DELETE,
            scope=group,
            title=f"Resource group {group.name}",
            reason=f"made by this tool for {estate.environment}; holds {count} resources",
            needs="Microsoft.Resources/subscriptions/resourceGroups/delete",
            before={
                "tags": dict(estate.groups[group]),
                "resources": sorted(one.path for one in estate.contents.get(group, ())),
            },
            depends_on=tuple(sorted({*inside, *waits})),
        )


def _going(estate: Estate) -> list[Scope]:
    """Return the resources in no group that are deleted."""
    outside = sorted(estate.outside.items())
    return [one for one, same in outside if same and one.resource_type.lower() not in SETTINGS]


def _in_the_way(estate: Estate, groups: Iterable[Scope]) -> list[Lock]:
    """Return the locks that forbid deleting what would be deleted."""
    targets = [*groups, *_going(estate)]
    return [
        lock
        for lock in sorted(estate.locks)
        if any(lock.home.contains(target) or target.contains(lock.home) for target in targets)
    ]


def _after_locks(step: Step, locks: Iterable[Step]) -> Step:
    """Return a step that waits until the locks over its scope are gone, and those below it."""
    homes = {lock.id: Scope(lock.scope.path.rpartition("/providers/")[0] or "/") for lock in locks}
    waits = {name for name, home in homes.items() if home.contains(step.scope) or step.scope.contains(home)}
    return replace(step, depends_on=tuple(sorted({*step.depends_on, *waits})))


def _unlock(lock: Lock) -> Step:
    return delete_resource(
        lock.id,
        step=f"unlock/{lock.id.key}",
        title=f"Lock {lock.id.name} ({lock.level}) on {lock.home.name}",
        reason="set by this workspace's templates",
    )


def _delete(resource: Scope) -> Step:
    reason = "made by this workspace's templates, in no resource group"
    return delete_resource(resource, step=f"delete{resource.key}", reason=reason)


def _group_id(group: Scope) -> str:
    return f"delete/{group.name.lower()}"


def _undefine(role: CustomRole) -> Step:
    return delete_role(role, step=f"undefine/{role.role.guid.lower()}", reason="defined by this workspace")


def _notes(
    estate: Estate, groups: tuple[Scope, ...], removed: set[Scope], custom: Iterable[CustomRole]
) -> Iterator[str]:
    foreign = [
        one
        for one in estate.assignments
        if one.id not in removed and any(group.contains(one.scope) for group in groups)
    ]
    if foreign:
        yield f"{len(foreign)} role assignments made by others go with the resource groups they are in"
    for role in sorted({role.role.name or role.role.guid for role in {*estate.roles} - {*custom}}):
        yield f"the custom role {role} stays: other environments share it"
    for one, same in sorted(estate.outside.items()):
        if one.resource_type.lower() in SETTINGS:
            yield f"stays, because Azure cannot delete it, only set it back: {one}"
        elif not same:
            yield f"stays, because it is no longer as the files say: {one}"
    if not groups:
        yield f"no resource group carries the tags of {estate.environment}"
