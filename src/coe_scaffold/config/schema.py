"""The shape of coe.yaml: strict pydantic models, the source of its JSON Schema."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field
from pydantic.alias_generators import to_camel

from coe_scaffold.model.settings import Cloud, Limits

Guid = Annotated[
    str,
    Field(
        pattern=r"^[0-9a-fA-F]{8}(-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}$",
        examples=["10000000-0000-4000-8000-000000000000"],
    ),
]
Prefix = Annotated[
    str, Field(pattern=r"^[a-z][a-z0-9]{1,5}$", description="2 to 6 lower-case letters or digits")
]
Location = Annotated[
    str, Field(pattern=r"^[a-z][a-z0-9]{2,29}$", description="an Azure region such as swedencentral")
]
Name = Annotated[str, Field(min_length=1, max_length=90)]
EnvironmentName = Annotated[str, Field(pattern=r"^[a-z][a-z0-9]{1,7}$")]
ConnectionName = Annotated[str, Field(pattern=r"^[a-z][a-z0-9]{1,7}(-plan|-guardrail)?$")]
ProjectName = Annotated[
    str,
    Field(
        pattern=r"^[a-z][a-z0-9]*(-[a-z0-9]+)*$",
        min_length=3,
        max_length=20,
        description="3 to 20 lower-case letters, digits and single hyphens, starting with a letter",
    ),
]
Kind = Literal["rag", "agent", "ml", "finetune", "docproc"]
FunctionId = Literal[
    "ai-coe-lead",
    "ai-strategist",
    "business-analyst",
    "data-scientist",
    "data-engineer",
    "ai-engineer",
    "ai-ethics-officer",
    "compliance-officer",
    "mlops-engineer",
]
ComponentName = Literal[
    "foundry", "search", "agents", "app", "machineLearning", "dataFactory", "documentIntelligence"
]
Date = Annotated[str, Field(pattern=r"^\d{4}-\d{2}-\d{2}$")]
DeploymentType = Literal[
    "Standard",
    "DataZoneStandard",
    "GlobalStandard",
    "ProvisionedManaged",
    "DataZoneProvisionedManaged",
    "GlobalProvisionedManaged",
    "GlobalBatch",
    "DataZoneBatch",
]


class Strict(BaseModel):
    """Base of every section: unknown keys are errors, keys are camelCase."""

    model_config = ConfigDict(
        extra="forbid", alias_generator=to_camel, populate_by_name=False, strict=True, defer_build=True
    )


class OrganisationSection(Strict):
    """Who the workspace belongs to."""

    name: Name
    prefix: Prefix
    tenant: Guid
    management_group: Annotated[str, Field(pattern=r"^[a-zA-Z0-9][a-zA-Z0-9_.()-]{0,89}$")]


class LocationsSection(Strict):
    """Azure regions and the data zone models may use."""

    default: Location
    allowed: Annotated[list[Location], Field(min_length=1)]
    data_zone: Literal["eu", "us"] = "eu"


class BudgetSection(Strict):
    """Monthly budget in whole units of a currency."""

    monthly: Annotated[int, Field(ge=1, le=100_000_000)]
    currency: Annotated[str, Field(pattern=r"^[A-Z]{3}$")] = "EUR"


class DenySettingsSection(Strict):
    """What deployment stacks forbid everybody else on what they manage, as ARM's denySettings."""

    mode: Literal["none", "denyDelete", "denyWriteAndDelete"] = "none"
    excluded_principals: Annotated[
        list[Guid], Field(max_length=5, description="object ids the denial does not hold for")
    ] = []
    excluded_actions: Annotated[
        list[str], Field(max_length=200, description="ARM actions that stay allowed, such as Ns/type/write")
    ] = []
    apply_to_child_scopes: bool = False


StackUseWord = Annotated[
    Literal["auto", "always", "never"], Field(description="auto: on every cloud that has deployment stacks")
]
UnmanageWord = Annotated[
    Literal["detach", "deleteResources", "deleteAll"],
    Field(
        description="what becomes of resources a template no longer declares: detach keeps them, "
        "deleteResources deletes them, deleteAll their resource groups too"
    ),
]


class StacksSection(Strict):
    """Whether and how deployments are ARM deployment stacks."""

    use: StackUseWord = "auto"
    action_on_unmanage: UnmanageWord = "detach"
    deny_settings: DenySettingsSection = Field(default_factory=DenySettingsSection)


class EnvironmentStacksSection(Strict):
    """What one environment does otherwise than ``stacks``."""

    use: StackUseWord | None = None
    action_on_unmanage: UnmanageWord | None = None
    deny_settings: DenySettingsSection | None = None


class EnvironmentSection(Strict):
    """One environment and its subscription."""

    subscription: Guid
    profile: Literal["standard", "strict"] = "standard"
    budget: BudgetSection
    location: Location | None = None
    approvals: Annotated[
        list[FunctionId], Field(description="functions that must approve a plan file before it is applied")
    ] = []
    stacks: EnvironmentStacksSection | None = None


class GroupSection(Strict):
    """An Entra group by object id; the name is a comment for people."""

    id: Guid
    name: str = ""
    email: str = ""


class ModelSection(Strict):
    """A model that may be deployed, with its pinned version."""

    name: Name
    version: Name
    format: str = "OpenAI"
    capacity: Annotated[
        int | None,
        Field(ge=1, le=100_000, description="ceiling of one deployment of it, instead of limits.capacity"),
    ] = None


class ModelsSection(Strict):
    """Which models may be deployed, and how."""

    allowed: list[ModelSection] = Field(default_factory=list)
    deployment_types: list[DeploymentType] = ["DataZoneStandard"]


class LimitsSection(Strict):
    """What nothing may exceed: guardrails and policies hold resources against these."""

    capacity: Annotated[
        int,
        Field(
            ge=1,
            le=100_000,
            description="most sku.capacity of one model deployment: thousands of tokens per minute, or units "
            "of provisioned throughput",
        ),
    ] = Limits.capacity
    nodes: Annotated[int, Field(ge=1, le=1000, description="most nodes of a Machine Learning cluster")] = (
        Limits.nodes
    )
    throughput: Annotated[
        int,
        Field(
            ge=400,
            le=1_000_000,
            description="most request units per second of a Cosmos DB account outside production",
        ),
    ] = Limits.throughput
    vm_sizes: Annotated[
        list[Annotated[str, Field(pattern=r"^[A-Za-z0-9_-]+$")]],
        Field(min_length=1, description="VM sizes that Machine Learning may compute on, the usual one first"),
    ] = list(Limits.vm_sizes)


class BicepSection(Strict):
    """Which compiler turns Bicep into ARM JSON."""

    compiler: Literal["auto", "embedded", "official"] = "auto"


class RepositorySection(Strict):
    """Where project repositories and their pipelines live."""

    provider: Literal["github", "azure-devops"] = "github"
    organisation: str = ""
    owner_id: Annotated[
        str,
        Field(
            pattern=r"^\d*$",
            description="GitHub's number of the organisation, where its sign-ins name it: owner@number",
        ),
    ] = ""
    project: Annotated[str, Field(description="project of Azure DevOps")] = ""
    organisation_id: Annotated[
        str,
        Field(
            pattern=r"^$|^[0-9a-fA-F]{8}(-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}$",
            description="Azure DevOps' GUID of the organisation; its sign-ins carry it",
        ),
    ] = ""
    issuer: Annotated[
        Literal["", "entra", "azure-devops"],
        Field(description="who issues the tokens of service connections; default: Entra in public Azure"),
    ] = ""
    runner: Annotated[
        str,
        Field(
            pattern=r"^$|^[A-Za-z0-9][A-Za-z0-9 ._-]*$",
            description="runner (GitHub: label; Azure DevOps: agent pool) in the network, for deployments",
        ),
    ] = ""


class SandboxSection(Strict):
    """The embedded sandbox; port 0 takes any free one."""

    port: Annotated[int, Field(ge=0, le=65535)] = 0
    faults: Annotated[str, Field(examples=["throttle:0.2,reset:0.05"])] = ""
    principal: Annotated[
        str,
        Field(
            pattern=r"^$|^[0-9a-fA-F]{8}(-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}$",
            description="the object id of whom commands act as, or empty for the owner",
        ),
    ] = ""


class PaceSection(Strict):
    """How fast plans are applied: steps at a time, and ARM's token bucket for writes."""

    concurrency: Annotated[int, Field(ge=1, le=64)] = 16
    burst: Annotated[int, Field(ge=1, le=10_000, description="writes that a full bucket allows")] = 200
    per_second: Annotated[int, Field(ge=1, le=1000, description="writes that come back in a second")] = 10


class ExceptionSection(Strict):
    """A dated exception to one guardrail, granted by the function that owns it."""

    guardrail: Name
    scope: Name
    reason: Annotated[str, Field(min_length=10)]
    approver: FunctionId
    expires: Date


class RowChangeSection(Strict):
    """One override of the access matrix: the row it names by function, environment, scope and role."""

    change: Literal["add", "remove", "replace"]
    function: FunctionId
    environment: Annotated[str, Field(min_length=1, description="an environment, or all")]
    scope: Annotated[str, Field(min_length=1, description="a kind of place, as coe access matrix names it")]
    role: Annotated[
        str, Field(min_length=1, description="GUID of a built-in role, or the id of a custom role")
    ]
    name: Annotated[str, Field(description="display name of the role, for people")] = ""
    mode: Literal["standing", "eligible", "time-bound"] | None = None
    by: Annotated[str | None, Field(description="the role that replaces it: GUID or custom role id")] = None
    reason: Annotated[str, Field(min_length=10)]


class ActivationSection(Strict):
    """What activating an eligible role takes."""

    hours: Annotated[int, Field(ge=1, le=24)] = 8
    multi_factor: bool = True
    approval: Annotated[list[str], Field(description="environments in which somebody else must approve")] = [
        "prod"
    ]


class AccessSection(Strict):
    """How roles are given to people, and overrides of the access matrix.

    ``pim``: on = eligible and time-bound roles as the matrix says; off = nobody is eligible, such rows are
    held active until an end; none = no Privileged Identity Management, such rows are not given.
    """

    pim: Literal["on", "off", "none"] = "on"
    eligible_days: Annotated[int, Field(ge=2, le=365)] = 365
    active_days: Annotated[int, Field(ge=2, le=180)] = 90
    renew_days: Annotated[int, Field(ge=1, le=180)] = 30
    activation: ActivationSection = Field(default_factory=ActivationSection)
    matrix: list[RowChangeSection] = Field(default_factory=list)


class ProjectAccessSection(Strict):
    """Overrides of the access matrix for what belongs to one project."""

    matrix: list[RowChangeSection] = Field(default_factory=list)


class WorkspaceFile(Strict):
    """coe.yaml: one organisation's workspace."""

    api_version: Literal["coe-scaffold/v1"]
    organisation: OrganisationSection
    cloud: Literal["sandbox", "azure", "usgovernment", "china"] = Cloud.SANDBOX.value
    locations: LocationsSection
    environments: Annotated[dict[EnvironmentName, EnvironmentSection], Field(min_length=1)]
    functions: dict[FunctionId, Annotated[list[GroupSection], Field(min_length=1)]]
    tags: dict[str, str] = Field(default_factory=dict)
    models: ModelsSection = Field(default_factory=ModelsSection)
    limits: LimitsSection = Field(default_factory=LimitsSection)
    bicep: BicepSection = Field(default_factory=BicepSection)
    repository: RepositorySection = Field(default_factory=RepositorySection)
    sandbox: SandboxSection = Field(default_factory=SandboxSection)
    pace: PaceSection = Field(default_factory=PaceSection)
    stacks: StacksSection = Field(default_factory=StacksSection)
    exceptions: list[ExceptionSection] = Field(default_factory=list)
    access: AccessSection = Field(default_factory=AccessSection)
