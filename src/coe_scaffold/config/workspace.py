"""coe.yaml and the project.yaml files beside it to Settings; every problem of every file at once."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace
from pathlib import PurePath
from typing import Any

from pydantic import ValidationError

from coe_scaffold.config.access import access_settings, row_changes, term_problems
from coe_scaffold.config.document import Document, Path, parse
from coe_scaffold.config.problems import from_validation, suggest
from coe_scaffold.config.project_schema import ProjectFile
from coe_scaffold.config.resolve import Override, fold, from_environment, overlay
from coe_scaffold.config.schema import GroupSection, WorkspaceFile
from coe_scaffold.config.source import Source
from coe_scaffold.config.stacks import shared_stacks, stack_problems, stacks_of
from coe_scaffold.errors import ConfigError, Problem
from coe_scaffold.model.coe import FUNCTION_IDS
from coe_scaffold.model.settings import (
    Budget,
    Cloud,
    Environment,
    Group,
    GuardrailException,
    Limits,
    Locations,
    Model,
    Organisation,
    Pace,
    Project,
    Repository,
    Settings,
)


def load(
    root: PurePath,
    workspace: Source,
    projects: Iterable[Source] = (),
    *,
    environ: Mapping[str, str] | None = None,
    flags: Iterable[Override] = (),
) -> Settings:
    """Return the settings of a workspace; raise ConfigError with every problem of every file."""
    problems: list[Problem] = []
    settings = None
    try:
        settings = _workspace(root, workspace, environ or {}, flags)
    except ConfigError as error:
        problems.extend(error.problems)
    found = []
    for source in projects:
        try:
            found.append(load_project(source, settings))
        except ConfigError as error:
            problems.extend(error.problems)
    if problems or settings is None:
        raise ConfigError(problems)
    return replace(settings, projects=tuple(found))


def load_alone(
    root: PurePath, organisation: Source, project: Source, *, environ: Mapping[str, str] | None = None
) -> Settings:
    """Return the settings of one project's repository, from the coe.yaml it carries; raise ConfigError."""
    return replace(load(root, organisation, (project,), environ=environ), alone=True)


def origins(
    workspace: Source, *, environ: Mapping[str, str] | None = None, flags: Iterable[Override] = ()
) -> list[tuple[str, Any, str]]:
    """Return (key, value, origin) of every setting: file and line, variable, flag or default."""
    document, overridden = _overlaid(workspace, environ or {}, flags)
    file = _validated(WorkspaceFile, document)
    spelled = {tuple(fold(str(part)) for part in path): origin for path, origin in overridden.items()}

    def leaves(value: Any, path: Path) -> Iterable[tuple[str, Any, str]]:
        children = (
            value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
        )
        if not value or not children:
            origin = spelled.get(tuple(fold(str(part)) for part in path))
            place = f"{document.file}:{document.places[path][0]}" if path in document.places else "default"
            yield ".".join(map(str, path)), value, origin or place
        for key, item in children:
            yield from leaves(item, (*path, key))

    return list(leaves(file.model_dump(by_alias=True), ()))


def load_project(source: Source, settings: Settings | None = None) -> Project:
    """Return one project; with settings, its environments must be the workspace's."""
    document = parse(source.text, source.file)
    file = _validated(ProjectFile, document)
    if settings is not None:
        known = list(settings.environments)
        problems = [
            document.problem(
                ("repository", "connections", name),
                f"service connection '{name}' is for an environment that the project does not have",
                fix=suggest(name, file.environments),
                code="COE-CFG-025",
            )
            for name in file.repository.connections
            if name.partition("-")[0] not in file.environments
        ]
        problems += [
            document.problem(
                ("environments", index),
                f"environment '{name}' is not in coe.yaml",
                fix=suggest(name, known),
                code="COE-CFG-024",
            )
            for index, name in enumerate(file.environments)
            if name not in known
        ]
        if file.access.matrix:
            from coe_scaffold.config.overrides import matrix_problems

            problems += matrix_problems(
                file.access.matrix, tuple(known), document, earlier=settings.access.changes, project=True
            )
        if problems:
            raise ConfigError(problems)
    case = file.use_case
    return Project(
        name=file.name,
        kind=file.kind,
        title=file.title,
        owner=file.owner,
        environments=tuple(file.environments),
        risk_tier=case.risk_tier,
        data_classification=case.data_classification,
        use_case=case.model_dump(by_alias=True),
        functions={function: _groups(groups) for function, groups in file.functions.items()},
        folder=source.folder,
        access_changes=row_changes(file.access.matrix, document),
        repository_id=file.repository.id,
        provider=file.repository.provider,
        connections=dict(file.repository.connections),
        components=dict(file.components),
    )


def _workspace(
    root: PurePath, source: Source, environ: Mapping[str, str], flags: Iterable[Override]
) -> Settings:
    document, _ = _overlaid(source, environ, flags)
    file = _validated(WorkspaceFile, document)
    problems = list(_cross_checks(file, document))
    if problems:
        raise ConfigError(problems)
    return replace(_settings(root, file), access=access_settings(file.access, document), text=source.text)


def _overlaid(
    source: Source, environ: Mapping[str, str], flags: Iterable[Override]
) -> tuple[Document, dict[tuple[str, ...], str]]:
    sections = [field.alias or name for name, field in WorkspaceFile.model_fields.items()]
    overrides = [*from_environment(environ, sections), *flags]
    return overlay(parse(source.text, source.file), overrides)


def _validated(model: type[Any], document: Document) -> Any:
    try:
        return model.model_validate(document.data)
    except ValidationError as error:
        raise ConfigError(from_validation(error, document, model)) from None


def _cross_checks(file: WorkspaceFile, document: Document) -> Iterable[Problem]:
    allowed = file.locations.allowed
    if file.locations.default not in allowed:
        message = f"the default location '{file.locations.default}' is not in locations.allowed"
        yield document.problem(
            ("locations", "default"),
            message,
            fix=suggest(file.locations.default, allowed),
            code="COE-CFG-020",
        )
    subscriptions: dict[str, str] = {}
    for name, environment in file.environments.items():
        path = ("environments", name)
        if environment.location and environment.location not in allowed:
            message = f"location '{environment.location}' of environment '{name}' is not in locations.allowed"
            fix = suggest(environment.location, allowed)
            yield document.problem((*path, "location"), message, fix=fix, code="COE-CFG-021")
        first = subscriptions.setdefault(environment.subscription.lower(), name)
        if first != name:
            message = f"environments '{first}' and '{name}' share one subscription"
            fix = "Give each environment a subscription of its own."
            yield document.problem((*path, "subscription"), message, fix=fix, code="COE-CFG-022")
    environments = tuple(file.environments)
    yield from term_problems(file.access, environments, document)
    if file.access.matrix:
        from coe_scaffold.config.overrides import matrix_problems

        yield from matrix_problems(file.access.matrix, environments, document)
    if file.sandbox.principal and file.cloud != Cloud.SANDBOX.value:
        message = f"sandbox.principal acts as somebody else on the sandbox alone, the cloud is {file.cloud}"
        fix = "Take it out (COE_SANDBOX__PRINCIPAL too), and sign in as whom you want to act as."
        yield document.problem(("sandbox", "principal"), message, fix=fix, code="COE-CFG-037")
    yield from stack_problems(file, document)
    yield from _exception_problems(file, document)
    for function in FUNCTION_IDS:
        if function not in file.functions:
            message = f"the function '{function}' has no group"
            fix = f"Add '{function}: [{{id: <object id of an Entra group>}}]' under functions."
            yield document.problem(("functions",), message, fix=fix, code="COE-CFG-023")


def _exception_problems(file: WorkspaceFile, document: Document) -> Iterator[Problem]:
    """Yield exceptions for nowhere: they would excuse nothing, and nobody would notice."""
    known = (*file.environments, "governance")
    for index, item in enumerate(file.exceptions):
        if "/" not in item.scope and item.scope not in known:
            message = f"an exception is for '{item.scope}', which is no environment and no resource id"
            fix = suggest(item.scope, known)
            yield document.problem(("exceptions", index, "scope"), message, fix=fix, code="COE-CFG-038")


def _settings(root: PurePath, file: WorkspaceFile) -> Settings:
    organisation, locations = file.organisation, file.locations
    return Settings(
        root=root,
        organisation=Organisation(
            organisation.name, organisation.prefix, organisation.tenant, organisation.management_group
        ),
        cloud=Cloud(file.cloud),
        locations=Locations(locations.default, tuple(locations.allowed), locations.data_zone),
        environments={
            name: Environment(
                name=name,
                subscription=section.subscription,
                profile=section.profile,
                budget=Budget(section.budget.monthly, section.budget.currency),
                location=section.location or locations.default,
                approvals=tuple(section.approvals),
                stacks=stacks_of(file.stacks, section.stacks, name),
            )
            for name, section in file.environments.items()
        },
        functions={function: _groups(groups) for function, groups in file.functions.items()},
        tags=dict(file.tags),
        models=tuple(
            Model(model.name, model.version, model.format, model.capacity) for model in file.models.allowed
        ),
        deployment_types=tuple(file.models.deployment_types),
        limits=Limits(
            file.limits.capacity, file.limits.nodes, file.limits.throughput, tuple(file.limits.vm_sizes)
        ),
        compiler=file.bicep.compiler,
        repository=Repository(
            file.repository.organisation,
            file.repository.provider,
            file.repository.owner_id,
            file.repository.project,
            file.repository.organisation_id,
            file.repository.issuer,
            file.repository.runner,
        ),
        sandbox_port=file.sandbox.port,
        sandbox_faults=file.sandbox.faults,
        sandbox_principal=file.sandbox.principal,
        pace=Pace(file.pace.concurrency, file.pace.burst, file.pace.per_second),
        stacks=shared_stacks(file.stacks),
        exceptions=tuple(
            GuardrailException(item.guardrail, item.scope, item.reason, item.approver, item.expires)
            for item in file.exceptions
        ),
    )


def _groups(groups: Iterable[GroupSection]) -> tuple[Group, ...]:
    return tuple(Group(group.id, group.name, group.email) for group in groups)
