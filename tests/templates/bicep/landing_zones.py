"""The shipped templates, compiled and evaluated for the sample workspace; each once per test run."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from copy import deepcopy
from dataclasses import replace
from datetime import UTC, date, datetime
from functools import cache
from itertools import count
from typing import Any

from coe_scaffold.bicep import Compiled, compile_bicep, compile_parameters
from coe_scaffold.model.resources import Resource, ResourceGraph
from coe_scaffold.model.scope import Scope
from coe_scaffold.model.settings import Settings
from coe_scaffold.scaffold.components import KINDS
from coe_scaffold.scaffold.landing_zone import landing_zone, project_infra
from coe_scaffold.scaffold.tree import FileTree
from coe_scaffold.template import DeploymentContext, evaluate
from tests.fakes.workspace import TENANT, project, settings

ENVIRONMENTS = ("dev", "test", "prod")
TEMPLATES = ("platform", "project")
TODAY = date(2026, 11, 24)

_HUB = "/subscriptions/20000000-0000-4000-8000-000000000009/resourceGroups/rg-hub"
_NETWORK = "providers/Microsoft.Network/virtualNetworks"
_SPOKE = {
    "egress": "firewall",
    "firewallAddress": "10.0.15.4",
    "hubNetworkId": f"{_HUB}/{_NETWORK}/vnet-hub",
    "dnsServers": ["10.0.15.4"],
}
_OWN = {"id": f"{_HUB}/{_NETWORK}/vnet-own", "endpointsSubnet": "endpoints"}
_LOGS = f"{_HUB}/providers/Microsoft.OperationalInsights/workspaces/log-own"
_EVERYTHING = {"grafana": True, "sharedRegistry": True, "privateLinkScope": True}

_GATEWAY = {
    "publisherName": "Contoso",
    "publisherEmail": "ai@contoso.example",
    "closed": True,
    "projects": [
        {
            "name": "claims-chat",
            "endpoint": "https://aif-claims.cognitiveservices.azure.com",
            "clientIds": ["50000000-0000-4000-8000-000000000001"],
            "tokensPerMinute": 20000,
        }
    ],
}
_CALLER = {
    "id": f"{_HUB}/providers/Microsoft.ApiManagement/service/apim",
    "principalId": "60000000-0000-4000-8000-000000000001",
}

# Topology → what is changed in the platform's network, its other parameters, and the project's platform.
TOPOLOGIES: Mapping[str, tuple[Mapping[str, object], Mapping[str, object], Mapping[str, object]]] = {
    "standalone": ({}, {}, {}),
    "closed": ({"egress": "none", "bastion": True}, {"options": _EVERYTHING}, {}),
    "hub": (
        {"topology": "hub", "allowedHosts": ["packages.contoso.example"], "bastion": True},
        {"gateway": _GATEWAY},
        {},
    ),
    "spoke": (
        {"topology": "spoke", **_SPOKE}, {"dns": {"zonesGroupId": _HUB}}, {"zonesGroupId": _HUB},
    ),
    "existing": (
        {"existing": _OWN},
        {
            "dns": {"zonesGroupId": _HUB},
            "monitoring": {"retentionDays": 365, "dailyQuotaGb": -1, "workspaceId": _LOGS},
        },
        {
            "zonesGroupId": _HUB,
            "workspaceId": _LOGS,
            **{
                f"{purpose}SubnetId": f"{_OWN['id']}/subnets/{purpose}"
                for purpose in ("endpoints", "app", "agents")
            },
        },
    ),
}  # fmt: skip


REFUSING: Mapping[str, object] = {
    "customerKeys": "Deny",
    "residency": "Deny",
    "federation": {"effect": "Deny", "gitHubOwners": ["contoso"], "issuers": []},
}
"""The initiatives of governance where all of them deny."""

REMEDIATING: Mapping[str, object] = {
    "retentionDays": 365,
    "dailyQuotaGb": -1,
    "workspaceId": _LOGS,
    "initiative": {"logs": "allLogs", "effect": "DeployIfNotExists"},
}
"""A platform whose log initiative gives resources settings, to a workspace of another subscription."""


def sample(kind: str = "rag") -> Settings:
    """The sample workspace with one project of a kind; ml's also has what no kind has by itself."""
    added = {"ml": {"dataFactory": True}}
    return settings(replace(project(kind=kind), components=added.get(kind, {})))


@cache
def tree(template: str, kind: str = "rag") -> FileTree:
    """The files of the landing zone, or of the sample project's ``infra/``."""
    chosen = sample(kind)
    if template == "platform":
        return landing_zone(chosen, today=TODAY)
    return project_infra(chosen, chosen.projects[0])


@cache
def compiled(template: str) -> Compiled:
    """A template of :data:`TEMPLATES` as ARM JSON."""
    return compile_bicep(f"{template}/main.bicep", reader(tree(template)))


def graph(template: str, environment: str, kind: str = "rag", **changed: object) -> ResourceGraph:
    """What a template of :data:`TEMPLATES` would create in an environment of the sample workspace.

    ``changed`` are parameter values that replace those of the parameter file.
    """
    if changed:
        return _evaluated(template, environment, kind, changed)
    return _as_written(template, environment, kind)


def everything(environment: str, kind: str = "rag") -> ResourceGraph:
    """What all templates would create in an environment, as their files are written."""
    return ResourceGraph(
        tuple(item for name in TEMPLATES for item in graph(name, environment, kind).resources)
    )


@cache
def combination(environment: str, kind: str, topology: str) -> ResourceGraph:
    """What all templates would create for a kind of project in a topology, its application included."""
    network, platform, reference = TOPOLOGIES[topology]
    first = values("platform", environment, kind)["network"]
    second = values("project", environment, kind)["platform"]
    shared = _platform(environment, topology, {"network": {**first, **network}, **platform})
    application: dict[str, object] = {}
    if "app" in KINDS[kind]:
        application["application"] = {"image": "registry.example/app:1"}
        if topology == "closed":
            application["appZone"] = {"domain": "sample.swedencentral.azurecontainerapps.io"}
    called = {"gateway": _CALLER} if "gateway" in platform and "foundry" in KINDS[kind] else {}
    own = _evaluated(
        "project", environment, kind, {"platform": {**second, **reference}, **application, **called}
    )
    return ResourceGraph(shared.resources + own.resources)


_platforms: dict[tuple[str, str], ResourceGraph] = {}


def _platform(environment: str, topology: str, changed: Mapping[str, object]) -> ResourceGraph:
    """The platform is the same for every kind of project."""
    key = (environment, topology)
    if key not in _platforms:
        _platforms[key] = _evaluated("platform", environment, "rag", changed)
    return _platforms[key]


def values(template: str, environment: str, kind: str = "rag") -> dict[str, Any]:
    """The values of a parameter file."""
    return deepcopy(_values(template, environment, kind))


@cache
def _values(template: str, environment: str, kind: str) -> dict[str, Any]:
    file = f"{template}/{environment}.bicepparam"
    read, known = reader(tree(template, kind)), dict(compiled(template).template)
    given = compile_parameters(file, read, {}, template=lambda _: known).parameters
    return {name: body["value"] for name, body in given.items()}


def governance(chosen: Settings | None = None, **changed: object) -> ResourceGraph:
    """What the governance template would create in the management group."""
    chosen = chosen or settings()
    files = landing_zone(chosen, today=TODAY)
    read = reader(files)
    given = compile_parameters("governance/organisation.bicepparam", read, {}).parameters
    parameters = {**given, **{name: {"value": value} for name, value in changed.items()}}
    scope = Scope.management_group(chosen.organisation.management_group)
    return evaluate(
        compile_bicep("governance/main.bicep", read).template, parameters, _context("governance", scope)
    )


def line(resource: Resource) -> str:
    """``type name``, and for an extension resource what it extends."""
    _, _, extended = str(resource.scope).partition("/providers/")
    return f"{resource.type} {resource.name}" + (f" on {extended}" if extended else "")


@cache
def _as_written(template: str, environment: str, kind: str) -> ResourceGraph:
    return _evaluated(template, environment, kind, {})


def _evaluated(template: str, environment: str, kind: str, changed: Mapping[str, object]) -> ResourceGraph:
    chosen = sample(kind).environments[environment]
    given = {**values(template, environment, kind), **changed}
    parameters = {name: {"value": value} for name, value in given.items()}
    context = _context(f"{template}-{environment}", chosen.scope, chosen.location)
    return evaluate(compiled(template).template, parameters, context)


def _context(name: str, scope: Scope, location: str = "swedencentral") -> DeploymentContext:
    number = count(1)
    return DeploymentContext(
        name=f"coe-{name}",
        scope=scope,
        location=location,
        tenant=TENANT,
        now=datetime(2026, 11, 24, tzinfo=UTC),
        new_guid=lambda: f"00000000-0000-4000-8000-{next(number):012d}",
    )


def reader(files: FileTree) -> Callable[[str], bytes]:
    """Return a function that reads a file of a tree, as the compiler wants it."""

    def read(path: str) -> bytes:
        if path not in files.files:
            raise FileNotFoundError(path)
        return files.files[path]

    return read
