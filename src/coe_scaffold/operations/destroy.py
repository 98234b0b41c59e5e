"""Plan the removal of what a workspace made in an environment. Reads only; execution deletes."""

from __future__ import annotations

from dataclasses import replace

from coe_scaffold.access.desired import desired
from coe_scaffold.model.plan import Plan
from coe_scaffold.model.scope import Scope
from coe_scaffold.model.settings import Settings
from coe_scaffold.operations.predict import environment_of, predict, whole_graph
from coe_scaffold.planning.destroy import Estate, our_groups, plan_destroy
from coe_scaffold.ports import Clock, Compiler, Observer


def make_destroy_plan(
    settings: Settings, environment: str, *, compiler: Compiler, clock: Clock, observer: Observer
) -> Plan:
    """Return the plan that removes an environment: our assignments first, then our resource groups.

    What the environments share stays: custom roles, and assignments at the management group. Raises
    ProblemsError when one of our groups holds a resource that no template declares.
    """
    subscription = environment_of(settings, environment).scope
    targets = predict(settings, environment, compiler, clock)
    graph = whole_graph(targets)
    access = desired(settings, environment, graph)
    groups = {subscription.group(name): tags for name, tags in observer.resource_groups(subscription).items()}
    estate = Estate(
        environment=environment,
        subscription=subscription,
        groups=groups,
        contents={group: observer.resources(group) for group in our_groups(environment, groups)},
        known=tuple(resource.id for resource in graph.resources),
        assignments=observer.role_assignments(subscription),
        desired=frozenset(assignment.key for assignment in access.assignments),
        roles=observer.custom_roles(Scope.management_group(settings.organisation.management_group)),
    )
    return replace(plan_destroy(estate, cloud=settings.cloud.value), workspace=settings.organisation.name)
