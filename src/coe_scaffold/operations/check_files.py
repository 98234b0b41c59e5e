"""Judge the guardrails on files that somebody brings, inside a workspace or without one."""

from __future__ import annotations

import uuid
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from datetime import date
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

from coe_scaffold.checks import CheckContext, context_for, run
from coe_scaffold.checks.relations import Relations
from coe_scaffold.errors import CoeError, CompileError, Problem, ProblemsError, UsageError
from coe_scaffold.model.deployment_json import masked_finding, secret_values
from coe_scaffold.model.json import JsonObject, Unknown
from coe_scaffold.model.judgement import Judgement, NotJudged, Unchecked, Unit
from coe_scaffold.model.resources import Resource, ResourceGraph
from coe_scaffold.model.scope import Scope
from coe_scaffold.model.settings import Budget, Environment, Project, Settings
from coe_scaffold.operations.check import policy_findings
from coe_scaffold.operations.elsewhere import elsewhere
from coe_scaffold.operations.found_files import Entry, entries, template_beside
from coe_scaffold.operations.placeholders import filled
from coe_scaffold.operations.places import at_values
from coe_scaffold.operations.predict import predict, whole_graph
from coe_scaffold.operations.remembered import Remembered
from coe_scaffold.ports import Clock, CompiledTemplate, Compiler
from coe_scaffold.template import DeploymentContext, evaluate

if TYPE_CHECKING:
    from coe_scaffold.checks.policy import PolicyExport

NOWHERE = "00000000-0000-0000-0000-000000000000"
"""Stands for the subscription and tenant when nobody says which."""

_SOMEWHERE = Unknown("[deployment().location]")


@dataclass(frozen=True)
class Surroundings:
    """Where brought files would be deployed.

    ``settings`` are absent outside a workspace, and then nothing is known of allowed regions, models and
    types of deployments. ``environment`` is absent when none was chosen. ``others`` are what it would have
    besides.
    """

    settings: Settings | None = field(default=None, hash=False)
    environment: Environment | None = None
    profile: str = "standard"
    others: tuple[Resource, ...] = field(default=(), hash=False)

    @property
    def subscription(self) -> Scope:
        """The environment's subscription, or one that stands for any."""
        return self.environment.scope if self.environment else Scope.subscription_of(NOWHERE)


def check_files(
    path: Path,
    parameters: Path | None,
    around: Surroundings,
    *,
    compiler: Compiler,
    clock: Clock,
    policies: PolicyExport | None = None,
) -> Judgement:
    """Return the verdicts on a file, or on everything in a folder that can be judged.

    In a workspace without projects, the template that projects will get copies of has no values yet, and is
    left out of folders. A parameter file named after an environment is judged for this environment, together
    with what else the environment would have; those of other environments than the chosen one are left
    out. A file that cannot be compiled or evaluated is among ``unchecked``; so is one with parameters that
    have no value, but it is judged all the same, with what depends on them unknown. With ``policies``, also
    what exported tenant policies would do. Raises UsageError when there is nothing to judge.
    """
    shared = Remembered(compiler)
    units: list[Unit] = []
    unchecked: list[Unchecked] = []
    missed: list[NotJudged] = []
    placed = cache(lambda name: _placed(around, name, shared, clock))
    with_values: list[JsonObject] = []
    for entry in _chosen(path, parameters, around):
        try:
            if path.is_dir() and _only_for_projects(entry, around):
                continue
            loaded = _loaded(entry, shared)
            if _judged_already(entry, loaded[0].template, with_values):
                continue
            unit, gaps, left_out = _judged(entry, loaded, placed(entry.environment), clock, policies)
            units.append(unit)
            unchecked += gaps
            missed += left_out
        except CoeError as error:
            unchecked.append(Unchecked(entry.file.as_posix(), _problems(entry.file, error)))
    if not unchecked and not any(unit.resources for unit in units):
        raise UsageError(
            f"There is nothing to judge in {path}: no resource would be created",
            fix="Name a template that creates resources with these parameters.",
        )
    return Judgement(tuple(units), tuple(unchecked), tuple(dict.fromkeys(missed)))


def _only_for_projects(entry: Entry, around: Surroundings) -> bool:
    """Return whether a template is the master of what projects get, and there is no project yet."""
    if around.settings is None or around.settings.projects or entry.template is None or entry.parameters:
        return False
    return entry.template.resolve().is_relative_to(Path(around.settings.root) / "landing-zone" / "project")


def _judged_already(entry: Entry, template: JsonObject, with_values: list[JsonObject]) -> bool:
    """Return whether a template without values became, with its modules, the same as one that had some.

    The master of what projects have copies of is judged through these. ``with_values`` collects what
    parameter files are for, which come first.
    """
    if entry.parameters is None:
        return template in with_values
    if template not in with_values:
        with_values.append(template)
    return False


@dataclass(frozen=True)
class _Chosen(Entry):
    environment: str = ""


def _chosen(path: Path, parameters: Path | None, around: Surroundings) -> Iterator[_Chosen]:
    """Yield what to judge, each with the environment it is for."""
    known = around.settings.environments if around.settings else {}
    for entry in entries(path, parameters):
        own = entry.file.name.partition(".")[0]
        named = own if entry.parameters is not None and own in known else ""
        wanted = around.environment.name if around.environment else named
        if named in ("", wanted) or not path.is_dir():
            yield _Chosen(entry.template, entry.parameters, wanted)


def _placed(around: Surroundings, name: str, compiler: Compiler, clock: Clock) -> Surroundings:
    """Return the surroundings in one environment, with what its own templates would create there.

    An environment that cannot be predicted as a whole adds nothing.
    """
    if around.settings is None or not name:
        return around
    try:
        others = whole_graph(predict(around.settings, name, compiler, clock)).resources
    except CoeError:
        others = ()
    return replace(around, environment=around.settings.environments[name], others=others)


def _judged(
    entry: Entry,
    loaded: tuple[CompiledTemplate, JsonObject],
    around: Surroundings,
    clock: Clock,
    policies: PolicyExport | None,
) -> tuple[Unit, tuple[Unchecked, ...], tuple[NotJudged, ...]]:
    compiled, values = loaded
    absent = _without_value(compiled, values)
    gaps: tuple[Problem, ...] = (_no_value(compiled, absent),) if absent else ()
    context = DeploymentContext(
        name="check",
        scope=scope_of(compiled.template, around),
        location=around.environment.location if around.environment else _SOMEWHERE,
        tenant=around.settings.organisation.tenant if around.settings else NOWHERE,
        now=clock.now(),
        new_guid=lambda: str(uuid.uuid4()),
    )
    unknowns = {name: {"value": Unknown(f"[parameters('{name}')]")} for name in absent}
    try:
        graph = evaluate(compiled.template, {**values, **unknowns}, context)
    except ProblemsError as error:
        raise CompileError([*gaps, *error.problems]) from error
    gaps += tuple(elsewhere(graph, compiled))
    own = {resource.id for resource in graph.resources}
    others = tuple(resource for resource in around.others if resource.id not in own)
    estate = Relations(ResourceGraph((*graph.resources, *others)))
    choices = replace(check_context(around, compiled, clock.now().date()), estate=estate)
    findings = run(graph, choices)
    meant = policies.anywhere() if policies and around.environment is None else policies
    acting, missed = policy_findings(meant, graph, context.tenant, clock, choices.locations)
    file = entry.file.as_posix()
    secrets = set(secret_values({"template": compiled.template, "parameters": values}))
    told = tuple(masked_finding(finding, secrets) for finding in (*findings, *acting))
    root = Path(around.settings.root) if around.settings else Path()
    unit = Unit(file, len(graph.resources), at_values(told, root))
    return unit, (Unchecked(file, gaps),) if gaps else (), missed


def _loaded(entry: Entry, compiler: Compiler) -> tuple[CompiledTemplate, JsonObject]:
    if entry.parameters is None:
        return compiler.compile(entry.file), {}
    given = compiler.parameters(entry.parameters)
    template = entry.template or given.template_path
    if not template.name:
        found = template_beside(entry.parameters)
        if found is None:
            problem = Problem(entry.file.as_posix(), 0, 0, "there is no template for this parameter file")
            raise CompileError([problem], fix="Name the template, and this file with --parameters.")
        template = found
    compiled = compiler.compile(template)
    return compiled, filled(given.parameters, compiled.template)


def _without_value(compiled: CompiledTemplate, values: JsonObject) -> tuple[str, ...]:
    """Return the names of the parameters that need a value and have none."""
    given = {name.lower() for name in values}
    declared = compiled.template.get("parameters")
    return tuple(
        name
        for name, body in (declared.items() if isinstance(declared, dict) else ())
        if name.lower() not in given and _needs_value(body, compiled.template)
    )


def _no_value(compiled: CompiledTemplate, absent: tuple[str, ...]) -> Problem:
    many = "s" if len(absent) > 1 else ""
    message = f"no value for the parameter{many} {', '.join(absent)}: what depends on one is unknown"
    fix = "Give a parameter file: --parameters FILE, or check the .bicepparam itself."
    return Problem(compiled.path.as_posix(), 0, 0, message, fix, "InvalidTemplate")


def _needs_value(body: object, template: JsonObject) -> bool:
    if not isinstance(body, dict) or "defaultValue" in body or body.get("nullable"):
        return False
    name = str(body.get("$ref", "")).rpartition("/")[2]
    definition = (template.get("definitions") or {}).get(name, {})
    return not (isinstance(definition, dict) and definition.get("nullable"))


def scope_of(template: JsonObject, around: Surroundings) -> Scope:
    """Return where a template is meant to be deployed, as its schema says."""
    schema = str(template.get("$schema", "")).lower()
    if "/tenantdeploymenttemplate" in schema:
        return Scope.tenant()
    if "/managementgroupdeploymenttemplate" in schema:
        settings = around.settings
        return Scope.management_group(settings.organisation.management_group if settings else "any")
    if "/subscriptiondeploymenttemplate" in schema:
        return around.subscription
    return around.subscription.group("any")


def check_context(around: Surroundings, compiled: CompiledTemplate, today: date) -> CheckContext:
    """Return what rules compare with: the workspace's choices, or what this tool takes for granted.

    Exceptions belong to environments: without one they are left out.
    """
    file = compiled.path.as_posix()
    if around.settings is None:
        return CheckContext(
            allowed_locations=(),
            allowed_models=(),
            deployment_types=(),
            profile=around.profile,
            exceptions=(),
            today=today,
            template=compiled.template,
            locations=compiled.locations,
            file=file,
        )
    settings = around.settings
    environment = around.environment
    if environment is None:
        settings = replace(settings, exceptions=())
        environment = Environment("", NOWHERE, around.profile, Budget(0), settings.locations.default)
    return context_for(
        settings,
        environment,
        today=today,
        template=compiled.template,
        locations=compiled.locations,
        file=file,
        project=_project_of(settings, compiled.path),
    )


def _project_of(settings: Settings, file: Path) -> Project | None:
    """Return the project whose repository holds a file."""
    root = Path(settings.root).resolve()
    folders = {root / project.folder: project for project in settings.projects}
    return next((folders[folder] for folder in file.resolve().parents if folder in folders), None)


def _problems(file: Path, error: CoeError) -> tuple[Problem, ...]:
    if not isinstance(error, ProblemsError):
        return (Problem(file.as_posix(), 0, 0, error.summary, error.fix, error.code),)
    return tuple(_with_file(file, problem) for problem in error.problems)


def _with_file(file: Path, problem: Problem) -> Problem:
    """Return a problem with its file, where the evaluator only knows a place in the template."""
    if not problem.file.startswith("/") or Path(problem.file).exists():
        return problem
    message = f"{problem.message} (at {problem.file} of the template)"
    return replace(problem, file=file.as_posix(), message=message)
