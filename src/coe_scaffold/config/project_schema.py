"""The shape of project.yaml: strict pydantic models; what it shares with coe.yaml is in ``schema``."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field

from coe_scaffold.config.schema import (
    ComponentName,
    ConnectionName,
    EnvironmentName,
    FunctionId,
    GroupSection,
    Guid,
    Kind,
    Name,
    ProjectAccessSection,
    ProjectName,
    Strict,
)


class UseCaseSection(Strict):
    """The intake record of a project."""

    sponsor: str = ""
    value_metric: str = ""
    users: str = ""
    data_classification: Literal["public", "internal", "confidential", "restricted"] = "internal"
    personal_data: Annotated[
        Literal["unknown", "yes", "no"], Field(description="whether it processes any; unknown before intake")
    ] = "unknown"
    autonomy: Literal["assistive", "supervised", "autonomous"] = "assistive"
    affected_people: Annotated[
        Literal["unknown", "nobody", "employees", "customers", "public"],
        Field(description="who is affected without using it"),
    ] = "unknown"
    area: Annotated[
        Literal[
            "unknown",
            "none",
            "biometrics",
            "critical-infrastructure",
            "education",
            "employment",
            "essential-services",
            "law-enforcement",
            "migration",
            "justice-and-democracy",
            "product-safety",
        ],
        Field(description="of Annex III of the AI Act, or a product's safety (Annex I)"),
    ] = "unknown"
    risk_tier: Literal["minimal", "limited", "high", "prohibited"] = "limited"


class ProjectRepositorySection(Strict):
    """The repository of one project."""

    id: Annotated[str, Field(pattern=r"^\d*$", description="GitHub's number of the repository")] = ""
    provider: Annotated[
        Literal["", "github", "azure-devops"], Field(description="whose pipelines; default: coe.yaml's")
    ] = ""
    connections: Annotated[
        dict[ConnectionName, Guid],
        Field(
            description="GUIDs of the service connections of Azure DevOps by environment: dev, dev-plan, ..."
        ),
    ] = Field(default_factory=dict)


class ProjectFile(Strict):
    """project.yaml: one AI project."""

    api_version: Literal["coe-scaffold/v1"]
    name: ProjectName
    kind: Kind
    title: Name
    owner: Name
    environments: Annotated[list[EnvironmentName], Field(min_length=1)]
    components: Annotated[
        dict[ComponentName, bool], Field(description="parts of the landing zone, besides those of the kind")
    ] = Field(default_factory=dict)
    use_case: UseCaseSection = Field(default_factory=UseCaseSection)
    access: ProjectAccessSection = Field(default_factory=ProjectAccessSection)
    repository: ProjectRepositorySection = Field(default_factory=ProjectRepositorySection)
    functions: dict[FunctionId, Annotated[list[GroupSection], Field(min_length=1)]] = Field(
        default_factory=dict
    )
