"""The commands that wire a repository's pipelines to its identities: variables, environments, reviewers.

Every line can run again: it sets what should be, or looks first. Values that only Azure or the provider knows
are looked up inside the line. No line holds, prints or stores a secret: identities are federated.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from shlex import quote

from coe_scaffold.model.scope import Scope
from coe_scaffold.model.settings import Environment, Group, Project, Settings
from coe_scaffold.scaffold import approvals
from coe_scaffold.scaffold.branch_policies import branch_policies
from coe_scaffold.scaffold.components import made_of
from coe_scaffold.scaffold.federation import (
    APPLICATION,
    AZURE_DEVOPS,
    USES,
    connection_name,
    devops_project,
    entra_issues,
    owner_of,
    provider_of,
    service_connections,
)

_APPROVERS = ("mlops-engineer", "compliance-officer", "ai-ethics-officer")
_MOST_REVIEWERS = 6
"""GitHub allows six reviewers for an environment."""

_RUNNER = (
    "Registry, applications and endpoints answer inside the network only: put {} there into coe.yaml as "
    "repository.runner; {}."
)

_PIPELINES = ("pull-request", "main", "release", "scheduled")
_PROMOTED = ("ml", "finetune")
"""Kinds whose models go from environment to environment by a pipeline of their own."""


@dataclass(frozen=True)
class Line:
    """One shell command, and what it is for."""

    purpose: str
    shell: str


@dataclass(frozen=True)
class Sign:
    """How a pipeline's environment signs in: its name, the identity's resource id, and who must approve.

    ``protected`` limits what may deploy there, ``released`` says that releases do.
    """

    name: str
    identity: Scope
    environment: Environment
    reviewers: tuple[Group, ...] = ()
    protected: bool = True
    released: bool = False

    @property
    def refs(self) -> tuple[tuple[str, str], ...]:
        """What may deploy there, as (pattern, kind): releases are tags, everything else is on main."""
        if not self.protected:
            return ()
        return (("main", "branch"), *((("v*", "tag"),) if self.released else ()))


@dataclass(frozen=True)
class Wiring:
    """Lines to run, the program they need besides ``az``, and what only a person can do."""

    program: str
    lines: tuple[Line, ...]
    by_hand: tuple[str, ...] = field(default=())


def wiring(
    settings: Settings,
    project: Project,
    identities: Mapping[str, Mapping[str, Scope]],
    *,
    subjects: Mapping[str, frozenset[str]] | None = None,
) -> Wiring:
    """Return how to wire a project's pipelines at its provider, or that of coe.yaml.

    ``identities`` holds, by environment, the ids of the identities ``plan``, ``deploy`` and ``guardrail``.
    ``subjects`` are those that may sign in as them, by environment, as the templates have it.
    """
    signs = tuple(_signs(settings, project, identities))
    if provider_of(settings, project) == AZURE_DEVOPS:
        return _azure_devops(settings, project, signs, subjects or {})
    return _github(settings, project, signs)


def reviewers(settings: Settings, project: Project, environment: str) -> tuple[Group, ...]:
    """Return who must approve a deployment: nobody for the first environment, every approver for the last."""
    number = project.environments.index(environment)
    if number == 0:
        return ()
    functions = _APPROVERS if number == len(project.environments) - 1 else _APPROVERS[:1]
    groups = {group.id: group for function in functions for group in settings.groups(function, project)}
    return tuple(groups.values())[:_MOST_REVIEWERS]


def _signs(
    settings: Settings, project: Project, identities: Mapping[str, Mapping[str, Scope]]
) -> Iterator[Sign]:
    last = project.environments[-1]
    for name in project.environments:
        environment, found = settings.environments[name], identities[name]
        approvers = reviewers(settings, project, name)
        released = name != project.environments[0] or name == last
        yield Sign(name, found["deploy"], environment, approvers, released=released)
        yield Sign(f"{name}-plan", found["plan"], environment, protected=False)
        if "guardrail" in found:
            yield Sign(f"{name}-guardrail", found["guardrail"], environment, approvers)


def _github(settings: Settings, project: Project, signs: tuple[Sign, ...]) -> Wiring:
    owner = owner_of(settings)
    repository = f"{owner}/{project.name}"
    lines = []
    for sign in signs:
        lines.append(Line(f"environment {sign.name}", _github_environment(owner, repository, sign)))
        for pattern, kind in sign.refs:
            shell = _github_ref(repository, sign, pattern, kind)
            lines.append(Line(f"{kind} {pattern} may deploy to {sign.name}", shell))
        for name, value in _variables(settings, sign).items():
            where = f"--repo {quote(repository)} --env {quote(sign.name)}"
            shell = f'value={value} && gh variable set {name} {where} --body "$value"'
            lines.append(Line(f"variable {name} of {sign.name}", shell))
    rules = f"repos/{repository}/rulesets"
    have = f"gh api {quote(rules)} --jq '.[].name' | grep --quiet --line-regexp main"
    make = f"gh api --method POST {quote(rules)} --input .github/rulesets/main.json --silent"
    lines.append(Line("rules of the branch main", f"{have} || {make}"))
    by_hand = []
    if not (settings.repository.owner_id and project.repository_id):
        by_hand.append(
            "If the repository is younger than July 2026, its sign-ins carry numbers: put .owner.id of "
            f"'gh api repos/{repository}' into coe.yaml as repository.ownerId, .id into project.yaml as "
            "repository.id, write both into infra/project/*.bicepparam, and apply."
        )
    if runner := settings.repository.runner:
        shell = f"gh variable set DEPLOY_RUNNER --repo {quote(repository)} --body {quote(runner)}"
        lines.append(Line("runner in the network", shell))
    else:
        by_hand.append(_RUNNER.format("the label of a runner", "'coe pipeline wire' sets it"))
    by_hand += _sources(project, signs)
    by_hand += _releases(project)
    return Wiring("gh", tuple(lines), tuple(by_hand))


def _github_environment(owner: str, repository: str, sign: Sign) -> str:
    looked_up, options = [], []
    if sign.protected:
        options += ["-F 'deployment_branch_policy[protected_branches]=false'"]
        options += ["-F 'deployment_branch_policy[custom_branch_policies]=true'"]
    if sign.reviewers:
        options.append("-F prevent_self_review=true")
    for number, group in enumerate(sign.reviewers, 1):
        team = quote(f"orgs/{owner}/teams/{_slug(group.name or group.id)}")
        looked_up.append(f'team{number}="$(gh api {team} --jq .id)"')
        options.append(f"-F 'reviewers[][type]=Team' -F \"reviewers[][id]=$team{number}\"")
    address = quote(f"repos/{repository}/environments/{sign.name}")
    return " && ".join([*looked_up, " ".join([f"gh api --silent --method PUT {address}", *options])])


def _github_ref(repository: str, sign: Sign, pattern: str, kind: str) -> str:
    address = quote(f"repos/{repository}/environments/{sign.name}/deployment-branch-policies")
    names = f"gh api {address} --jq '.branch_policies[].name'"
    have = f"{names} | grep --quiet --line-regexp --fixed-strings {quote(pattern)}"
    return f"{have} || gh api --silent --method POST {address} -f name={quote(pattern)} -f type={kind}"


def _azure_devops(
    settings: Settings,
    project: Project,
    signs: tuple[Sign, ...],
    subjects: Mapping[str, frozenset[str]],
) -> Wiring:
    place = (owner_of(settings), devops_project(settings))
    where = (
        f"--organization {quote('https://dev.azure.com/' + owner_of(settings))} "
        f"--project {quote(devops_project(settings))}"
    )
    lines = []
    promotes = ("promote",) if project.kind in _PROMOTED else ()
    for name in (*_PIPELINES, *promotes):
        title = f"{project.name}-{name}"
        have = f"az pipelines show --name {quote(title)} {where} --output none 2> /dev/null"
        make = (
            f"az pipelines create --name {quote(title)} --repository {quote(project.name)} "
            f"--repository-type tfsgit --branch main --yml-path .azuredevops/{name}.yaml "
            f"--skip-first-run true {where} --output none"
        )
        lines.append(Line(f"pipeline {title}", f"{have} || {make}"))
    by_hand = []
    if runner := settings.repository.runner:
        lines.append(Line(f"agent pool {runner}", _pool(runner, where)))
    else:
        known = "'coe repo update' puts it into the pipelines"
        by_hand.append(_RUNNER.format("the name of an agent pool", known))
    for sign in signs:
        title = connection_name(project, sign.name)
        lines += [
            Line(f"service connection {title}", _connection(settings, title, sign, where)),
            Line(f"federated credential of {sign.name}", _federation(title, sign, where)),
            Line(f"variables of {sign.name}", _variable_group(settings, title, sign, where)),
        ]
        if sign.protected:
            lines.append(Line(f"environment {title}", approvals.environment(*place, title)))
        if sign.reviewers:
            groups = [group.name or group.id for group in sign.reviewers]
            lines.append(Line(f"approval of {title}", approvals.approval(*place, title, groups)))
    lines += [Line(*one) for one in branch_policies(settings, project, owner_of(settings), where)]
    by_hand += _numbers(settings, project, signs, where)
    by_hand += _parameters(settings, project, subjects)
    by_hand += _sources(project, signs)
    by_hand += _releases(project)
    return Wiring("az", tuple(lines), tuple(by_hand))


def _numbers(settings: Settings, project: Project, signs: tuple[Sign, ...], where: str) -> Iterator[str]:
    """Yield which GUIDs the templates need to make the federated credentials themselves."""
    if not settings.repository.organisation_id:
        address = quote(f"https://dev.azure.com/{owner_of(settings)}/_apis/connectionData")
        yield (
            "For the templates to keep the federated credentials, put .instanceId of "
            f"'az rest --resource {APPLICATION} --url {address}' into coe.yaml as repository.organisationId."
        )
    lacking = [sign.name for sign in signs if sign.name not in project.connections]
    if entra_issues(settings) and lacking:
        query = quote("[?starts_with(name,'" + project.name + "-')].{name:name,id:id}")
        yield (
            "For the templates to keep the federated credentials, put the ids that "
            f"'az devops service-endpoint list {where} --query {query} --output tsv' prints into "
            f"project.yaml as repository.connections: {', '.join(lacking)}."
        )


def _releases(project: Project) -> Iterator[str]:
    """Yield what releases of applications ask first: files that only the people of a repository fill."""
    if "app" in made_of(project):
        yield (
            f"Before the first release: 'make prerequisites ENV={project.environments[0]}' in the repository "
            "says what it needs that is not there yet, such as sign-in and object ids of groups."
        )


def _sources(project: Project, signs: tuple[Sign, ...]) -> Iterator[str]:
    """Yield what promotions of tuned models need: sight of the account in which they were tuned."""
    first, *others = [sign for sign in signs if sign.name in project.environments]
    if project.kind == "finetune" and others:
        names = ", ".join(sign.identity.name for sign in others)
        yield f"Reader on the Foundry account of {first.name}, from which models are copied, for {names}."


def _parameters(
    settings: Settings, project: Project, subjects: Mapping[str, frozenset[str]]
) -> Iterator[str]:
    """Yield what parameter files lack of the service connections that are known."""
    for name in project.environments:
        known = service_connections(settings, project, name)
        if any(known[use] not in subjects.get(name, ()) for use in USES if use in known):
            members = ", ".join(f"{member}: '{value}'" for member, value in known.items())
            yield (
                f"Write serviceConnections: {{ {members} }} into the parameter repository of "
                f"infra/project/{name}.bicepparam, and apply."
            )


def _connection(settings: Settings, title: str, sign: Sign, where: str) -> str:
    body = {
        "name": title,
        "type": "azurerm",
        "url": "https://management.azure.com/",
        "authorization": {
            "scheme": "WorkloadIdentityFederation",
            "parameters": {"tenantid": settings.organisation.tenant, "serviceprincipalid": "CLIENT"},
        },
        "data": {
            "subscriptionId": sign.environment.subscription,
            "subscriptionName": sign.environment.name,
            "environment": "AzureCloud",
            "scopeLevel": "Subscription",
            "creationMode": "Manual",
        },
    }
    listed = f"az devops service-endpoint list {where} --output tsv --query"
    query = quote("[?name=='" + title + "'] | [0].authorization.parameters.serviceprincipalid")
    other = quote(f"{title} signs in as another identity: delete the service connection and run this again")
    text = quote(json.dumps(body, sort_keys=True))
    steps = (
        "file=$(mktemp)",
        f'printf %s {text} | sed "s/CLIENT/$client/" > "$file"',
        f'az devops service-endpoint create --service-endpoint-configuration "$file" {where} --output none',
    )
    return (
        f'client="{_client(sign.identity)}" && now="$({listed} {query})" && '
        f'if test -z "$now"; then {" && ".join(steps)}; '
        f'elif test "$now" != "$client"; then echo {other} >&2; exit 1; fi'
    )


def _pool(name: str, where: str) -> str:
    """Return a command that fails unless the project may use an agent pool."""
    found = f"az pipelines queue list --queue-name {quote(name)} {where} --query '[0].id' --output tsv"
    lacks = quote(f"the project has no agent pool {name}: add it in the project's settings")
    return f'test -n "$({found})" || {{ echo {lacks} >&2; exit 1; }}'


def _federation(title: str, sign: Sign, where: str) -> str:
    part = "[?name=='" + title + "'] | [0].authorization.parameters.workloadIdentityFederation"
    look = f"az devops service-endpoint list {where} --output tsv --query"
    identity = sign.identity
    create = (
        f"az identity federated-credential create --name {quote('azure-devops-' + sign.name)} "
        f"--identity-name {quote(identity.name)} --resource-group {quote(identity.resource_group)} "
        f"--subscription {quote(identity.subscription)} --audiences api://AzureADTokenExchange --output none "
        '--issuer "$issuer" --subject "$subject"'
    )
    issuer, subject = quote(part + "Issuer"), quote(part + "Subject")
    return f'issuer="$({look} {issuer})" && subject="$({look} {subject})" && {create}'


def _variable_group(settings: Settings, title: str, sign: Sign, where: str) -> str:
    known = _variables(settings, sign)
    client = known.pop("AZURE_CLIENT_ID")
    values = {"AZURE_CLIENT_ID": '"$client"', **known}
    have = (
        f"az pipelines variable-group list --group-name {quote(title)} {where} --query '[0].id' --output tsv"
    )
    listed = " ".join(f"{name}={value}" for name, value in values.items())
    make = (
        f"az pipelines variable-group create --name {quote(title)} --variables {listed} {where} --output none"
    )
    one = "az pipelines variable-group variable"
    changes = [
        f'{{ {one} update --group-id "$group" --name {name} --value {value} {where} --output none '
        f'2> /dev/null || {one} create --group-id "$group" --name {name} --value {value} {where} '
        "--output none; }"
        for name, value in values.items()
    ]
    return (
        f'client={client} && group="$({have})" && if test -z "$group"; then {make}; '
        f"else {' && '.join(changes)}; fi"
    )


def _variables(settings: Settings, sign: Sign) -> dict[str, str]:
    """Return the variables of an environment, values ready for a shell; a client id is looked up."""
    group = sign.identity.resource_group.replace("-id-", "-", 1)
    return {
        "AZURE_CLIENT_ID": f'"{_client(sign.identity)}"',
        "AZURE_TENANT_ID": quote(settings.organisation.tenant),
        "AZURE_SUBSCRIPTION_ID": quote(sign.environment.subscription),
        "AZURE_LOCATION": quote(sign.environment.location),
        "AZURE_RESOURCE_GROUP": quote(group),
    }


def _client(identity: Scope) -> str:
    return f"$(az identity show --ids {quote(str(identity))} --query clientId --output tsv)"


def _slug(name: str) -> str:
    return re.sub(r"[^a-z0-9]+", "-", name.lower()).strip("-")
