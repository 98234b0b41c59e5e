"""Plan the removal of what a workspace made in an environment. Reads only; execution deletes."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import replace
from datetime import datetime

from coe_scaffold.access.desired import desired
from coe_scaffold.model.access import Mode
from coe_scaffold.model.plan import Plan, StepKind
from coe_scaffold.model.resources import ChangeType, ResourceChange
from coe_scaffold.model.scope import Scope, ScopeKind
from coe_scaffold.model.settings import Pim, Settings
from coe_scaffold.model.stacks import STACK_TYPE, ObservedStack
from coe_scaffold.operations.plan import workload_titles
from coe_scaffold.operations.predict import Target, environment_of, predict, whole_graph
from coe_scaffold.operations.preview import differences
from coe_scaffold.planning.destroy import Estate, our_groups, plan_destroy
from coe_scaffold.planning.stacks import ours
from coe_scaffold.ports import Clock, Compiler, Inspector, Observer

_ASSIGNMENT = "microsoft.authorization/roleassignments"


def make_destroy_plan(
    settings: Settings,
    environment: str,
    *,
    compiler: Compiler,
    clock: Clock,
    observer: Observer,
    inspector: Inspector,
    purge: bool = False,
) -> Plan:
    """Return the plan that removes an environment: locks, assignments, resource groups, other resources.

    What the environments share stays: custom roles, and assignments at the management group. ``purge``
    also frees the names of what Azure keeps deleted. Raises ProblemsError when one of our groups holds a
    resource that no template declares, or somebody else's lock is in the way.
    """
    subscription = environment_of(settings, environment).scope
    targets = predict(settings, environment, compiler, clock)
    graph = whole_graph(targets)
    access = desired(settings, environment, graph)
    groups = {subscription.group(name): tags for name, tags in observer.resource_groups(subscription).items()}
    contents = {group: observer.resources(group) for group in our_groups(environment, groups)}
    custom = {role.role.guid.lower() for role in access.custom_roles}
    shared = observer.custom_roles(subscription)
    asked = settings.access.pim is not Pim.NONE
    schedules = observer.schedules(subscription) if asked else ()
    ending = {item.key for item in schedules if item.mode is Mode.TIME_BOUND}
    given = observer.role_assignments(subscription)
    has_stacks = STACK_TYPE.partition("/")[2].lower() in observer.offered(subscription)
    stacks = ours(observer.stacks(subscription), environment) if has_stacks else ()
    changes = _changes(settings, targets, observer, clock.now())
    estate = Estate(
        environment=environment,
        subscription=subscription,
        groups=groups,
        contents=contents,
        known=tuple(resource.id for resource in graph.resources),
        assignments=tuple(item for item in given if item.key not in ending),
        desired=frozenset(item.key for item in (*access.assignments, *access.scheduled)),
        schedules=schedules,
        roles=tuple(role for role in shared if role.role.guid.lower() in custom),
        locks=inspector.locks(subscription),
        outside=dict(_outside(changes, stacks)),
        retained=inspector.retained(one for held in contents.values() for one in held),
        stacks=stacks,
    )
    plan = plan_destroy(estate, cloud=settings.cloud.value, purge=purge)
    names = workload_titles(targets, access)
    steps = tuple(
        replace(step, title=names.get(Scope(step.before["id"]), step.title))
        if step.kind is StepKind.ROLE_ASSIGNMENT
        else step
        for step in plan.steps
    )
    return replace(plan, steps=steps, workspace=settings.organisation.name)


def _changes(
    settings: Settings, targets: Iterable[Target], observer: Observer, now: datetime
) -> tuple[ResourceChange, ...]:
    """Return how what the templates made in no resource group differs from the files."""
    beside = [one for one in targets if any(_beside_groups(item.id) for item in one.graph.resources)]
    found = (differences(settings, target.deployment, observer, now) for target in beside)
    return tuple(change for changes in found for change in changes if _beside_groups(change.resource))


def _outside(
    changes: Iterable[ResourceChange], stacks: Iterable[ObservedStack]
) -> Iterator[tuple[Scope, bool]]:
    """Yield what was made in no resource group, and whether it is still as the files say.

    What a stack manages and no template speaks of any more goes as well.
    """
    spoken = {change.resource: change for change in changes}
    for change in spoken.values():
        if change.change is not ChangeType.CREATE:
            yield change.resource, not change.differences
    managed = {one for stack in stacks for one in stack.managed if _beside_groups(one)}
    yield from ((one, True) for one in sorted(managed - set(spoken)))


def _beside_groups(resource: Scope) -> bool:
    return (
        resource.kind is ScopeKind.RESOURCE
        and not resource.resource_group
        and resource.resource_type.lower() != _ASSIGNMENT
    )
