"""What an environment's templates would create: compiled, evaluated, names checked. Reads files only."""

from __future__ import annotations

import uuid
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field, replace
from datetime import datetime
from pathlib import Path

from coe_scaffold.catalog import naming
from coe_scaffold.errors import CompileError, ConfigError, Problem, UsageError
from coe_scaffold.model.resources import Deployment, Resource, ResourceGraph, deployment_name
from coe_scaffold.model.scope import Scope
from coe_scaffold.model.settings import Environment, Project, Settings, Stacks, StackUse
from coe_scaffold.ports import Clock, CompiledTemplate, Compiler
from coe_scaffold.template import DeploymentContext, evaluate


@dataclass(frozen=True)
class Target:
    """One deployment of an environment: the platform, or one project.

    ``graph`` is what it would create; ``parameter_file`` is where its values come from.
    """

    name: str
    project: Project | None
    deployment: Deployment
    compiled: CompiledTemplate = field(hash=False)
    parameter_file: Path
    graph: ResourceGraph = field(hash=False)


GOVERNANCE = "governance"
"""What stands for the management group where an environment is asked for; no environment has this name."""


def environment_of(settings: Settings, name: str) -> Environment:
    """Return an environment by name; raise UsageError that lists the known ones."""
    if name not in settings.environments:
        raise UsageError(
            f"there is no environment '{name}' in coe.yaml", fix=f"Known: {', '.join(settings.environments)}."
        )
    return settings.environments[name]


def predict(settings: Settings, environment: str, compiler: Compiler, clock: Clock) -> tuple[Target, ...]:
    """Return the deployments of an environment, the platform first; of a repository alone, only its own.

    Raises ConfigError for missing parameter files and for names Azure would refuse, CompileError for
    Bicep or a template that cannot be compiled or evaluated.
    """
    chosen = environment_of(settings, environment)
    files = list(_parameter_files(settings, environment))
    missing = [
        Problem(path.as_posix(), 0, 0, f"the parameter file of {name} for '{environment}' is missing", fix)
        for name, _, path, fix in files
        if not path.is_file()
    ]
    if missing:
        raise ConfigError(missing)
    targets = tuple(
        _target(
            settings,
            chosen.scope,
            chosen.location,
            deployment_name(name, environment),
            project,
            path,
            compiler,
            clock,
            chosen.stacks,
        )
        for name, project, path, _ in files
    )
    problems = [problem for target in targets for problem in _refused_names(target)]
    if problems:
        raise ConfigError(problems)
    return targets


def predict_governance(settings: Settings, compiler: Compiler, clock: Clock) -> Target:
    """Return the deployment of what all environments share in their management group.

    Raises ConfigError for a missing parameter file, CompileError as :func:`predict` does.
    """
    path = Path(settings.root) / "landing-zone" / GOVERNANCE / "organisation.bicepparam"
    if not path.is_file():
        message = "the parameter file of governance is missing"
        raise ConfigError([Problem(path.as_posix(), 0, 0, message, _writes(settings))])
    scope = Scope.management_group(settings.organisation.management_group)
    name = f"coe-{GOVERNANCE}"
    return _target(
        settings, scope, settings.locations.default, name, None, path, compiler, clock, settings.stacks
    )


def context_of(settings: Settings, deployment: Deployment, now: datetime) -> DeploymentContext:
    """Return where and when a deployment is evaluated."""
    return DeploymentContext(
        name=deployment.name,
        scope=deployment.scope,
        location=deployment.location,
        tenant=settings.organisation.tenant,
        now=now,
        new_guid=lambda: str(uuid.uuid4()),
    )


def own_scopes(settings: Settings, environment: str, graph: ResourceGraph) -> tuple[Scope, ...]:
    """Return what the files answer for: a subscription, or the resource groups of a project alone."""
    if not settings.alone:
        return (environment_of(settings, environment).scope,)
    groups = graph.of_type("Microsoft.Resources/resourceGroups")
    return tuple(one.id for one in groups if one.known_id and not one.existing)


def whole_graph(targets: Iterable[Target]) -> ResourceGraph:
    """Return the resources of all targets as one graph."""
    return ResourceGraph(tuple(resource for target in targets for resource in target.graph.resources))


def _writes(settings: Settings) -> str:
    """Return which command writes a parameter file that is missing."""
    there = (Path(settings.root) / "landing-zone").is_dir()
    return f"Run 'coe new landing-zone{' --update' if there else ''}'."


def _parameter_files(settings: Settings, environment: str) -> Iterator[tuple[str, Project | None, Path, str]]:
    root = Path(settings.root)
    if not settings.alone:
        yield (
            "platform",
            None,
            root / "landing-zone" / "platform" / f"{environment}.bicepparam",
            _writes(settings),
        )
    for project in settings.projects:
        if environment in project.environments:
            path = root / project.folder / "infra" / "project" / f"{environment}.bicepparam"
            yield (
                project.name,
                project,
                path,
                "Restore it from the repository's history, or generate it anew.",
            )


def _target(
    settings: Settings,
    scope: Scope,
    location: str,
    name: str,
    project: Project | None,
    path: Path,
    compiler: Compiler,
    clock: Clock,
    stacks: Stacks,
) -> Target:
    values = compiler.parameters(path)
    compiled = compiler.compile(values.template_path)
    deployment = Deployment(
        name=name,
        scope=scope,
        template=compiled.template,
        parameters=values.parameters,
        location=location,
        stack=None if stacks.use is StackUse.NEVER else stacks.settings,
    )
    context = context_of(settings, deployment, clock.now())

    def evaluated() -> ResourceGraph:
        return evaluate(deployment.template, deployment.parameters, context)

    try:
        graph = (
            compiler.graph(deployment, context.tenant, context.now, evaluated)
            if values.public
            else evaluated()
        )
    except CompileError as error:
        problems = [_located(problem, compiled, path) for problem in error.problems]
        summary = f"{compiled.path} cannot be evaluated with {path.name}"
        raise CompileError(problems, summary=summary, fix=error.fix) from error
    return Target(project.name if project else "platform", project, deployment, compiled, path, graph)


def _located(problem: Problem, compiled: CompiledTemplate, parameter_file: Path) -> Problem:
    """Return an evaluation problem at the Bicep line that declares its resource, or at the parameter file."""
    pointer = problem.file
    while pointer and pointer not in compiled.locations:
        pointer = pointer.rpartition("/")[0]
    file, _, line = compiled.locations.get(pointer, "").rpartition(":")
    if file:
        return replace(problem, file=file, line=int(line), column=1)
    return replace(problem, file=parameter_file.as_posix())


def _refused_names(target: Target) -> Iterator[Problem]:
    rules = naming()
    for resource in target.graph.resources:
        if not resource.known_id:
            continue
        file, line = _place(target, resource)
        for reason in rules.problems(resource.type, resource.name):
            message = f"Azure would refuse the name '{resource.name}' of {resource.type}: {reason}"
            fix = f"Change the names or the prefix in {target.parameter_file.name}."
            yield Problem(file, line, 1 if line else 0, message, fix, "COE-NAM-001")


def _place(target: Target, resource: Resource) -> tuple[str, int]:
    file, _, line = target.compiled.locations.get(resource.source, "").rpartition(":")
    return (file, int(line)) if file else (target.parameter_file.as_posix(), 0)
