"""Policies of the branch main in Azure Repos: approvals, comments, the build, and who must review which path.

Azure Repos has no CODEOWNERS. A policy is known by its type, a build and required reviewers by what they are
called too, so that running a command again changes what is there. Types are Azure DevOps' own ids.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from shlex import quote
from types import MappingProxyType

from coe_scaffold.model.settings import Project, Settings
from coe_scaffold.scaffold.approvals import approver

REVIEWED: Mapping[str, tuple[str, ...]] = MappingProxyType(
    {
        "/data/": ("data-engineer",),
        "/evals/thresholds.yaml": ("data-scientist", "ai-ethics-officer"),
        "/evals/baseline.json": ("data-scientist", "ai-ethics-officer"),
        "/evals/redteam/": ("ai-engineer", "ai-ethics-officer"),
        "/config/": ("ai-engineer", "ai-ethics-officer"),
        "/prompts/": ("ai-engineer", "ai-ethics-officer"),
        "/infra/": ("mlops-engineer",),
        "/.azuredevops/": ("mlops-engineer",),
        "/.coe/organisation.yaml": ("ai-coe-lead", "compliance-officer"),
        "/governance/": ("compliance-officer",),
        "/project.yaml": ("ai-coe-lead", "compliance-officer"),
    }
)
"""Path → functions whose groups must review a change of it."""

_APPROVALS = "fa4e907d-c16b-4a4c-9dfa-4906e5d171dd"
_COMMENTS = "c6a1889d-b943-4856-b76f-9e46bb6b0df2"
_BUILD = "0609b952-1397-4640-95ec-e00a01b2c241"
_REVIEWERS = "fd2167ab-b0be-447a-8ec8-39368250530e"


def branch_policies(
    settings: Settings, project: Project, organisation: str, where: str
) -> Iterator[tuple[str, str]]:
    """Yield (purpose, shell command) of each policy; ``where`` are the options that name the project."""
    one_and_anew = (
        "--minimum-approver-count 1 --creator-vote-counts false --reset-on-source-push true "
        "--allow-downvotes false"
    )
    yield "approvals of main", _policy(project, where, "approver-count", _APPROVALS, one_and_anew)
    yield "comments on main", _policy(project, where, "comment-required", _COMMENTS, "")
    title = f"{project.name}-pull-request"
    looked_up = f'build="$(az pipelines show --name {quote(title)} {where} --query id --output tsv)"'
    options = (
        f'--build-definition-id "$build" --display-name {quote(title)} --manual-queue-only false '
        "--queue-on-source-update-only false --valid-duration 0"
    )
    made = _policy(project, where, "build", _BUILD, options, f"settings.displayName == '{title}'")
    yield "build of pull requests", f"{looked_up} && {made}"
    for path, functions in REVIEWED.items():
        groups = {group.id: group for name in functions for group in settings.groups(name, project)}
        names = [group.name or group.id for group in groups.values()]
        yield f"reviewers of {path}", _reviewers(project, where, path, names, organisation)


def _reviewers(project: Project, where: str, path: str, names: Sequence[str], organisation: str) -> str:
    """Return the command that makes groups review every change of a path."""
    variables = [f"approver{number}" for number, _ in enumerate(names, 1)]
    found = zip(variables, names, strict=True)
    steps = [step for variable, name in found for step in approver(organisation, variable, name)]
    message = f"Changes of {path} are reviewed by the function table"
    pattern = f"{path}*" if path.endswith("/") else path
    people = ";".join(f"${variable}" for variable in variables)
    options = f'--message {quote(message)} --path-filter {quote(pattern)} --required-reviewer-ids "{people}"'
    known = f"settings.message == '{message}'"
    return " && ".join([*steps, _policy(project, where, "required-reviewer", _REVIEWERS, options, known)])


def _policy(project: Project, where: str, command: str, kind: str, options: str, known: str = "") -> str:
    """Return a command that makes a policy of main, or writes anew the one that is there."""
    named = quote(project.name)
    asked = f"type.id == '{kind}'" + (f" && {known}" if known else "")
    query = quote(f"[?{asked}] | [0].id")
    branch = '--repository-id "$repository" --branch main'
    given = f"{options} {branch} --blocking true --enabled true {where} --output none".strip()
    return (
        f'repository="$(az repos show --repository {named} {where} --query id --output tsv)" && '
        f'policy="$(az repos policy list {branch} {where} --query {query} --output tsv)" && '
        f'if test -z "$policy"; then az repos policy {command} create {given}; '
        f'else az repos policy {command} update --id "$policy" {given}; fi'
    )
