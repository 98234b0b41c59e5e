"""Make one plan of an environment: resources, access and findings. Reads only."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime

from coe_scaffold.access.desired import DesiredAccess, desired
from coe_scaffold.access.workload import ASSIGNMENT_TYPE, ROLE_TYPE, defined_roles, template_assignments
from coe_scaffold.checks.run import open_findings
from coe_scaffold.model.finding import Finding
from coe_scaffold.model.plan import Plan, Step
from coe_scaffold.model.repository import ORGANISATION_FILE
from coe_scaffold.model.resources import ResourceChange, ResourceGraph
from coe_scaffold.model.scope import Scope
from coe_scaffold.model.settings import Settings
from coe_scaffold.operations.access import separation
from coe_scaffold.operations.agreement import governance_contradictions
from coe_scaffold.operations.check import check
from coe_scaffold.operations.observing import observe_access
from coe_scaffold.operations.predict import (
    GOVERNANCE,
    Target,
    environment_of,
    own_scopes,
    predict,
    predict_governance,
    whole_graph,
)
from coe_scaffold.operations.preview import Preview, previews
from coe_scaffold.planning import combine, deployment_steps, inputs_digest
from coe_scaffold.planning.access import plan_access
from coe_scaffold.planning.deployments import with_extras
from coe_scaffold.planning.schedules import plan_schedules
from coe_scaffold.planning.stacks import release
from coe_scaffold.ports import Clock, Compiler, Observer

_NAMED = 5
"""Deployments that a note names one by one."""


@dataclass(frozen=True)
class Planned:
    """A plan, and what it was made from; ``findings`` are all verdicts, passed ones too."""

    plan: Plan
    targets: tuple[Target, ...]
    access: DesiredAccess
    findings: tuple[Finding, ...] = field(hash=False)


def make_plan(
    settings: Settings, environment: str, *, compiler: Compiler, clock: Clock, observer: Observer
) -> Planned:
    """Return the plan of an environment against what its cloud holds now.

    ``environment`` may be GOVERNANCE: what all of them share in the management group.
    Raises ConfigError, CompileError or CloudError; a blocking finding is in the plan, not an error.
    """
    if environment == GOVERNANCE:
        return plan_governance(settings, predict_governance(settings, compiler, clock), observer, clock.now())
    targets = predict(settings, environment, compiler, clock)
    graph = whole_graph(targets)
    findings = (
        *check(settings, environment, targets, clock.now().date()),
        *separation(settings, environment, graph),
    )
    access = desired(settings, environment, graph)
    return plan_targets(settings, environment, targets, findings, access, observer, clock.now())


def plan_targets(
    settings: Settings,
    environment: str,
    targets: tuple[Target, ...],
    findings: Iterable[Finding],
    access: DesiredAccess,
    observer: Observer,
    now: datetime,
) -> Planned:
    """Return the plan of targets that are compiled and checked already; ``now`` decides what is renewed."""
    findings = tuple(findings)
    chosen = environment_of(settings, environment)
    exist = observer.resources(chosen.scope)
    names = workload_titles(targets, access)
    found = tuple(
        replace(one, changes=with_extras(_titled(one.changes, names), exist))
        for one in previews(settings, targets, chosen.stacks, observer, now)
    )
    within = own_scopes(settings, environment, whole_graph(targets))
    there = observe_access(settings, environment, observer, access, partly=True)
    if settings.alone:
        there = there.inside(within)
    access_steps = (
        *plan_access(access, there.assignments, there.roles, within=within),
        *plan_schedules(
            access, there.schedules, there.rules, within=within, terms=settings.access, today=now.date()
        ),
    )
    steps = _steps(found)
    plan = combine(
        environment,
        settings.cloud.value,
        steps,
        access_steps,
        findings=open_findings(findings),
        notes=(*_alone(settings), *access.notes, *source_notes(found), *there.gaps),
        inputs=inputs_digest((target.deployment for target in targets), access, settings.access),
        workspace=settings.organisation.name,
        declared=_declared(steps, targets),
    )
    return Planned(plan, targets, access, findings)


def plan_governance(settings: Settings, target: Target, observer: Observer, now: datetime) -> Planned:
    """Return the plan of the management group's own deployment: policies, roles, placement, exemptions."""
    access = DesiredAccess((), ())
    findings = tuple(governance_contradictions(settings, target))
    names = workload_titles((target,), access)
    found = tuple(
        replace(one, changes=tuple(_titled(one.changes, names)))
        for one in previews(settings, (target,), settings.stacks, observer, now)
    )
    plan = combine(
        GOVERNANCE,
        settings.cloud.value,
        _steps(found),
        (),
        findings=findings,
        notes=tuple(source_notes(found)),
        inputs=inputs_digest((target.deployment,)),
        workspace=settings.organisation.name,
    )
    return Planned(plan, (target,), access, findings)


def _alone(settings: Settings) -> Iterator[str]:
    """Yield what a plan of a repository alone leaves out."""
    if settings.alone:
        names = ", ".join(project.name for project in settings.projects)
        yield f"only {names} is planned, by {ORGANISATION_FILE}: platform and other projects are left out"


def source_notes(found: Iterable[Preview]) -> Iterator[str]:
    """Yield who said how the resources of each deployment would change, and why nobody better did.

    Deployments are named where not all of them have the same source.
    """
    said: dict[str, list[str]] = {}
    count = 0
    for one in found:
        count += 1
        source = f"resources were compared by {one.compared.source}"
        for words in (*one.compared.refused, source):
            said.setdefault(words, []).append(one.deployment.name.removeprefix("coe-"))
    for words, names in said.items():
        rest = f" and {len(names) - _NAMED} more" if len(names) > _NAMED else ""
        which = f": {', '.join(names[:_NAMED])}{rest}" if len(names) < count else ""
        yield words + which


def _steps(found: Iterable[Preview]) -> tuple[Step, ...]:
    """Return the deployments, and after each the removal of a stack that is not used any more."""
    given = tuple(found)
    steps = deployment_steps((one.deployment, one.changes) for one in given)
    writing = {step.after["name"]: step.id for step in steps if step.after}
    removals = (
        release(
            one.leftover,
            after=filter(None, [writing.get(one.deployment.name)]),
            reason="stacks.use is never: what it manages is detached and stays",
        )
        for one in given
        if one.leftover is not None
    )
    return (*steps, *removals)


def _declared(steps: Iterable[Step], targets: Iterable[Target]) -> dict[str, frozenset[Scope]]:
    """Return the resources in the template of each deployment that is made, by its step's id."""
    graphs = {target.deployment.name: target.graph for target in targets}
    return {
        step.id: frozenset(
            one.id for one in graphs[step.after["name"]].resources if one.known_id and not one.existing
        )
        for step in steps
        if step.after and step.after["name"] in graphs
    }


def _titled(changes: Iterable[ResourceChange], names: Mapping[Scope, str]) -> Iterator[ResourceChange]:
    return (replace(change, title=names.get(change.resource) or change.title) for change in changes)


def workload_titles(targets: Iterable[Target], access: DesiredAccess) -> dict[Scope, str]:
    """Return what templates give and define, for people.

    ``<role> for <identity> on <scope>`` for an assignment, ``Custom role <role>`` for a definition.
    """
    targets = tuple(targets)
    custom = {role.role.guid.lower(): role.role.name for role in access.custom_roles}
    for target in targets:
        custom |= defined_roles(target.graph)
    titles = {}
    for target in targets:
        for resource in target.graph.of_type(ASSIGNMENT_TYPE):
            for made in template_assignments(ResourceGraph((resource,))):
                role = custom.get(made.role.guid, made.role.name)
                titles[resource.id] = f"{role} for {made.principal_name} on {made.scope.name}"
        for resource in target.graph.of_type(ROLE_TYPE):
            if name := custom.get(str(resource.name).lower()):
                titles[resource.id] = f"Custom role {name}"
    return titles
