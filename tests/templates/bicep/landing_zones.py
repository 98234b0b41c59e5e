"""The shipped templates, compiled and evaluated for the sample workspace; each once per test run."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import UTC, date, datetime
from functools import cache
from itertools import count

from coe_scaffold.bicep import Compiled, compile_bicep, compile_parameters
from coe_scaffold.model.resources import Resource, ResourceGraph
from coe_scaffold.scaffold.landing_zone import landing_zone, project_infra
from coe_scaffold.scaffold.tree import FileTree
from coe_scaffold.template import DeploymentContext, evaluate
from tests.fakes.workspace import settings

ENVIRONMENTS = ("dev", "test", "prod")
TEMPLATES = ("platform", "project")
TODAY = date(2026, 11, 24)


@cache
def tree(template: str) -> FileTree:
    """The files of the landing zone, or of the sample project's ``infra/``."""
    sample = settings()
    if template == "platform":
        return landing_zone(sample, today=TODAY)
    return project_infra(sample, sample.projects[0])


@cache
def compiled(template: str) -> Compiled:
    """A template of :data:`TEMPLATES` as ARM JSON."""
    return compile_bicep(f"{template}/main.bicep", reader(tree(template)))


def graph(template: str, environment: str, **changed: object) -> ResourceGraph:
    """What a template of :data:`TEMPLATES` would create in an environment of the sample workspace.

    ``changed`` are parameter values that replace those of the parameter file.
    """
    return _evaluated(template, environment, changed) if changed else _as_written(template, environment)


def everything(environment: str) -> ResourceGraph:
    """What all templates would create in an environment."""
    return ResourceGraph(tuple(item for name in TEMPLATES for item in graph(name, environment).resources))


def line(resource: Resource) -> str:
    """``type name``, and for an extension resource what it extends."""
    _, _, extended = str(resource.scope).partition("/providers/")
    return f"{resource.type} {resource.name}" + (f" on {extended}" if extended else "")


@cache
def _as_written(template: str, environment: str) -> ResourceGraph:
    return _evaluated(template, environment, {})


def _evaluated(template: str, environment: str, changed: Mapping[str, object]) -> ResourceGraph:
    sample = settings()
    chosen = sample.environments[environment]
    file = f"{template}/{environment}.bicepparam"
    parameters = {
        **compile_parameters(file, reader(tree(template)), {}).parameters,
        **{name: {"value": value} for name, value in changed.items()},
    }
    number = count(1)
    context = DeploymentContext(
        name=f"coe-{template}-{environment}",
        scope=chosen.scope,
        location=chosen.location,
        tenant=sample.organisation.tenant,
        now=datetime(2026, 11, 24, tzinfo=UTC),
        new_guid=lambda: f"00000000-0000-4000-8000-{next(number):012d}",
    )
    return evaluate(compiled(template).template, parameters, context)


def reader(files: FileTree) -> Callable[[str], bytes]:
    """Return a function that reads a file of a tree, as the compiler wants it."""

    def read(path: str) -> bytes:
        if path not in files.files:
            raise FileNotFoundError(path)
        return files.files[path]

    return read
