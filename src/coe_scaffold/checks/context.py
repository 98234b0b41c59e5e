"""What a rule may know besides the resources: the organisation's choices for one environment."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum
from pathlib import PurePath
from typing import TYPE_CHECKING

from coe_scaffold.model.json import JsonObject
from coe_scaffold.model.settings import Environment, GuardrailException, Limits, Model, Project, Settings

if TYPE_CHECKING:
    from coe_scaffold.checks.relations import Relations


REQUIRED_TAGS = (
    "environment",
    "owner",
    "costCenter",
    "app",
    "confidentiality",
    "ai-use-case-id",
    "ai-risk-class",
)
"""Tags of every resource (Cloud Adoption Framework, tagging), and the two that lead to its intake record."""


RESIDENT_TYPES = ("Standard", "DataZoneStandard", "ProvisionedManaged", "DataZoneProvisionedManaged")
"""Types of model deployments that process prompts in their region or data zone, not anywhere.

Source: Microsoft Learn, "Deployment types for Azure AI Foundry Models".
"""


class Setting(StrEnum):
    """A choice of the organisation that a rule compares with: an attribute of :class:`CheckContext`."""

    ALLOWED_LOCATIONS = "allowed_locations"
    DEPLOYMENT_TYPES = "deployment_types"
    REQUIRED_TAGS = "required_tags"
    ALLOWED_VM_SIZES = "allowed_vm_sizes"
    MAX_NODES = "max_nodes"
    MAX_THROUGHPUT = "max_throughput"


@dataclass(frozen=True)
class CheckContext:
    """One environment's choices, and where resources come from.

    ``profile`` is ``standard`` (rows for all and nonprod) or ``strict`` (rows for all and prod).
    ``labels`` name what the workload is besides (``rag``, ``agent``, ``regulated``, ...); rows for a
    kind of project apply when it is among them, or when no kind is known.
    ``template`` is the compiled ARM template, ``file`` its source, and ``locations`` maps the JSON pointer
    of each resource declaration to ``file:line``. An exception's scope may be ``environment``'s name.
    ``estate`` holds the relations of all the environment's deployments: rules about relations see what the
    others make. Without it they see what is judged. ``alone`` says that the platform is not among them.
    """

    allowed_locations: tuple[str, ...]
    allowed_models: tuple[Model, ...]
    deployment_types: tuple[str, ...]
    profile: str
    exceptions: tuple[GuardrailException, ...]
    today: date
    template: JsonObject | None = field(default=None, hash=False)
    locations: Mapping[str, str] = field(default_factory=dict, hash=False)
    file: str = ""
    environment: str = ""
    labels: frozenset[str] = frozenset()
    required_tags: tuple[str, ...] = REQUIRED_TAGS
    limits: Limits = field(default_factory=Limits)
    estate: Relations | None = field(default=None, hash=False)
    alone: bool = False

    @property
    def allowed_vm_sizes(self) -> tuple[str, ...]:
        """The VM sizes that Machine Learning may compute on."""
        return self.limits.vm_sizes

    @property
    def max_nodes(self) -> int:
        """The most nodes of a Machine Learning cluster."""
        return self.limits.nodes

    @property
    def max_throughput(self) -> int:
        """The most request units per second of a Cosmos DB account."""
        return self.limits.throughput

    @property
    def profiles(self) -> frozenset[str]:
        """The row profiles that apply to this environment."""
        stage = "prod" if self.profile == "strict" else "nonprod"
        return frozenset({"all", stage}) | self.labels


def context_for(
    settings: Settings,
    environment: Environment,
    *,
    today: date,
    template: JsonObject | None = None,
    locations: Mapping[str, str] | None = None,
    estate: Relations | None = None,
    file: str = "",
    project: Project | None = None,
) -> CheckContext:
    """Return the context of one environment of a workspace.

    Labels are the kind of the project whose deployment is judged, or those of all projects there, and
    ``regulated`` when one of them has the risk tier ``high`` or handles restricted data. Places below the
    workspace are told relative to it.
    """
    projects = [item for item in settings.projects if environment.name in item.environments]
    if project is not None:
        projects = [project]
    regulated = any(item.risk_tier == "high" or item.data_classification == "restricted" for item in projects)
    return CheckContext(
        allowed_locations=settings.locations.allowed,
        allowed_models=settings.models,
        deployment_types=_deployment_types(settings, regulated=regulated),
        profile=environment.profile,
        exceptions=settings.exceptions,
        today=today,
        template=template,
        locations={pointer: below(settings.root, place) for pointer, place in (locations or {}).items()},
        estate=estate,
        file=below(settings.root, file),
        environment=environment.name,
        labels=frozenset(item.kind for item in projects) | ({"regulated"} if regulated else set()),
        required_tags=_tags(settings),
        limits=settings.limits,
        alone=settings.alone,
    )


def _deployment_types(settings: Settings, *, regulated: bool) -> tuple[str, ...]:
    """Return the deployment types of coe.yaml; for regulated work those that keep to region or data zone."""
    if not regulated:
        return settings.deployment_types
    kept = tuple(name for name in settings.deployment_types if not name.startswith("Global"))
    return kept or RESIDENT_TYPES


def _tags(settings: Settings) -> tuple[str, ...]:
    """Return the tags of a workspace's resources: the usual, its own, and those ``coe`` knows them by."""
    usual = {name.lower() for name in REQUIRED_TAGS}
    own = (name for name in settings.tags if name.lower() not in usual)
    return (*REQUIRED_TAGS, *own, "managed-by", "coe-environment")


def below(root: PurePath, place: str) -> str:
    """Return a place relative to a folder, or as it is when it lies outside."""
    return place.removeprefix(f"{root.as_posix().rstrip('/')}/")
