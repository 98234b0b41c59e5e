"""Judge the guardrails, offline, on what an environment's templates would really create."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING

from coe_scaffold.checks import run
from coe_scaffold.checks.context import below, context_for
from coe_scaffold.checks.relations import Relations
from coe_scaffold.errors import Problem
from coe_scaffold.model.deployment_json import masked_finding, secret_values
from coe_scaffold.model.finding import Finding, Severity
from coe_scaffold.model.judgement import Judgement, NotJudged, Unchecked, Unit
from coe_scaffold.model.resources import Resource, ResourceGraph
from coe_scaffold.model.settings import Budget, Environment, Settings
from coe_scaffold.operations.agreement import contradictions, governance_contradictions, shared_subnets
from coe_scaffold.operations.elsewhere import elsewhere
from coe_scaffold.operations.exception_lines import at_exceptions
from coe_scaffold.operations.places import at_values
from coe_scaffold.operations.platform_parts import missing_parts
from coe_scaffold.operations.predict import (
    GOVERNANCE,
    Target,
    environment_of,
    predict,
    predict_governance,
    whole_graph,
)
from coe_scaffold.operations.remembered import Remembered
from coe_scaffold.ports import Clock, Compiler

if TYPE_CHECKING:
    from coe_scaffold.checks.policy import PolicyExport


def check(
    settings: Settings, environment: str, targets: Iterable[Target], today: date
) -> tuple[Finding, ...]:
    """Return every verdict on an environment's predicted resources, its deployments judged together.

    Rules about relations see the resources of all deployments; each resource is judged once, and what
    every deployment would say again, such as an exception that does not count, is said once. Values of
    parameter files that contradict coe.yaml or project.yaml come first.
    """
    targets = tuple(targets)
    chosen = _shared(settings) if environment == GOVERNANCE else environment_of(settings, environment)
    estate = Relations(whole_graph(targets))
    findings = list(_of_parameters(settings, chosen, targets))
    for target in targets:
        context = context_for(
            settings,
            chosen,
            today=today,
            template=target.compiled.template,
            locations=target.compiled.locations,
            file=target.compiled.path.as_posix(),
            estate=estate,
            project=target.project,
        )
        findings.extend(run(target.graph, context))
    secrets = secrets_of(targets)
    told = once(masked_finding(finding, secrets) for finding in findings)
    return at_exceptions(settings, at_values(told, Path(settings.root)))


def check_environments(
    settings: Settings,
    names: Iterable[str],
    *,
    compiler: Compiler,
    clock: Clock,
    policies: PolicyExport | None = None,
) -> Judgement:
    """Return the verdicts on several environments; ``all`` among the names stands for every one.

    GOVERNANCE among them, which ``all`` leaves out, is what they share in their management group.

    With ``policies``, also what exported tenant policies would do. Raises ConfigError or CompileError for
    files that cannot be used.
    """
    asked = tuple(names)
    chosen = tuple(settings.environments) if "all" in asked else tuple(dict.fromkeys(asked))
    shared = Remembered(compiler)
    units = []
    missed: list[NotJudged] = []
    unchecked: dict[str, tuple[Problem, ...]] = {}
    for name in chosen:
        targets = (
            (predict_governance(settings, shared, clock),)
            if name == GOVERNANCE
            else predict(settings, name, shared, clock)
        )
        findings = check(settings, name, targets, clock.now().date())
        graph, locations = located(settings, targets)
        acting, left_out = policy_findings(policies, graph, settings.organisation.tenant, clock, locations)
        secrets = secrets_of(targets)
        told = (*findings, *(masked_finding(finding, secrets) for finding in acting))
        units.append(Unit(name, len(graph.resources), told))
        missed += left_out
        for target in targets:
            if gaps := tuple(elsewhere(target.graph, target.compiled)):
                unchecked[target.parameter_file.as_posix()] = gaps
    open_files = tuple(Unchecked(file, gaps) for file, gaps in unchecked.items())
    return Judgement(tuple(units), open_files, tuple(dict.fromkeys(missed)))


def _of_parameters(
    settings: Settings, environment: Environment, targets: tuple[Target, ...]
) -> Iterator[Finding]:
    if environment.name == GOVERNANCE:
        for target in targets:
            yield from governance_contradictions(settings, target)
        return
    yield from contradictions(settings, environment, targets)
    yield from shared_subnets(settings, targets)
    yield from missing_parts(settings, targets)


def _shared(settings: Settings) -> Environment:
    """Return what stands for an environment in the management group, where strict rules apply."""
    return Environment(GOVERNANCE, "", "strict", Budget(0), settings.locations.default)


def policy_findings(
    policies: PolicyExport | None,
    graph: ResourceGraph,
    tenant: str,
    clock: Clock,
    locations: Mapping[str, str],
) -> tuple[tuple[Finding, ...], tuple[NotJudged, ...]]:
    """Return what exported policies would do with a graph; nothing without policies."""
    if policies is None:
        return (), ()
    from coe_scaffold.checks.policy import judge_policies

    return judge_policies(policies, graph, now=clock.now(), tenant=tenant, locations=locations)


def secrets_of(targets: Iterable[Target]) -> frozenset[str]:
    """Return the values and defaults of the secure parameters of deployments, which nothing may print."""
    return frozenset(
        value
        for target in targets
        for value in secret_values(
            {"template": target.compiled.template, "parameters": target.deployment.parameters}
        )
    )


def located(settings: Settings, targets: Iterable[Target]) -> tuple[ResourceGraph, dict[str, str]]:
    """Return all resources as one graph, with sources that tell the deployments apart, and their places."""
    resources: list[Resource] = []
    locations: dict[str, str] = {}
    for target in targets:
        mark = f"/{target.name}"
        resources += [replace(item, source=mark + item.source) for item in target.graph.resources]
        for pointer, place in target.compiled.locations.items():
            locations[mark + pointer] = below(settings.root, place)
    return ResourceGraph(tuple(resources)), locations


def with_profile(settings: Settings, profile: str) -> Settings:
    """Return the settings with one guardrail profile for every environment; unchanged when it is empty."""
    if not profile:
        return settings
    environments: dict[str, Environment] = {
        name: replace(environment, profile=profile) for name, environment in settings.environments.items()
    }
    return replace(settings, environments=environments)


def once(findings: Iterable[Finding]) -> tuple[Finding, ...]:
    """Return each finding one time, in the order they first came."""
    return tuple(
        {(f.rule, f.subject, f.path, f.outcome, f.message, f.location): f for f in findings}.values()
    )


def at_or_above(findings: Iterable[Finding], threshold: Severity) -> tuple[Finding, ...]:
    """Return the failed findings whose severity reaches a threshold."""
    return tuple(
        finding
        for finding in findings
        if finding.outcome.value == "fail" and finding.severity.rank >= threshold.rank
    )
