"""The roles of managed identities in the shipped templates: the matrix, row by row, and delegation."""

from __future__ import annotations

import re
import uuid

import pytest

from coe_scaffold.catalog import matrix
from coe_scaffold.model.json import Unknown
from coe_scaffold.model.resources import ResourceGraph
from coe_scaffold.scaffold.components import KINDS, made_of
from tests.fakes.workspace import settings
from tests.templates.bicep.landing_zones import ENVIRONMENTS, everything, graph, sample

ARM_GUID = uuid.UUID("11fb06fb-712d-4ddd-98c7-e71bbd588830")
ROLE_ASSIGNMENT = "Microsoft.Authorization/roleAssignments"
# Workload rows of the matrix that no kind of project gets, as (identity, kind of place, role).
LEFT_OUT = {
    ("plan", "project-rg", "acdd72a7-3385-48ef-bd42-f606fba81ae7"): "it reads the whole subscription",
    (
        "deploy",
        "project-rg",
        "adb29209-aa1d-457b-a786-c913953d2891",
    ): "only stacks with deny settings need it",
    ("platform-policy", "management-group", "36243c78-bf99-498c-9df9-86d9f8d28608"): "not of a project",
    ("platform-access", "management-group", "f58310d9-a9f6-439a-9e8d-f62e7b41a168"): "not of a project",
    (
        "published-agent",
        "search",
        "1407120a-92aa-4202-b7e9-c0e197c71c8f",
    ): "the identity exists once an agent is published, after the deployment",
}
# Components of a project → rows that only projects with one of them have; others come with every project.
NEEDS = {
    "foundry": {"foundry-account", "foundry-project"},
    "search": {"search", "search-service"},
    "agents": {"agents-container", "cosmos-account"},
}
# What templates give besides the rows of the matrix, with the reason.
BESIDES = {
    ("deploy", "workspace-identity", "f1a07417-d97a-45cb-824c-7a7467783830"): "attach it to the workspace",
    ("plan", "subscription", "acdd72a7-3385-48ef-bd42-f606fba81ae7"): "a plan compares all of an environment",
    ("deploy", "subscription", "acdd72a7-3385-48ef-bd42-f606fba81ae7"): "what the stack hands over",
    ("workspace", "project-rg", "b78c5d69-af96-48a3-bf8d-a8b4d589de94"): "what Azure gives a workspace",
    ("workspace", "storage-account", "ba92f5b4-2d11-453d-a403-e96b0029c9fe"): "data stores",
    ("workspace", "key-vault", "b86a8fe4-44ce-4948-aee5-eccb2c155cd7"): "secrets of connections",
    ("workspace", "container-registry", "2a1e307c-b015-4ebd-883e-5b7698a07328"): "images of environments",
    ("runtime", "storage-account", "ba92f5b4-2d11-453d-a403-e96b0029c9fe"): "what jobs read and write",
    ("runtime", "documents", "a97b65f3-24c7-4388-baec-2e87135dc908"): "analyse documents without keys",
    ("runtime", "foundry-account", "53ca6127-db72-4b80-b1b0-d745d6d5456d"): "content safety and agents",
    ("runtime", "log-key", "12338af0-0e69-4776-bea7-57ae8d297424"): "key of user hashes",
    ("runtime", "records-container", "ba92f5b4-2d11-453d-a403-e96b0029c9fe"): "what waits for a person",
    ("deploy", "tool-identity", "f1a07417-d97a-45cb-824c-7a7467783830"): "attach it to the application",
    ("documents", "data-container", "2a2b9908-6ea1-4ae2-8e65-a410df84e7d1"): "documents to analyse",
    ("factory", "data-container", "ba92f5b4-2d11-453d-a403-e96b0029c9fe"): "data that flows in",
    ("deploy", "foundry-account", "5e0bd9bd-7b93-4f28-af87-19fc36ad61bd"): "evaluation gate of promotions",
    ("deploy", "foundry-account", "53ca6127-db72-4b80-b1b0-d745d6d5456d"): "evaluation: content safety",
    ("deploy", "search", "1407120a-92aa-4202-b7e9-c0e197c71c8f"): "evaluation: retrieval",
    ("deploy", "search", "8ebe5a00-799e-43f5-93ac-243d3dce84a7"): "documents of releases",
    ("deploy", "documents", "a97b65f3-24c7-4388-baec-2e87135dc908"): "evaluation: reading",
    ("grafana", "log-analytics", "3b03c2da-16b3-4a49-8834-0f8130efdd3b"): "dashboards read logs",
}
IDENTITIES = {
    "id-plan-": "plan", "id-deploy-": "deploy", "id-runtime-": "runtime", "id-guardrail-": "guardrail",
    "proj-": "foundry-project", "srch-": "search-service", "id-workspace-": "workspace", "di-": "documents",
    "adf-": "factory", "amg-": "grafana",
}  # fmt: skip
PLACES = {
    "subscriptions": "subscription", "resourceGroups": "project-rg",
    "accounts": "foundry-account", "searchServices": "search",
    "storageAccounts": "storage-account", "containers": "data-container", "vaults": "key-vault",
    "registries": "container-registry", "components": "application-insights", "workspaces": "log-analytics",
    "userAssignedIdentities": "runtime-identity", "databaseAccounts": "cosmos-account", "keys": "log-key",
}  # fmt: skip
CONTAINERS = {"agents-blobstore": "agents-container", "records": "records-container"}


def _rows(whole: ResourceGraph) -> set[tuple[str, str, str]]:
    """Read identity, kind of place and role back from each assignment; its name tells the identity.

    The name is ARM's guid() of scope, identity and role, so that an assignment is found again.
    """
    identities = {
        str(resource.id).lower(): label
        for resource in whole.resources
        for start, label in IDENTITIES.items()
        if resource.name.rsplit("/", 1)[-1].startswith(start)
    }
    found = set()
    for assignment in whole.of_type(ROLE_ASSIGNMENT):
        role = assignment.properties["roleDefinitionId"].rpartition("/")[2]
        scope = str(assignment.scope)
        (label,) = [
            label
            for identity, label in identities.items()
            if str(uuid.uuid5(ARM_GUID, f"{scope.lower()}-{identity}-{role}")) == assignment.name
        ]
        found.add((label, _place(scope), role))
    return found


def _place(scope: str) -> str:
    kind, name = scope.split("/")[-2:]
    if name.startswith("id-workspace-"):
        return "workspace-identity"
    if name.startswith("id-tool-"):
        return "tool-identity"
    if name in CONTAINERS:
        return CONTAINERS[name]
    return "documents" if name.startswith("di-") else PLACES[kind]


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("environment", ENVIRONMENTS)
def test_workload_assignments_are_the_rows_of_the_matrix(environment: str, kind: str) -> None:
    group = settings().organisation.management_group
    custom = {row.id: row.defined_in(group).role.guid for row in matrix().custom_roles}
    rows = {(row.identity, row.scope_kind, row.role.guid or custom[row.custom]) for row in matrix().workload}
    assert LEFT_OUT.keys() <= rows
    absent = {
        word
        for name, words in NEEDS.items()
        if name not in made_of(sample(kind).projects[0])
        for word in words
    }
    expected = {row for row in rows - LEFT_OUT.keys() if not absent & {row[0], row[1]}}
    assert _rows(everything(environment, kind)) - BESIDES.keys() == expected


def test_every_row_beside_the_matrix_is_still_given() -> None:
    given = {row for kind in KINDS for name in ("dev", "prod") for row in _rows(everything(name, kind))}
    assert BESIDES.keys() <= given


@pytest.mark.parametrize("kind", KINDS)
def test_pipelines_evaluate_in_the_first_environment_only(kind: str) -> None:
    """What the identity that deploys may do with data there, and nowhere else."""
    given = {name: _rows(everything(name, kind)) for name in ENVIRONMENTS}
    evaluating = {row for row in given["dev"] if row[0] == "deploy" and row not in given["prod"]}
    places = {
        "rag": {"foundry-account", "search"},
        "agent": {"foundry-account", "search"},
        "docproc": {"foundry-account", "documents"},
    }
    assert {place for _, place, _ in evaluating} == places.get(kind, set())
    assert {row for row in given["test"] if row[0] == "deploy"} == {
        row for row in given["prod"] if row[0] == "deploy"
    }


def test_agents_read_and_write_the_data_of_their_own_threads() -> None:
    (assignment,) = everything("prod", "agent").of_type(
        "Microsoft.DocumentDB/databaseAccounts/sqlRoleAssignments"
    )
    account = assignment.properties["scope"]
    assert account == str(assignment.id).rpartition("/sqlRoleAssignments/")[0]
    assert assignment.properties["roleDefinitionId"] == (
        f"{account}/sqlRoleDefinitions/00000000-0000-0000-0000-000000000002"
    )


@pytest.mark.parametrize("environment", ENVIRONMENTS)
def test_workload_assignments_are_marked_as_ours(environment: str) -> None:
    for assignment in everything(environment).of_type(ROLE_ASSIGNMENT):
        assert assignment.properties["principalType"] == "ServicePrincipal"
        assert assignment.properties["description"].startswith("coe-scaffold: ")
        assert isinstance(assignment.properties["principalId"], Unknown)


def test_the_guardrail_identity_gets_the_custom_role_it_is_given_or_none() -> None:
    role = "40000000-0000-4000-8000-000000000001"
    common = _rows(graph("project", "dev", guardrailPublisherRoleId=None))
    given = _rows(graph("project", "dev", guardrailPublisherRoleId=role))
    assert given - common == {("guardrail", "foundry-account", role)}
    assert "guardrail" not in {identity for identity, _, _ in common}


def test_the_deploy_identity_hands_out_only_listed_roles_to_service_principals() -> None:
    assignments = everything("prod").of_type(ROLE_ASSIGNMENT)
    (limited,) = [item for item in assignments if "condition" in item.properties]
    assert limited.properties["roleDefinitionId"].endswith("f58310d9-a9f6-439a-9e8d-f62e7b41a168")
    condition = limited.properties["condition"]
    assert limited.properties["conditionVersion"] == "2.0"
    assert condition.count("(") == condition.count(")")
    assert condition.count("{") == condition.count("}")
    listed = set(re.findall(r"[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}", condition))
    given = {role for kind in KINDS for _, _, role in _rows(everything("prod", kind))}
    given.add("e147488a-f6f5-4113-8e2d-b22465e65bf6")  # Key Vault Crypto Service Encryption User: customerKey
    management = {
        "f58310d9-a9f6-439a-9e8d-f62e7b41a168",  # Role Based Access Control Administrator
        "b24988ac-6180-42a0-ab88-20f7382dd24c",  # Contributor
        "acdd72a7-3385-48ef-bd42-f606fba81ae7",  # Reader
        "f1a07417-d97a-45cb-824c-7a7467783830",  # Managed Identity Operator
    }
    custom = {
        row.defined_in(settings().organisation.management_group).role.guid for row in matrix().custom_roles
    }
    assert given - management - custom == listed
    assert len(condition.encode()) < 8192
