"""Make one plan of an environment: resources, access and findings. Reads only."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from datetime import date

from coe_scaffold.access.desired import DesiredAccess, desired
from coe_scaffold.access.workload import ASSIGNMENT_TYPE, template_assignments
from coe_scaffold.checks.run import open_findings
from coe_scaffold.errors import CloudError
from coe_scaffold.model.deployment_json import masked, secret_values
from coe_scaffold.model.finding import Finding
from coe_scaffold.model.plan import Plan
from coe_scaffold.model.resources import Deployment, ResourceChange, ResourceGraph
from coe_scaffold.model.scope import Scope
from coe_scaffold.model.settings import Settings
from coe_scaffold.operations.access import separation
from coe_scaffold.operations.check import check
from coe_scaffold.operations.observing import observe_access
from coe_scaffold.operations.predict import (
    GOVERNANCE,
    Target,
    environment_of,
    predict,
    predict_governance,
    whole_graph,
)
from coe_scaffold.planning import combine, deployment_steps, inputs_digest
from coe_scaffold.planning.access import plan_access
from coe_scaffold.planning.deployments import check_size, with_extras
from coe_scaffold.planning.schedules import plan_schedules
from coe_scaffold.ports import Clock, Compiler, Observer

SOURCE = "resources were compared by ARM's deployment what-if"
"""Note of every plan: what said how resources would change."""


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
        return plan_governance(settings, predict_governance(settings, compiler, clock), observer)
    targets = predict(settings, environment, compiler, clock)
    graph = whole_graph(targets)
    findings = (
        *check(settings, environment, targets, clock.now().date()),
        *separation(settings, environment, graph),
    )
    access = desired(settings, environment, graph)
    today = clock.now().date()
    return plan_targets(settings, environment, targets, findings, access, observer, today)


def plan_targets(
    settings: Settings,
    environment: str,
    targets: tuple[Target, ...],
    findings: Iterable[Finding],
    access: DesiredAccess,
    observer: Observer,
    today: date,
) -> Planned:
    """Return the plan of targets that are compiled and checked already; ``today`` decides what is renewed."""
    findings = tuple(findings)
    chosen = environment_of(settings, environment)
    exist = observer.resources(chosen.scope)
    names = workload_titles(targets, access)
    deployments = deployment_steps(
        (
            target.deployment,
            with_extras(
                (
                    replace(change, title=names.get(change.resource, ""))
                    for change in what_if(observer, target.deployment)
                ),
                exist,
            ),
        )
        for target in targets
    )
    there = observe_access(settings, environment, observer, access)
    within = (chosen.scope,)
    steps = (
        *plan_access(access, there.assignments, there.roles, within=within),
        *plan_schedules(
            access, there.schedules, there.rules, within=within, terms=settings.access, today=today
        ),
    )
    plan = combine(
        environment,
        settings.cloud.value,
        deployments,
        steps,
        findings=open_findings(findings),
        notes=(*access.notes, SOURCE),
        inputs=inputs_digest((target.deployment for target in targets), access, settings.access),
        workspace=settings.organisation.name,
    )
    return Planned(plan, targets, access, findings)


def plan_governance(settings: Settings, target: Target, observer: Observer) -> Planned:
    """Return the plan of the management group's own deployment: policies, roles, placement, exemptions."""
    access = DesiredAccess((), ())
    changes = what_if(observer, target.deployment)
    plan = combine(
        GOVERNANCE,
        settings.cloud.value,
        deployment_steps(((target.deployment, changes),)),
        (),
        inputs=inputs_digest((target.deployment,)),
        workspace=settings.organisation.name,
    )
    return Planned(plan, (target,), access, ())


def what_if(observer: Observer, deployment: Deployment) -> tuple[ResourceChange, ...]:
    """Return what deploying would change; secrets that ARM's refusal quotes are masked."""
    check_size(deployment)
    try:
        return observer.what_if(deployment)
    except CloudError as error:
        secrets = set(secret_values({"template": deployment.template, "parameters": deployment.parameters}))
        raise CloudError(
            masked(error.summary, secrets),
            detail=masked(error.detail, secrets),
            fix=error.fix,
            code=error.code,
            status=error.status,
            correlation_id=error.correlation_id,
        ) from None


def workload_titles(targets: Iterable[Target], access: DesiredAccess) -> dict[Scope, str]:
    """Return what templates assign to identities, for people: ``<role> for <identity> on <scope>``."""
    custom = {role.role.guid.lower(): role.role.name for role in access.custom_roles}
    titles = {}
    for target in targets:
        for resource in target.graph.of_type(ASSIGNMENT_TYPE):
            for made in template_assignments(ResourceGraph((resource,))):
                role = custom.get(made.role.guid, made.role.name)
                titles[resource.id] = f"{role} for {made.principal_name} on {made.scope.name}"
    return titles
