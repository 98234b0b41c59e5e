"""A sample workspace as settings, for tests that do not care where settings come from."""

from __future__ import annotations

from pathlib import PurePosixPath

from coe_scaffold.model.coe import FUNCTION_IDS
from coe_scaffold.model.settings import (
    Budget,
    Cloud,
    Environment,
    Group,
    Locations,
    Model,
    Organisation,
    Project,
    Settings,
)

TENANT = "10000000-0000-4000-8000-000000000000"


def environment(name: str, number: int, *, profile: str = "standard") -> Environment:
    return Environment(
        name=name,
        subscription=f"20000000-0000-4000-8000-00000000000{number}",
        profile=profile,
        budget=Budget(monthly=500 * number, currency="EUR"),
        location="swedencentral",
    )


def project(name: str = "claims-chat", kind: str = "rag") -> Project:
    return Project(
        name=name,
        kind=kind,
        title="Claims chat",
        owner="claims@contoso.example",
        environments=("dev", "test", "prod"),
        risk_tier="limited",
        data_classification="confidential",
        folder=name,
    )


def settings(*projects: Project) -> Settings:
    return Settings(
        root=PurePosixPath("/workspace"),
        organisation=Organisation("Contoso", "cto", TENANT, "mg-ai"),
        cloud=Cloud.SANDBOX,
        locations=Locations("swedencentral", ("swedencentral", "westeurope"), "eu"),
        environments={
            "dev": environment("dev", 1),
            "test": environment("test", 2),
            "prod": environment("prod", 3, profile="strict"),
        },
        functions={
            function: (
                Group(
                    f"30000000-0000-4000-8000-00000000000{number}",
                    f"ai-{function}s",
                    f"{function}s@contoso.example",
                ),
            )
            for number, function in enumerate(FUNCTION_IDS, start=1)
        },
        tags={"costCenter": "4711"},
        models=(Model("gpt-5.2", "2026-01-15"),),
        projects=projects or (project(),),
    )
