"""Federated credentials of a project, for GitHub and for both issuers of Azure DevOps' tokens."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

import pytest

from coe_scaffold.checks import all_rules, context_for, run
from coe_scaffold.model.finding import Outcome
from coe_scaffold.model.resources import ResourceGraph
from coe_scaffold.model.settings import Cloud, Repository
from coe_scaffold.scaffold.federation import service_connections
from tests.fakes.workspace import TENANT, project, settings
from tests.templates.bicep.conformance import problems
from tests.templates.bicep.landing_zones import TODAY, graph
from tests.templates.bicep.official_types import official_types

TYPE = "Microsoft.ManagedIdentity/userAssignedIdentities/federatedIdentityCredentials"
ORGANISATION = "aaaaaaaa-0000-4000-8000-00000000000a"
CONNECTIONS = {
    "dev": "bbbbbbbb-0000-4000-8000-00000000000b",
    "dev-plan": "cccccccc-0000-4000-8000-00000000000c",
    "dev-guardrail": "dddddddd-0000-4000-8000-00000000000d",
}
REPOSITORY = Repository("Contoso", "azure-devops", project="AI", organisation_id=ORGANISATION)


def connections(repository: Repository, known: Mapping[str, str], cloud: Cloud = Cloud.AZURE) -> object:
    place = replace(settings(), repository=repository, cloud=cloud)
    return dict(service_connections(place, replace(project(), connections=known), "dev"))


def credentials(found: ResourceGraph) -> dict[str, tuple[str, str]]:
    """Name of the credential → its issuer and subject."""
    return {
        resource.name.rpartition("/")[2]: (
            str(resource.properties["issuer"]),
            str(resource.properties["subject"]),
        )
        for resource in found.of_type(TYPE)
    }


def built(known: object) -> ResourceGraph:
    return graph(
        "project",
        "dev",
        repository={"owner": "Contoso", "name": "claims-chat", "serviceConnections": known},
    )


def test_entra_names_organisation_and_connection_by_guid() -> None:
    issuer = f"https://login.microsoftonline.com/{TENANT}/v2.0"
    # The tenant's bytes are 00 00 00 10 00 00 00 40 80 00 ...: a GUID's first three groups are reversed.
    start = f"/eid1/c/pub/t/AAAAEAAAAECAAAAAAAAAAA/a/rISbSSETf0KqFyZ8ppdXmA/sc/{ORGANISATION}"
    assert credentials(built(connections(REPOSITORY, CONNECTIONS))) == {
        "azure-devops-dev": (issuer, f"{start}/{CONNECTIONS['dev']}"),
        "azure-devops-dev-plan": (issuer, f"{start}/{CONNECTIONS['dev-plan']}"),
        "azure-devops-dev-guardrail": (issuer, f"{start}/{CONNECTIONS['dev-guardrail']}"),
    }


@pytest.mark.parametrize(
    ("repository", "cloud"),
    [
        (replace(REPOSITORY, issuer="azure-devops"), Cloud.AZURE),
        (REPOSITORY, Cloud.US_GOVERNMENT),
    ],
)
def test_azure_devops_itself_names_the_connection(repository: Repository, cloud: Cloud) -> None:
    issuer = f"https://vstoken.dev.azure.com/{ORGANISATION}"
    assert credentials(built(connections(repository, {}, cloud))) == {
        "azure-devops-dev": (issuer, "sc://Contoso/AI/claims-chat-dev"),
        "azure-devops-dev-plan": (issuer, "sc://Contoso/AI/claims-chat-dev-plan"),
        "azure-devops-dev-guardrail": (issuer, "sc://Contoso/AI/claims-chat-dev-guardrail"),
    }


def test_a_subject_that_is_not_known_yet_makes_no_credential() -> None:
    assert connections(replace(REPOSITORY, organisation_id=""), CONNECTIONS) == {}
    assert not credentials(built({}))
    only = connections(REPOSITORY, {"dev-plan": CONNECTIONS["dev-plan"], "test": CONNECTIONS["dev"]})
    assert list(credentials(built(only))) == ["azure-devops-dev-plan"]


def test_without_service_connections_github_signs_in() -> None:
    issuer = "https://token.actions.githubusercontent.com"
    assert credentials(graph("project", "dev")) == {
        "github-dev": (issuer, "repo:contoso/claims-chat:environment:dev"),
        "github-dev-plan": (issuer, "repo:contoso/claims-chat:environment:dev-plan"),
        "github-dev-guardrail": (issuer, "repo:contoso/claims-chat:environment:dev-guardrail"),
    }


@pytest.mark.parametrize("issuer", ["entra", "azure-devops"])
def test_guardrail_and_official_type_take_them(issuer: str, pytestconfig: pytest.Config) -> None:
    found = built(connections(replace(REPOSITORY, issuer=issuer), CONNECTIONS))
    rules = tuple(rule for rule in all_rules() if rule.id == "oidc-federated-credentials")
    context = context_for(settings(), settings().environments["dev"], today=TODAY)
    judged = run(found, context, rules)
    assert len(judged) == 3
    assert {item.outcome for item in judged} == {Outcome.PASS}
    official = official_types({TYPE}, pytestconfig.rootpath / ".pytest_cache")[TYPE]
    bodies = [resource.body for resource in found.of_type(TYPE)]
    assert len(bodies) == 3
    assert [problem for body in bodies for problem in problems(body, official)] == []
