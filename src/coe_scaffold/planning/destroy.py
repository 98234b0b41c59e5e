"""A plan that removes one environment: our assignments first, then our resource groups; nothing foreign."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field

from coe_scaffold.catalog import function, roles
from coe_scaffold.errors import Problem, ProblemsError
from coe_scaffold.model.access import OWNERSHIP_MARK, CustomRole, ObservedAssignment
from coe_scaffold.model.access_json import observed_to_json, role_to_json
from coe_scaffold.model.coe import FUNCTION_IDS
from coe_scaffold.model.plan import Action, Plan, Step, StepKind
from coe_scaffold.model.scope import Scope, ScopeKind
from coe_scaffold.planning.combine import combine
from coe_scaffold.planning.companions import belongs

MANAGED = ("managed-by", "coe-scaffold")
"""Tag of everything this tool makes."""


@dataclass(frozen=True)
class Estate:
    """What was observed of one environment, and what the files would make there.

    ``groups`` are the tags of every resource group in the subscription; ``contents`` the resources of
    each group that carries our tags; ``known`` the ids the templates would create; ``desired`` the keys
    of the assignments the files ask for (those outside our groups are removed only when in here);
    ``roles`` the custom roles of the files that exist.
    """

    environment: str
    subscription: Scope
    groups: Mapping[Scope, Mapping[str, str]] = field(hash=False)
    contents: Mapping[Scope, tuple[Scope, ...]] = field(hash=False)
    known: tuple[Scope, ...] = ()
    assignments: tuple[ObservedAssignment, ...] = ()
    desired: frozenset[tuple[str, str, str]] = frozenset()
    roles: tuple[CustomRole, ...] = ()


def our_groups(environment: str, groups: Mapping[Scope, Mapping[str, str]]) -> tuple[Scope, ...]:
    """Return the resource groups whose tags say that this tool made them for an environment, sorted."""
    return tuple(sorted(group for group, tags in groups.items() if _ours(environment, tags)))


def plan_destroy(estate: Estate, *, cloud: str, inputs: str = "", workspace: str = "") -> Plan:
    """Return the plan that deletes an environment.

    Raises ProblemsError, with every reason at once, when a group of ours holds resources that nobody
    declared or a group the files declare does not carry our tags.
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
    steps = (*(_unassign(one, names) for one in mine), *_group_steps(estate, groups, mine))
    custom = [role for role in estate.roles if estate.subscription.contains(role.scope)]
    notes = _notes(estate, groups, removed, custom)
    return combine(
        estate.environment,
        cloud,
        (),
        (*steps, *map(_undefine, custom)),
        notes=notes,
        inputs=inputs,
        workspace=workspace,
    )


def _ours(environment: str, tags: Mapping[str, str]) -> bool:
    lower = {key.lower(): value for key, value in tags.items()}
    return lower.get(MANAGED[0]) == MANAGED[1] and lower.get("coe-environment") == environment


def _refusals(estate: Estate) -> Iterator[Problem]:
    known = set(estate.known)
    for group, tags in sorted(estate.groups.items()):
        if group in known and not _ours(estate.environment, tags):
            message = f"the files declare this resource group, but its tags are not {MANAGED[0]}={MANAGED[1]}"
            fix = f"Tag it with coe-environment={estate.environment} too if it is yours."
            yield Problem(group.path, 0, 0, message, fix, "COE-DES-002")
    for group in our_groups(estate.environment, estate.groups):
        for resource in sorted(estate.contents.get(group, ())):
            if not belongs(resource, known):
                message = f"a foreign resource in {group.name}: no template declares it"
                yield Problem(resource.path, 0, 0, message, code="COE-DES-003")


def _within(assignment: ObservedAssignment, groups: Iterable[Scope], estate: Estate) -> bool:
    """Return whether an assignment goes: declared here or in one of our groups, and in this subscription."""
    declared = assignment.key in estate.desired and estate.subscription.contains(assignment.scope)
    deployed = assignment.id in estate.known
    return declared or deployed or any(group.contains(assignment.scope) for group in groups)


def _unassign(assignment: ObservedAssignment, custom: Mapping[str, str]) -> Step:
    name = assignment.description.removeprefix(OWNERSHIP_MARK).partition(":")[0].strip()
    made_for = name if name in FUNCTION_IDS else ""
    who = function(name).title if made_for else f"{assignment.principal_type} {assignment.principal}"
    definition = roles().get(assignment.role)
    role = definition.name if definition else custom.get(assignment.role.lower()) or assignment.role
    return Step(
        id=f"unassign/{assignment.id.name.lower()}",
        kind=StepKind.ROLE_ASSIGNMENT,
        action=Action.DELETE,
        scope=assignment.scope,
        title=f"{who} → {role} on {assignment.scope.name}",
        reason="made by this tool",
        needs="Microsoft.Authorization/roleAssignments/delete",
        before=observed_to_json(assignment),
        function=made_for,
    )


def _group_steps(
    estate: Estate, groups: tuple[Scope, ...], assignments: Iterable[ObservedAssignment]
) -> Iterator[Step]:
    """Yield the group deletions; the platform's wait for the projects', which use its network."""
    held = list(assignments)
    platform = [group for group in groups if estate.groups[group].get("coe-scope") == "platform"]
    projects = [group for group in groups if group not in platform]
    for group in groups:
        inside = [f"unassign/{one.id.name.lower()}" for one in held if group.contains(one.scope)]
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


def _group_id(group: Scope) -> str:
    return f"delete/{group.name.lower()}"


def _undefine(role: CustomRole) -> Step:
    return Step(
        id=f"undefine/{role.role.guid.lower()}",
        kind=StepKind.ROLE_DEFINITION,
        action=Action.DELETE,
        scope=role.scope,
        title=f"Custom role {role.role.name or role.role.guid}",
        reason="defined by this workspace",
        needs="Microsoft.Authorization/roleDefinitions/delete",
        before=role_to_json(role),
    )


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
    outside = sorted(
        one.path
        for one in estate.known
        if one.kind is ScopeKind.RESOURCE and not one.resource_group and one not in removed
    )
    yield from (f"stays, because it is in no resource group: {path}" for path in outside)
    if not groups:
        yield f"no resource group carries the tags of {estate.environment}"
