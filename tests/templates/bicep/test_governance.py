"""What governance would create in the management group, and that it agrees with the rest of the product."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from coe_scaffold.catalog import matrix
from coe_scaffold.catalog.matrix import custom_role_guid
from coe_scaffold.checks import all_rules
from coe_scaffold.errors import CompileError
from coe_scaffold.model.resources import ResourceGraph
from coe_scaffold.model.settings import GuardrailException, Limits, Model, Repository, Settings
from coe_scaffold.scaffold.governance import POLICIES
from tests.fakes.workspace import TENANT, settings
from tests.templates.bicep.landing_zones import governance

GROUP = "/providers/Microsoft.Management/managementGroups/mg-ai"
AUTHORIZATION = "Microsoft.Authorization"


def exception(scope: str, guardrail: str = "deploy-approved-models") -> GuardrailException:
    return GuardrailException(guardrail, scope, "Trial of a model", "ai-ethics-officer", "2027-01-31")


def with_exceptions(*exceptions: GuardrailException) -> ResourceGraph:
    return governance(replace(settings(), exceptions=exceptions))


def test_subscriptions_of_all_environments_are_placed_in_the_group() -> None:
    placed = governance().of_type("Microsoft.Management/managementGroups/subscriptions")
    assert {item.name for item in placed} == {
        f"mg-ai/{item.subscription}" for item in settings().environments.values()
    }
    assert {str(item.id).rpartition("/subscriptions/")[0] for item in placed} == {GROUP}


def test_custom_roles_are_those_of_the_access_engine() -> None:
    defined = {item.name: item for item in governance().of_type(f"{AUTHORIZATION}/roleDefinitions")}
    rows = {custom_role_guid("mg-ai", row.name): row for row in matrix().custom_roles}
    assert defined.keys() == rows.keys()
    for guid, row in rows.items():
        properties = defined[guid].properties
        assert properties["roleName"] == row.name
        assert properties["permissions"][0]["actions"] == list(row.permission.actions)
        assert properties["assignableScopes"] == [GROUP]


def test_policies_cover_what_built_ins_do_not() -> None:
    whole = governance()
    definitions = {item.name: item for item in whole.of_type(f"{AUTHORIZATION}/policyDefinitions")}
    assert definitions.keys() == {f"coe-{name}" for name in POLICIES}
    assert set(POLICIES) <= {rule.id for rule in all_rules()}
    for definition in definitions.values():
        assert definition.properties["mode"] == "All"
        kind, condition = definition.properties["policyRule"]["if"]["allOf"]
        assert kind == {"field": "type", "equals": "Microsoft.CognitiveServices/accounts/deployments"}
        assert "[parameters('allowed')]" in str(condition)
        assert definition.properties["policyRule"]["then"] == {"effect": "[parameters('effect')]"}
    (initiative,) = whole.of_type(f"{AUTHORIZATION}/policySetDefinitions")
    listed = initiative.properties["policyDefinitions"]
    assert [item["policyDefinitionReferenceId"] for item in listed] == list(POLICIES)
    assert {item["policyDefinitionId"] for item in listed} == {str(item.id) for item in definitions.values()}
    values = {item["policyDefinitionReferenceId"]: item["parameters"]["allowed"]["value"] for item in listed}
    assert values["deploy-approved-models"] == ["gpt-5.2:2026-01-15"]
    assert values["deploy-sku-residency"] == ["DataZoneStandard"]
    assert values["deploy-capacity-ceiling"] == Limits.capacity


def test_the_policy_lets_through_what_the_highest_ceiling_of_a_model_allows() -> None:
    models = (Model("small", "1", capacity=20), Model("large", "1", capacity=900))
    limited = replace(settings(), limits=Limits(capacity=50), models=models)
    (initiative,) = governance(limited).of_type(f"{AUTHORIZATION}/policySetDefinitions")
    values = {
        item["policyDefinitionReferenceId"]: item["parameters"]["allowed"]["value"]
        for item in initiative.properties["policyDefinitions"]
    }
    assert values["deploy-capacity-ceiling"] == 900


def test_assignments_name_their_definitions() -> None:
    assigned = {
        item.name: item.properties["policyDefinitionId"]
        for item in governance().of_type(f"{AUTHORIZATION}/policyAssignments")
    }
    assert assigned.keys() == {
        "coe-model-deployments", "coe-locations", "coe-group-locations", "coe-data-residency",
        "coe-federation",
    }  # fmt: skip
    (initiative,) = governance().of_type(f"{AUTHORIZATION}/policySetDefinitions")
    assert assigned["coe-model-deployments"] == str(initiative.id)
    assert all(len(name) <= 24 for name in assigned)


def test_initiatives_of_an_azure_landing_zone_come_without_their_traps() -> None:
    whole = governance(landingZoneGroup="alz", regulatory=True)
    assigned = {item.name: item for item in whole.of_type(f"{AUTHORIZATION}/policyAssignments")}
    assert len(assigned) == 10
    openai = assigned["coe-alz-openai"]
    assert openai.properties["policyDefinitionId"] == (
        "/providers/Microsoft.Management/managementGroups/alz/providers/"
        "Microsoft.Authorization/policySetDefinitions/Enforce-Guardrails-OpenAI"
    )
    assert openai.properties["parameters"]["cognitiveServicesCustomerStorage"] == {"value": "Audit"}
    assert openai.properties["parameters"]["cognitiveServicesOutboundNetworkAccess"] == {"value": "Audit"}
    assert openai.body["identity"] == {"type": "SystemAssigned"}
    assert not [name for name in assigned if "machine" in name.lower()]


def assignment(name: str, chosen: Settings | None = None, **initiatives: object) -> dict[str, Any]:
    whole = governance(chosen, **({"initiatives": initiatives} if initiatives else {}))
    found = {item.name: item for item in whole.of_type(f"{AUTHORIZATION}/policyAssignments")}
    return dict(found[name].properties)


def test_keys_of_ones_own_are_asked_of_foundry_and_refused_only_where_templates_have_them() -> None:
    kinds = "67121cc7-ff39-4ab8-b7e3-95b84dab487d_excludedKinds"
    refusing = assignment("coe-customer-keys", customerKeys="Deny")
    assert refusing["parameters"]["effect"] == {"value": "Deny"}
    assert "AIServices" not in refusing["parameters"][kinds]["value"]
    (override,) = refusing["overrides"]
    assert (override["kind"], override["value"]) == ("policyEffect", "Audit")
    assert "customerManagedKeysOnContainerRegistry" in override["selectors"][0]["in"]
    assert not assignment("coe-customer-keys", customerKeys="Audit")["overrides"]


def test_data_locations_that_are_no_regions_are_never_refused() -> None:
    refusing = assignment("coe-data-residency", residency="Deny")
    assert refusing["parameters"]["listOfAllowedLocations"]["value"] == [*settings().locations.allowed]
    assert refusing["overrides"][0]["selectors"][0]["in"] == ["allowedLocationsCommunicationsServices"]
    assert assignment("coe-data-residency")["parameters"]["effect"] == {"value": "Audit"}


@pytest.mark.parametrize(
    ("repository", "owners", "issuers"),
    [
        (Repository("contoso"), ["contoso"], []),
        (Repository("contoso", owner_id="42"), ["contoso", "contoso@42"], []),
        (Repository("contoso", "azure-devops"), [], [f"https://login.microsoftonline.com/{TENANT}/v2.0"]),
    ],
)
def test_the_pipelines_of_the_organisation_are_trusted(
    repository: Repository, owners: list[str], issuers: list[str]
) -> None:
    chosen = replace(settings(), repository=repository, projects=())
    given = {key: item["value"] for key, item in assignment("coe-federation", chosen)["parameters"].items()}
    assert given == {
        "effect": "Audit",
        "allowFederatedCredentials": True,
        "allowGitHub": bool(owners),
        "allowedGitHubRepoOwners": owners,
        "allowedIssuerExceptions": issuers,
    }


def test_what_is_left_out_is_not_assigned() -> None:
    relaxed = {name: replace(item, profile="standard") for name, item in settings().environments.items()}
    assigned = governance(replace(settings(), environments=relaxed)).of_type(
        f"{AUTHORIZATION}/policyAssignments"
    )
    assert not {"coe-customer-keys", "coe-data-residency"} & {item.name for item in assigned}


DEV = "/subscriptions/20000000-0000-4000-8000-000000000001"
IN_GROUP = f"{DEV}/resourceGroups/rg-cto-claims-chat-dev-sdc"


@pytest.mark.parametrize(("scope", "exempted"), [("dev", DEV), (DEV, DEV), (IN_GROUP, IN_GROUP)])
def test_an_exception_becomes_an_exemption_of_its_own_scope_that_ends(scope: str, exempted: str) -> None:
    (exemption,) = with_exceptions(exception(scope)).of_type(f"{AUTHORIZATION}/policyExemptions")
    assert str(exemption.scope) == exempted
    assert exemption.properties["expiresOn"] == "2027-01-31T00:00:00Z"
    assert exemption.properties["policyDefinitionReferenceIds"] == ["deploy-approved-models"]
    assert exemption.properties["policyAssignmentId"].startswith(GROUP)
    assert "ai-ethics-officer" in exemption.properties["description"]


@pytest.mark.parametrize(
    "given",
    [
        exception("dev", "kv-rbac"),
        exception(GROUP),
        exception("another-organisation"),
        exception(f"{IN_GROUP}/providers/Microsoft.CognitiveServices/accounts/aif"),
    ],
)
def test_other_exceptions_exempt_from_nothing(given: GuardrailException) -> None:
    assert not with_exceptions(given).of_type(f"{AUTHORIZATION}/policyExemptions")


def test_an_exemption_from_what_no_policy_enforces_is_refused() -> None:
    wrong = {**exception("dev").__dict__, "subscription": "20000000-0000-4000-8000-000000000001"}
    wrong.pop("scope")
    with pytest.raises(CompileError):
        governance(exemptions=[{**wrong, "guardrail": "kv-rbac"}])
