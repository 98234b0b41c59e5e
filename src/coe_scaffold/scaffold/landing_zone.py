"""The landing zone as files: packaged Bicep, and a parameter file per environment from coe.yaml.

The templates are copied as they are; only parameter files are written anew.
"""

from __future__ import annotations

import posixpath
import re
from collections.abc import Iterable, Iterator, Mapping
from datetime import date
from functools import cache

from coe_scaffold.assets import templates
from coe_scaffold.catalog import matrix
from coe_scaffold.model.json import Json
from coe_scaffold.model.settings import Environment, Group, Project, Settings
from coe_scaffold.scaffold.alerts import alerts_parameter, model_capacity
from coe_scaffold.scaffold.components import SETTINGS, TOOL_IDENTITIES, components, made_of
from coe_scaffold.scaffold.federation import AZURE_DEVOPS, owner_of, provider_of, service_connections
from coe_scaffold.scaffold.governance import governance_parameters
from coe_scaffold.scaffold.parameters import Parameter, print_parameters
from coe_scaffold.scaffold.pipeline_deployments import pipeline_deployments
from coe_scaffold.scaffold.tree import FileTree
from coe_scaffold.scaffold.written import Placed

FOLDER = "landing-zone"
"""The landing zone's place beside coe.yaml."""

_USES = re.compile(r"^(?:module\s+\w+|\}?\s*(?:import\b.*)?from)\s+'([^':]+\.bicep)'", re.MULTILINE)
_CONFIG = "bicepconfig.json"
_PLATFORM = "platform/main.bicep"
_PROJECT = "project/main.bicep"
_BUDGET_READERS = ("ai-coe-lead", "business-analyst")
_INCIDENT_READERS = ("mlops-engineer", "compliance-officer")
_GUARDRAIL_PUBLISHER = "coe-guardrail-publisher"
_SLOTS = 8


def landing_zone(
    settings: Settings, *, today: date | None = None, known: Mapping[str, Placed] | None = None
) -> FileTree:
    """Return the workspace's ``landing-zone/``: all templates, parameters of governance and platforms.

    ``today`` and ``known`` as in :func:`places_of`.
    """
    places = places_of(settings, today=today, known=known)
    files = {
        f"platform/{name}.bicepparam": _platform(settings, environment, places[name]).encode()
        for name, environment in settings.environments.items()
    }
    governance = {"governance/organisation.bicepparam": governance_parameters(settings).encode()}
    return FileTree({**_packaged(), **files, **governance})


def places_of(
    settings: Settings, *, today: date | None = None, known: Mapping[str, Placed] | None = None
) -> Mapping[str, Placed]:
    """Return the place of each environment: that of ``known``, else the next that none ever had.

    ``today`` pins the first month of the budgets of new environments; without it the month of their first
    deployment counts. Environments that coe.yaml has no longer keep their place.
    """
    found = dict(known or {})
    for name in settings.environments:
        number = max((placed.number for placed in found.values()), default=-1) + 1
        found.setdefault(name, Placed(number, today.isoformat() if today else ""))
    return found


def project_infra(settings: Settings, project: Project) -> FileTree:
    """Return a project repository's ``infra/``: the templates its deployment uses, and its parameters."""
    used = _closure(_PROJECT)
    needed = {_CONFIG, *used, *(posixpath.join(posixpath.dirname(path), "README.md") for path in used)}
    files = {
        f"project/{name}.bicepparam": _project(settings, project, settings.environments[name]).encode()
        for name in project.environments
    }
    copied = {path: content for path, content in _packaged().items() if path in needed}
    how = {"deployments.json": pipeline_deployments(settings, project).encode()}
    return FileTree({**copied, **files, **how})


@cache
def _packaged() -> Mapping[str, bytes]:
    root = templates() / "bicep"
    return {
        path.relative_to(root).as_posix(): path.read_bytes()
        for path in sorted(root.rglob("*"))
        if path.is_file() and (path.suffix in (".bicep", ".md") or path.name == _CONFIG)
    }


def _closure(start: str) -> set[str]:
    """Return a template and every local file it uses, directly or through modules."""
    found: set[str] = set()
    waiting = [start]
    while waiting:
        path = waiting.pop()
        if path in found:
            continue
        found.add(path)
        text = _packaged()[path].decode()
        folder = posixpath.dirname(path)
        waiting += [posixpath.normpath(posixpath.join(folder, used)) for used in _USES.findall(text)]
    return found


def _platform(settings: Settings, environment: Environment, placed: Placed) -> str:
    strict = environment.profile == "strict"
    first = f"10.{100 + placed.number % 100}"
    start = date.fromisoformat(placed.since).replace(day=1).isoformat() if placed.since else None
    receivers = {
        "budget": _receivers(settings, _BUDGET_READERS),
        "incident": _receivers(settings, _INCIDENT_READERS),
        "security": sorted({item["email"] for item in _receivers(settings, _INCIDENT_READERS)}),
        "functions": [
            {"id": function, "receivers": told}
            for function in settings.functions
            if (told := _receivers(settings, (function,)))
        ],
    }
    return print_parameters(
        "main.bicep",
        (
            *_common(settings, environment, _platform_tags(settings, environment)),
            Parameter(
                "network",
                {
                    "topology": "standalone",
                    "egress": "nat",
                    "addressPrefix": f"{first}.0.0/20",
                    "endpointsPrefix": f"{first}.0.0/24",
                    "projectPrefixes": [
                        f"{first}.{4 + slot // 2}.{slot % 2 * 128}/25" for slot in range(_SLOTS)
                    ],
                    "servicePrefix": f"{first}.15.0/24",
                    "bastion": False,
                },
                "'coe explain network' says what else there is: hub, spoke, firewall, a network of yours.",
            ),
            Parameter(
                "monitoring",
                {
                    "retentionDays": 365 if strict else 180,
                    "dailyQuotaGb": -1 if strict else 5,
                    "initiative": {"logs": "allLogs", "effect": "AuditIfNotExists"} if strict else None,
                },
                "initiative: Azure's own search for resources without logs; it can also give them some.",
            ),
            Parameter(
                "budget",
                {"amount": environment.budget.monthly, "startDate": start},
                f"In {environment.budget.currency}, if that is the subscription's billing currency.",
            ),
            Parameter("contacts", receivers, "Groups of coe.yaml that have an email."),
            Parameter("dns", {}, "zonesGroupId: name the resource group that holds your private DNS zones."),
            Parameter(
                "options",
                {"grafana": strict, "sharedRegistry": False, "privateLinkScope": False},
            ),
            Parameter("evidenceDays", 365 if strict else 180),
        ),
        header=_header(f"Platform of {environment.name}", "coe new landing-zone"),
    )


def _project(settings: Settings, project: Project, environment: Environment) -> str:
    prefix, name, title = settings.organisation.prefix, project.name, project.title
    tags = _tags(
        settings,
        environment,
        own={"coe-project": name},
        facts={
            "owner": project.owner,
            "app": name,
            "confidentiality": project.data_classification,
            "ai-use-case-id": f"{prefix}-{name}",
            "ai-risk-class": project.risk_tier,
        },
    )
    models = [
        {
            "name": model.name,
            "format": model.format,
            "model": model.name,
            "version": model.version,
            "sku": settings.deployment_types[0],
            "capacity": model_capacity(settings, model.name, environment),
        }
        for model in settings.models
    ]
    shared = _common(settings, environment, tags)
    return print_parameters(
        "main.bicep",
        (
            shared[0],
            Parameter("projectName", name),
            Parameter("displayName", title),
            *shared[1:],
            Parameter(
                "components",
                components(project),
                f"What kind {project.kind} is made of; components in project.yaml adds or leaves out.",
            ),
            Parameter(
                "platform",
                {"slot": slot_of(settings, project)},
                "slot: number of the project's subnets; no other project of the environment may have it.",
            ),
            Parameter(
                "customerKey",
                project.risk_tier == "high" or project.data_classification == "restricted",
                "Own keys for what high-risk projects and restricted data need.",
            ),
            Parameter(
                "models",
                models if "foundry" in made_of(project) else [],
                "Approved in coe.yaml; capacity in thousands of tokens per minute.",
            ),
            *_sizes(settings, project),
            Parameter(
                "alerts",
                alerts_parameter(settings, project, environment),
                "When an alert is raised, and who is told; docs/monitoring.md says the same.",
            ),
            *_application(project),
            *_evaluation(settings, project, environment),
            Parameter(
                "repository",
                _repository(settings, project, environment),
                "Whose pipelines may sign in as the project's identities.",
            ),
            Parameter(
                "guardrailPublisherRoleId",
                _guardrail_publisher(settings),
                "Custom role of the management group; 'coe apply' defines it first.",
            ),
        ),
        header=_header(f"{title} in {environment.name}", f"coe new project {name}"),
    )


def _sizes(settings: Settings, project: Project) -> Iterator[Parameter]:
    """Yield the sizes of components that coe.yaml limits."""
    limits, parts = settings.limits, made_of(project)
    if "machineLearning" in parts:
        size = {"vmSize": limits.vm_sizes[0], "maxNodes": min(4, limits.nodes)}
        yield Parameter(
            "machineLearning", size, "limits.vmSizes and limits.nodes of coe.yaml say what may be."
        )
    if "agents" in parts:
        yield Parameter("throughputLimit", limits.throughput, "limits.throughput of coe.yaml.")


def _repository(settings: Settings, project: Project, environment: Environment) -> Mapping[str, Json]:
    """Return how a repository's sign-ins name it: with GitHub's numbers, if known; or its connections'."""
    owner = owner_of(settings)
    if provider_of(settings, project) == AZURE_DEVOPS:
        found = service_connections(settings, project, environment.name)
        return {"owner": owner, "name": project.name, "serviceConnections": dict(found)}
    numbers = settings.repository.owner_id, project.repository_id
    if all(numbers):
        return {"owner": f"{owner}@{numbers[0]}", "name": f"{project.name}@{numbers[1]}"}
    return {"owner": owner, "name": project.name}


def _application(project: Project) -> list[Parameter]:
    """Return what the application of a kind is told that the landing zone cannot know by itself."""
    found, kind = [], project.kind
    if "app" in made_of(project):
        own = dict(SETTINGS.get(kind, {}))
        found.append(Parameter("settings", own, "Variables of the application that are yours; no secrets."))
    if kind in TOOL_IDENTITIES:
        names = list(TOOL_IDENTITIES[kind])
        found.append(Parameter("toolIdentities", names, "The identities that agents/tools.yaml names."))
    return found


def evaluated_environment(settings: Settings, project: Project) -> str:
    """Return where a project's pipelines evaluate the application on Azure, or an empty text for nowhere.

    Only in the first environment, and not where that is strict: who evaluates reads what the application
    reads, and a release is tried everywhere by the application itself.
    """
    first = project.environments[0]
    hosted = "app" in made_of(project) and settings.environments[first].profile != "strict"
    return first if hosted else ""


def _evaluation(settings: Settings, project: Project, environment: Environment) -> Iterator[Parameter]:
    if environment.name == evaluated_environment(settings, project):
        said = "The identity that deploys may ask models, search and readers: the weekly evaluation does."
        yield Parameter("evaluates", value=True, comment=said)


def slot_of(settings: Settings, project: Project) -> int:
    """Return the number of a project's subnets: what it was made with, else a place after all others."""
    if project.slot:
        return project.slot
    names = [item.name for item in settings.projects]
    return names.index(project.name) + 1 if project.name in names else len(names) + 1


def _guardrail_publisher(settings: Settings) -> str:
    (row,) = (row for row in matrix().custom_roles if row.id == _GUARDRAIL_PUBLISHER)
    return row.defined_in(settings.organisation.management_group).role.guid


def _header(title: str, command: str) -> str:
    return f"{' '.join(title.split())}. First written by '{command}'; yours to change from here on."


def _common(
    settings: Settings, environment: Environment, tags: Mapping[str, str]
) -> tuple[Parameter, Parameter, Parameter, Parameter, Parameter]:
    return (
        Parameter("prefix", settings.organisation.prefix),
        Parameter("environmentName", environment.name),
        Parameter("location", environment.location),
        Parameter(
            "profile", environment.profile, "standard or strict: replicas, zone redundancy, locks, Defender."
        ),
        Parameter("tags", tags),
    )


def _platform_tags(settings: Settings, environment: Environment) -> dict[str, str]:
    leads = settings.groups("ai-coe-lead")
    return _tags(
        settings,
        environment,
        own={},
        facts={
            "owner": _label(leads[0]) if leads else settings.organisation.name,
            "app": "platform",
            "confidentiality": "internal",
            "ai-use-case-id": f"{settings.organisation.prefix}-platform",
            "ai-risk-class": "none",
        },
    )


def _tags(
    settings: Settings, environment: Environment, *, own: Mapping[str, str], facts: Mapping[str, str]
) -> dict[str, str]:
    """Return all tags; coe.yaml's win over facts, conventions over both. Names compare without case."""
    layers: tuple[Mapping[str, str], ...] = (
        {"environment": environment.name, **facts},
        settings.tags,
        {"managed-by": "coe-scaffold", "coe-environment": environment.name, **own},
    )
    merged: dict[str, tuple[str, str]] = {}
    for layer in layers:
        for name, value in layer.items():
            merged[name.lower()] = (name, value)
    return dict(sorted(merged.values(), key=lambda pair: pair[0].lower()))


def _receivers(settings: Settings, functions: Iterable[str]) -> list[dict[str, str]]:
    groups = {
        group.email: group for function in functions for group in settings.groups(function) if group.email
    }
    return [{"name": _label(group), "email": email} for email, group in groups.items()]


def _label(group: Group) -> str:
    return group.name or group.id
