"""How the service connections of Azure DevOps sign in: who issues their tokens, and the tokens' subjects.

Two formats (learn.microsoft.com: azure/devops/pipelines/release/troubleshoot-workload-identity and
convert-service-connections). Tokens of Microsoft Entra ID name organisation and connection by GUID; those of
Azure DevOps itself, which public Azure retires on 1 July 2027, by name.
"""

from __future__ import annotations

import base64
import re
import uuid
from collections.abc import Mapping

from coe_scaffold.model.json import Json
from coe_scaffold.model.settings import Cloud, Project, Settings

AZURE_DEVOPS = "azure-devops"
USES: Mapping[str, str] = {"plan": "-plan", "deploy": "", "guardrail": "-guardrail"}
"""What an identity is for -> how the name of its environment or service connection ends."""

APPLICATION = "499b84ac-1321-427f-aa17-267ca6975798"
"""Azure DevOps itself, in every tenant."""


def provider_of(settings: Settings, project: Project) -> str:
    """Return whose pipelines a project has, ``github`` or ``azure-devops``: its own, else the workspace's."""
    return project.provider or settings.repository.provider


def owner_of(settings: Settings) -> str:
    """Return the organisation that has the repositories: as coe.yaml spells it, else after its name.

    GitHub spells its subjects as the owner does, and Microsoft Entra ID compares them with case.
    """
    return settings.repository.organisation or re.sub(
        r"[^a-z0-9]+", "-", settings.organisation.name.lower()
    ).strip("-")


def trusted_sources(settings: Settings) -> tuple[list[Json], list[Json]]:
    """Return whose pipelines sign in: owners of GitHub repositories, and issuers of Azure DevOps.

    An owner whose number is known is named twice, since GitHub writes it into subjects of newer repositories.
    The issuer of Azure DevOps itself is known once coe.yaml has the organisation's GUID.
    """
    repository = settings.repository
    providers = {provider_of(settings, project) for project in settings.projects} | {repository.provider}
    owner = owner_of(settings)
    numbered = [f"{owner}@{repository.owner_id}"] if repository.owner_id else []
    owners: list[Json] = [owner, *numbered] if "github" in providers else []
    issuers: list[Json] = [issuer] if AZURE_DEVOPS in providers and (issuer := _issuer(settings)) else []
    return owners, issuers


def _issuer(settings: Settings) -> str:
    """Return who issues the tokens of service connections; empty while that is not known."""
    if entra_issues(settings):
        return f"https://login.microsoftonline.com/{settings.organisation.tenant.lower()}/v2.0"
    organisation = settings.repository.organisation_id.lower()
    return f"https://vstoken.dev.azure.com/{organisation}" if organisation else ""


def devops_project(settings: Settings) -> str:
    """Return the project of Azure DevOps that has the service connections."""
    return settings.repository.project or settings.organisation.name


def connection_name(project: Project, sign_in: str) -> str:
    """Return the name of a service connection; ``sign_in`` is ``dev``, ``dev-plan``, ``dev-guardrail``."""
    return f"{project.name}-{sign_in}"


def service_connections(settings: Settings, project: Project, environment: str) -> Mapping[str, str]:
    """Return ``issuer`` and the subject of each use whose subject is known; empty when none can be.

    Entra's subject takes the GUIDs of organisation (coe.yaml) and connection (project.yaml), Azure DevOps'
    own only its issuer that of the organisation.
    """
    repository = settings.repository
    if not repository.organisation_id:
        return {}
    issuer, organisation = _issuer(settings), repository.organisation_id.lower()
    if not entra_issues(settings):
        place = f"{owner_of(settings)}/{devops_project(settings)}"
        own = {
            use: f"sc://{place}/{connection_name(project, environment + end)}" for use, end in USES.items()
        }
        return {"issuer": issuer, **own}
    tenant = settings.organisation.tenant.lower()
    start = f"/eid1/c/pub/t/{_encoded(tenant)}/a/{_encoded(APPLICATION)}/sc/{organisation}"
    known = {
        use: f"{start}/{project.connections[environment + end].lower()}"
        for use, end in USES.items()
        if environment + end in project.connections
    }
    return {"issuer": issuer, **known}


def entra_issues(settings: Settings) -> bool:
    """Return whether Microsoft Entra ID issues the tokens: where coe.yaml says so, else in public Azure."""
    chosen = settings.repository.issuer
    return chosen == "entra" if chosen else settings.cloud in (Cloud.AZURE, Cloud.SANDBOX)


def _encoded(guid: str) -> str:
    """Return a GUID as Entra writes it into subjects: base64url of its bytes, the first groups reversed."""
    return base64.urlsafe_b64encode(uuid.UUID(guid).bytes_le).decode("ascii").rstrip("=")
