"""What coe.yaml and project.yaml mean once they are valid."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from pathlib import PurePath

from coe_scaffold.model.scope import Scope
from coe_scaffold.model.stacks import StackSettings


class Cloud(StrEnum):
    """Where ``coe`` deploys."""

    SANDBOX = "sandbox"
    AZURE = "azure"
    US_GOVERNMENT = "usgovernment"
    CHINA = "china"


CREDENTIALS = ("default", "cli", "environment", "workload", "managed", "developer", "powershell")
"""How to sign in to Azure: azure-identity's default chain, or one link of it."""


@dataclass(frozen=True)
class Organisation:
    """Who this workspace belongs to. ``prefix`` starts resource names; ``tenant`` is a GUID."""

    name: str
    prefix: str
    tenant: str
    management_group: str


@dataclass(frozen=True)
class Locations:
    """Azure regions: the default, the allowed ones, and the data zone (``eu`` or ``us``) models may use."""

    default: str
    allowed: tuple[str, ...]
    data_zone: str = "eu"


@dataclass(frozen=True)
class Budget:
    """Monthly budget in whole units of ``currency``."""

    monthly: int
    currency: str = "EUR"


class StackUse(StrEnum):
    """Whether deployments are deployment stacks. ``auto``: on every cloud that has them."""

    AUTO = "auto"
    ALWAYS = "always"
    NEVER = "never"


@dataclass(frozen=True)
class Stacks:
    """How an environment is deployed: as deployment stacks or not, and with which settings."""

    use: StackUse = StackUse.AUTO
    settings: StackSettings = field(default_factory=StackSettings)


@dataclass(frozen=True)
class Environment:
    """One environment. ``profile`` is ``standard`` or ``strict``; ``location`` overrides the default.

    ``approvals`` are the functions that must approve a plan file before it is applied.
    """

    name: str
    subscription: str
    profile: str
    budget: Budget
    location: str
    approvals: tuple[str, ...] = ()
    stacks: Stacks = Stacks()

    @property
    def scope(self) -> Scope:
        """The environment's subscription as a scope."""
        return Scope.subscription_of(self.subscription)


@dataclass(frozen=True)
class Group:
    """An Entra group by object id; ``name`` is for people."""

    id: str
    name: str = ""
    email: str = ""


@dataclass(frozen=True)
class Model:
    """A model that may be deployed; ``capacity`` is a ceiling of its own instead of the general one."""

    name: str
    version: str
    format: str = "OpenAI"
    capacity: int | None = None


@dataclass(frozen=True)
class Limits:
    """What nothing may exceed.

    ``capacity`` counts in units of a model deployment's ``sku.capacity``, ``nodes`` are those of one
    Machine Learning cluster, ``throughput`` is request units per second of a Cosmos DB account outside
    production, ``vm_sizes`` are what Machine Learning may compute on.
    """

    capacity: int = 500
    nodes: int = 8
    throughput: int = 4000
    vm_sizes: tuple[str, ...] = (
        "Standard_D4s_v5",
        "Standard_D8s_v5",
        "Standard_DS3_v2",
        "Standard_E4ds_v5",
        "Standard_E8ds_v5",
        "Standard_NC24ads_A100_v4",
    )


def capacity_ceiling(model: str, models: tuple[Model, ...], limits: Limits) -> int:
    """Return the most ``sku.capacity`` a deployment of a model may have: its own, or the general one."""
    own = (item.capacity for item in models if item.name.lower() == model.lower() and item.capacity)
    return next(own, limits.capacity)


@dataclass(frozen=True)
class GuardrailException:
    """A dated exception to a guardrail, granted by the function that owns it. ``expires`` is ISO 8601."""

    guardrail: str
    scope: str
    reason: str
    approver: str
    expires: str


@dataclass(frozen=True)
class Repository:
    """Where project repositories and their pipelines live.

    ``provider`` is ``github`` or ``azure-devops``, ``project`` one of Azure DevOps; ``owner_id`` is GitHub's
    number of the organisation, ``organisation_id`` Azure DevOps' GUID of it. ``issuer`` says who issues the
    tokens of service connections, ``entra`` or ``azure-devops``; empty is what the cloud has. ``runner`` is
    the label of a runner (GitHub) or the name of an agent pool (Azure DevOps) in the network.
    """

    organisation: str = ""
    provider: str = "github"
    owner_id: str = ""
    project: str = ""
    organisation_id: str = ""
    issuer: str = ""
    runner: str = ""


class Pim(StrEnum):
    """How roles that are not standing are given.

    ``on``: eligible and time-bound, as the matrix says. ``off``: nobody is eligible, such rows become
    active assignments that end. ``none``: the tenant has no Privileged Identity Management, so nobody gets
    them.
    """

    ON = "on"
    OFF = "off"
    NONE = "none"


class RowVerb(StrEnum):
    """How an override changes the access matrix."""

    ADD = "add"
    REMOVE = "remove"
    REPLACE = "replace"


@dataclass(frozen=True)
class RowChange:
    """One override of the access matrix, with its reason.

    ``function``, ``environment``, ``scope_kind`` and ``role`` (a GUID, or the id of a custom role) name the
    row; ``mode`` is the new row's, and for a replacement ``new_role`` may name another role. ``name`` is the
    role's display name, for people; ``location`` is ``file:line``.
    """

    verb: RowVerb
    function: str
    environment: str
    scope_kind: str
    role: str
    reason: str
    mode: str = ""
    new_role: str = ""
    name: str = ""
    location: str = ""


@dataclass(frozen=True)
class AccessSettings:
    """How access is given: days that roles last, when they are renewed, what activating one takes.

    ``approval`` lists the environments in which activating needs another person.
    """

    pim: Pim = Pim.ON
    eligible_days: int = 365
    active_days: int = 90
    renew_days: int = 30
    activation_hours: int = 8
    multi_factor: bool = True
    approval: tuple[str, ...] = ("prod",)
    changes: tuple[RowChange, ...] = ()


@dataclass(frozen=True)
class Pace:
    """How fast plans are applied: steps at a time; writes in a full bucket, and how many a second gives back.

    The defaults are ARM's documented limits for one caller in one subscription (200 writes, 10 a second).
    """

    concurrency: int = 16
    burst: int = 200
    per_second: int = 10


@dataclass(frozen=True)
class Project:
    """One AI project: the intake record of project.yaml. ``folder`` is relative to the workspace.

    ``repository_id`` is GitHub's number of its repository. ``provider`` is whose pipelines it has; empty is
    the workspace's. ``connections`` are the GUIDs of its service connections of Azure DevOps, by the name of
    the environment they sign in for (``dev``, ``dev-plan``, ``dev-guardrail``). ``components`` are those it
    has besides or instead of its kind's. ``slot`` numbers its subnets; 0 is its place in the workspace.
    """

    name: str
    kind: str
    title: str
    owner: str
    environments: tuple[str, ...]
    risk_tier: str
    data_classification: str
    use_case: Mapping[str, str] = field(default_factory=dict, hash=False)
    functions: Mapping[str, tuple[Group, ...]] = field(default_factory=dict, hash=False)
    folder: str = "."
    access_changes: tuple[RowChange, ...] = ()
    repository_id: str = ""
    provider: str = ""
    connections: Mapping[str, str] = field(default_factory=dict, hash=False)
    components: Mapping[str, bool] = field(default_factory=dict, hash=False)
    slot: int = 0


@dataclass(frozen=True)
class Settings:
    """A whole workspace: coe.yaml and the project.yaml files below it. ``root`` is its folder.

    ``text`` is coe.yaml as it was read. ``alone`` says that only the repository of one project is here, in
    ``root``: the platform and other projects are unknown then, not absent.
    """

    root: PurePath
    organisation: Organisation
    cloud: Cloud
    locations: Locations
    environments: Mapping[str, Environment] = field(hash=False)
    functions: Mapping[str, tuple[Group, ...]] = field(hash=False)
    tags: Mapping[str, str] = field(default_factory=dict, hash=False)
    models: tuple[Model, ...] = ()
    deployment_types: tuple[str, ...] = ("DataZoneStandard",)
    limits: Limits = Limits()
    compiler: str = "auto"
    repository: Repository = Repository()
    sandbox_port: int = 0
    sandbox_faults: str = ""
    sandbox_principal: str = ""
    pace: Pace = Pace()
    exceptions: tuple[GuardrailException, ...] = ()
    projects: tuple[Project, ...] = ()
    access: AccessSettings = AccessSettings()
    stacks: Stacks = Stacks()
    text: str = field(default="", hash=False, repr=False)
    alone: bool = False

    def groups(self, function: str, project: Project | None = None) -> tuple[Group, ...]:
        """Return the groups that fill a function, the project's own override first."""
        if project and function in project.functions:
            return project.functions[function]
        return self.functions.get(function, ())

    def filled(self) -> Iterator[tuple[str, Group]]:
        """Yield each function with each group that fills it, in the workspace and then in its projects."""
        for table in (self.functions, *(project.functions for project in self.projects)):
            for function, groups in table.items():
                for group in groups:
                    yield function, group

    @property
    def governed(self) -> Mapping[str, tuple[str, ...]]:
        """The functions that each group fills, by the group's object id in lower case."""
        found: dict[str, dict[str, None]] = {}
        for function, group in self.filled():
            found.setdefault(group.id.lower(), {})[function] = None
        return {group: tuple(functions) for group, functions in found.items()}
