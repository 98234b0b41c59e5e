"""A project repository: the intake answers and the workspace's settings to a tree of files."""

from __future__ import annotations

import keyword
import re
import sys
from collections.abc import Mapping
from dataclasses import replace
from datetime import date, timedelta
from functools import partial
from typing import Any

from coe_scaffold.catalog import functions
from coe_scaffold.catalog.review import provider_paths
from coe_scaffold.errors import BlockedError, UsageError
from coe_scaffold.model.settings import Budget, Group, Project, Settings
from coe_scaffold.scaffold.alerts import monitoring_rows, runbook_rows
from coe_scaffold.scaffold.branch_policies import REVIEWED
from coe_scaffold.scaffold.components import KINDS
from coe_scaffold.scaffold.federation import provider_of
from coe_scaffold.scaffold.landing_zone import evaluated_environment, project_infra, slot_of
from coe_scaffold.scaffold.manifest import Manifest, kind
from coe_scaffold.scaffold.provenance import quoted, with_organisation, with_provenance
from coe_scaffold.scaffold.render import render
from coe_scaffold.scaffold.tree import FileTree
from coe_scaffold.scaffold.use_case import as_answered, as_written

_NAME = re.compile(r"[a-z][a-z0-9]*(-[a-z0-9]+)*")
_REVIEW_DAYS = {"minimal": 365, "limited": 365, "high": 91}
"""A high-risk system is reviewed every three months, others once a year."""

_RESERVED_PACKAGES = sys.stdlib_module_names | {
    "azure",
    "cryptography",
    "evals",
    "fastapi",
    "httpx2",
    "joblib",
    "mlflow",
    "mypy",
    "numpy",
    "openai",
    "pydantic",
    "pytest",
    "requests",
    "ruff",
    "scipy",
    "sklearn",
    "src",
    "starlette",
    "tests",
    "uvicorn",
    "yaml",
}
"""Packages a generated repository imports: a project of that name could not be imported."""


def new_project(
    settings: Settings,
    name: str,
    kind_id: str,
    answers: Mapping[str, str] | None = None,
    *,
    environments: tuple[str, ...] = (),
    manifest: Manifest | None = None,
) -> Project:
    """Return a project from answers, defaults filled in; without environments it gets all of the workspace.

    Raises UsageError for a name, kind, environment or answer that cannot be used, and BlockedError for a
    use case whose risk tier is ``prohibited``.
    """
    check_name(name)
    chosen = manifest or kind(kind_id)
    if (answers or {}).get("risk_tier") == "prohibited":
        raise BlockedError(
            "a prohibited use case gets no repository",
            detail="'prohibited' stands for the practices of Article 5, Regulation (EU) 2024/1689.",
            fix="Change the use case; then let the Compliance Officer classify it again.",
        )
    if unknown := [item for item in environments if item not in settings.environments]:
        raise UsageError(
            f"no such environment in coe.yaml: {', '.join(unknown)}",
            fix=f"Known: {', '.join(settings.environments)}.",
        )
    given = chosen.answers(answers or {})
    return Project(
        name=name,
        kind=chosen.kind or chosen.id,
        title=given["title"] or name.replace("-", " ").capitalize(),
        owner=given["owner"],
        environments=environments or tuple(settings.environments),
        risk_tier=given["risk_tier"],
        data_classification=given["data_classification"],
        use_case=as_written(given),
        folder=name,
        provider=_own(settings, given.get("ci", "")),
    )


def render_project(
    settings: Settings,
    project: Project,
    *,
    today: date,
    manifest: Manifest | None = None,
    more: Mapping[str, str] | None = None,
) -> FileTree:
    """Return the whole repository of a project; the same arguments give the same bytes.

    ``today`` dates the documents and the next review. ``manifest`` is that of a template which is not
    packaged, ``more`` the answers to its own questions. Raises UsageError for an unknown kind.
    """
    manifest = manifest or kind(project.kind)
    answers = {**(more or {}), **_answers(project, today), "slot": str(slot_of(settings, project))}
    provider = answers.get("ci") or provider_of(settings, project)
    project = replace(project, provider=provider)
    context = {**(more or {}), **_context(settings, project, today), "facts": manifest.facts}
    wanted = partial(manifest.needed, risk_tier=project.risk_tier, provider=provider)
    tree = FileTree()
    for layer in manifest.layers:
        tree = tree.merge(render(layer, context, wanted=wanted, packaged=not manifest.source), replace=True)
    tree = _with_paths(tree, provider)
    if manifest.infrastructure:
        tree = tree.merge(project_infra(settings, project).prefix("infra"))
    return with_provenance(with_organisation(tree, settings.text), manifest, answers)


def _with_paths(tree: FileTree, provider: str) -> FileTree:
    """Return the tree with documents that name the pipelines' files as their provider has them."""
    files = dict(tree.files)
    for path in tree.files:
        if path.endswith(".md"):
            text = tree.text(path)
            for old, new in provider_paths(provider):
                text = text.replace(old, new)
            files[path] = text.encode("utf-8")
    return FileTree(files, tree.executable)


def package_name(name: str) -> str:
    """Return the Python package of a project's name; raise UsageError when the name is taken."""
    package = name.replace("-", "_")
    if not package.isidentifier() or keyword.iskeyword(package) or package in _RESERVED_PACKAGES:
        raise UsageError(
            f"'{name}' cannot be a Python package", fix="Choose another name, such as claims-chat."
        )
    return package


def check_name(name: str) -> None:
    """Return when a project may have a name; raise UsageError otherwise."""
    if not _NAME.fullmatch(name) or not 3 <= len(name) <= 20:
        raise UsageError(
            f"'{name}' cannot be a project's name",
            fix="Use 3 to 20 lower-case letters, digits and single hyphens, starting with a letter.",
        )
    package_name(name)


def _own(settings: Settings, provider: str) -> str:
    """Return the provider of a project's pipelines where it is not the workspace's, else an empty text."""
    return "" if provider == settings.repository.provider else provider


def _answers(project: Project, today: date) -> dict[str, str]:
    """Return what an update needs to render the same project again."""
    own = {
        "name": project.name,
        "title": project.title,
        "owner": project.owner,
        "environments": ",".join(project.environments),
        "date": today.isoformat(),
        "risk_tier": project.risk_tier,
        "data_classification": project.data_classification,
    }
    case = as_answered(project.use_case)
    return own | {name: answer for name, answer in case.items() if name not in own}


def _context(settings: Settings, project: Project, today: date) -> dict[str, Any]:
    """Return the names templates may use; ``quoted`` holds free text as double-quoted scalars."""
    texts = {
        **_answers(project, today),
        "organisation": settings.organisation.name,
        "sponsor": project.use_case.get("sponsor", "") or "to be named at intake",
        "value_metric": project.use_case.get("valueMetric", "") or "hours of work saved each month",
        "users": project.use_case.get("users", "") or "employees of the owning team",
    }
    model = settings.models[0] if settings.models else None
    return {
        **texts,
        "repo_name": project.name,
        "package_name": package_name(project.name),
        "kind": project.kind,
        "prefix": settings.organisation.prefix,
        "review_by": (today + timedelta(days=_REVIEW_DAYS[project.risk_tier])).isoformat(),
        "model_name": model.name if model else "none",
        "model_version": model.version if model else "none",
        "deployment_type": settings.deployment_types[0],
        "github": _slug(settings.repository.organisation or settings.organisation.name),
        "own_provider": _own(settings, project.provider),
        "runner": settings.repository.runner,
        "evaluated_environment": evaluated_environment(settings, project),
        "environment_names": list(project.environments),
        "cloud": settings.cloud.value,
        "data_zone": settings.locations.data_zone,
        "location": settings.locations.default,
        "budgets": {name: _money(settings.environments[name].budget) for name in project.environments},
        "locations": {name: settings.environments[name].location for name in project.environments},
        "alerts": monitoring_rows(settings, project) if project.kind in KINDS else [],
        "alert_situations": runbook_rows(project) if project.kind in KINDS else [],
        "functions": _function_rows(settings, project),
        "reviewed": {path: list(names) for path, names in REVIEWED.items()},
        "overrides": {
            function: [{"id": group.id, "name": quoted(group.name)} for group in groups]
            for function, groups in project.functions.items()
        },
        "quoted": {name: quoted(text) for name, text in texts.items()},
    }


def _function_rows(settings: Settings, project: Project) -> dict[str, dict[str, Any]]:
    organisation = _slug(settings.repository.organisation or settings.organisation.name)
    rows = {}
    for function in functions():
        groups = settings.groups(function.id, project) or (Group("", function.id),)
        rows[function.id] = {
            "title": function.title,
            "groups": [{"id": group.id, "name": quoted(group.name or function.id)} for group in groups],
            "teams": " ".join(f"@{organisation}/{_slug(group.name or function.id)}" for group in groups),
            "slugs": [_slug(group.name or function.id) for group in groups],
        }
    return rows


def _money(budget: Budget) -> str:
    return f"{budget.monthly} {budget.currency}"


def _slug(name: str) -> str:
    """Return a name as GitHub spells it in an address."""
    return re.sub(r"[^a-z0-9]+", "-", name.lower()).strip("-")
