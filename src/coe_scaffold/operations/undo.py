"""Plan to take back what one run made. Reads only; execution deletes."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import datetime

from coe_scaffold.errors import UsageError
from coe_scaffold.model.deployment_json import deployment_from_json
from coe_scaffold.model.plan import Plan, StepKind
from coe_scaffold.model.resources import ChangeType, Deployment
from coe_scaffold.model.scope import Scope, ScopeKind
from coe_scaffold.model.settings import Settings
from coe_scaffold.operations.predict import GOVERNANCE, environment_of
from coe_scaffold.operations.preview import differences
from coe_scaffold.operations.runs import KnownRun, RunState
from coe_scaffold.planning.undo import Traces, given_by, plan_undo
from coe_scaffold.ports import Deployer, Inspector, Observer


def make_undo_plan(
    settings: Settings,
    known: KnownRun,
    *,
    observer: Observer,
    deployer: Deployer,
    inspector: Inspector,
    later: Iterable[KnownRun] = (),
    purge: bool = False,
) -> Plan:
    """Return the plan that takes a run back; a deployment of the run that still goes on is waited for.

    What runs after it, ``later``, made again is theirs and stays. ``purge`` also frees the names of what
    Azure keeps of it.
    Raises UsageError for a run of another workspace or cloud or one that is undone already, ProblemsError
    when what the run made was changed since or holds what the run did not make.
    """
    run = known.run
    if known.state is RunState.UNDONE:
        raise UsageError(f"run {run.id} is undone already")
    if not known.plans:
        raise UsageError(f"run {run.id} had not begun: there is nothing to undo")
    if run.cloud != settings.cloud.value or known.plans[0].workspace != settings.organisation.name:
        raise UsageError(
            f"run {run.id} was made on {run.cloud} for {known.plans[0].workspace}",
            fix="Undo it from the workspace and cloud it was made with.",
        )
    if run.environment == GOVERNANCE:
        raise UsageError(
            "what all environments share is not undone by a command",
            fix="Change landing-zone/governance/organisation.bicepparam and apply it.",
        )
    began = datetime.fromisoformat(run.started)
    deployments = tuple(deployments_of(known))
    for deployment in deployments:
        deployer.settle(deployment)
    groups = [one for one in known.made if one.kind is ScopeKind.RESOURCE_GROUP]
    subscription = environment_of(settings, run.environment).scope
    existing = {name.lower() for name in observer.resource_groups(subscription)}
    management_group = Scope.management_group(settings.organisation.management_group)
    changes = tuple(change for one in deployments for change in differences(settings, one, observer, began))
    touched = [step.scope for plan in known.plans for step in plan.writes]
    inside = all(subscription.contains(one) for one in (*touched, *(item.resource for item in changes)))
    above = () if inside else (management_group,)  # who made nothing there need not be able to read it
    others = () if inside else tuple(one.scope for one in settings.environments.values())
    homes = tuple(dict.fromkeys((*above, subscription, *others)))
    there = {change.resource for change in changes if change.change is not ChangeType.CREATE}
    assignments = {one.id: one for home in homes for one in observer.role_assignments(home)}
    later = tuple(later)
    traces = Traces(
        plans=known.plans,
        entries=run.entries,
        changes=changes,
        stacks=tuple(stack for one in deployments if one.stack and (stack := observer.stack(one.stack_id))),
        contents={group: observer.resources(group) for group in groups if group.name.lower() in existing},
        assignments=tuple(assignments.values()),
        roles=tuple(role for home in above for role in observer.custom_roles(home)),
        schedules=tuple(one for home in (*above, subscription) for one in observer.schedules(home)),
        locks=inspector.locks(subscription),
        retained=inspector.retained(one for one in known.made if one in there),
        later=frozenset(scope for one in later for scope in one.made),
        later_given=frozenset(role for one in later for role in given_by(one.plans, one.run.entries)),
    )
    return plan_undo(traces, run=run.id, workspace=settings.organisation.name, purge=purge)


def deployments_of(known: KnownRun) -> Iterator[Deployment]:
    """Yield each deployment of a run once, as it was first planned."""
    seen = set()
    for plan in known.plans:
        for step in plan.writes:
            if step.kind is StepKind.DEPLOYMENT and step.id not in seen:
                seen.add(step.id)
                yield deployment_from_json(step.after)
