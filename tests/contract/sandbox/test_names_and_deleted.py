"""Names, deleted resources, models and quota, asked by the management SDKs that Microsoft generates."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

import pytest
from azure.core.exceptions import HttpResponseError

from coe_scaffold.catalog import name_questions, retentions
from coe_scaffold.cloud.policies import LoopbackTokenPolicy, StaticToken
from coe_scaffold.model.estate import OfferedModel
from coe_scaffold.model.scope import Scope
from coe_scaffold.sandbox import Endpoint, Seed, running
from tests.contract.sandbox.place import TENANT, Client

SUBSCRIPTION = "20000000-0000-4000-8000-0000000000aa"
OTHER = "20000000-0000-4000-8000-0000000000bb"
MODEL = OfferedModel("OpenAI", "gpt-5.2", "2025-12-11", "DataZoneStandard")
ACCOUNT = {"location": "swedencentral", "kind": "AIServices", "sku": {"name": "S0"}}
VAULT = {
    "location": "swedencentral",
    "properties": {"tenantId": TENANT, "sku": {"family": "A", "name": "standard"}},
}


@pytest.fixture(scope="module")
def endpoint() -> Iterator[Endpoint]:
    with running(None, Seed(TENANT, (SUBSCRIPTION, OTHER), models=(MODEL,))) as found:
        yield found


@pytest.fixture
def arm(endpoint: Endpoint) -> Client:
    return Client(endpoint, SUBSCRIPTION)


def client(endpoint: Endpoint, kind: Callable[..., Any]) -> Any:
    credential = StaticToken(endpoint.token)
    policy = LoopbackTokenPolicy(credential, "https://sandbox/.default")
    return kind(
        credential,
        SUBSCRIPTION,
        base_url=endpoint.url,
        authentication_policy=policy,
        polling_interval=0,
        use_env_settings=False,
    )


def put(arm: Client, scope: Scope, body: dict[str, Any], version: str = "2025-06-01") -> Any:
    answer = arm.call("PUT", scope.path, body, version=version)
    assert answer.status in (200, 201), answer.body
    return answer.body


def test_a_name_is_free_until_somebody_has_it(endpoint: Endpoint, arm: Client) -> None:
    from azure.mgmt.apimanagement import ApiManagementClient
    from azure.mgmt.cognitiveservices import CognitiveServicesManagementClient
    from azure.mgmt.containerregistry import ContainerRegistryManagementClient
    from azure.mgmt.cosmosdb import CosmosDBManagementClient
    from azure.mgmt.keyvault import KeyVaultManagementClient
    from azure.mgmt.search import SearchManagementClient
    from azure.mgmt.storage import StorageManagementClient

    storage = client(endpoint, StorageManagementClient).storage_accounts
    vaults = client(endpoint, KeyVaultManagementClient).vaults
    registries = client(endpoint, ContainerRegistryManagementClient).registries
    gateways = client(endpoint, ApiManagementClient).api_management_service
    search = client(endpoint, SearchManagementClient).services
    cosmos = client(endpoint, CosmosDBManagementClient).database_accounts
    accounts = client(endpoint, CognitiveServicesManagementClient)

    def asked(name: str, kind: str) -> dict[str, str]:
        return {"name": name, "type": kind}

    def subdomain(name: str, kind: str) -> bool:
        return bool(accounts.check_domain_availability(name, kind).is_subdomain_available)

    asking: dict[str, Callable[[str, str], bool]] = {
        "Microsoft.Storage/storageAccounts": lambda name, kind: (
            storage.check_name_availability(asked(name, kind)).name_available
        ),
        "Microsoft.KeyVault/vaults": lambda name, kind: (
            vaults.check_name_availability(asked(name, kind)).name_available
        ),
        "Microsoft.ContainerRegistry/registries": lambda name, kind: (
            registries.check_name_availability(asked(name, kind)).name_available
        ),
        "Microsoft.ApiManagement/service": lambda name, kind: (
            gateways.check_name_availability({"name": name}).name_available
        ),
        "Microsoft.Search/searchServices": lambda name, kind: (
            search.check_name_availability(name).is_name_available
        ),
        "Microsoft.DocumentDB/databaseAccounts": lambda name, kind: not cosmos.check_name_exists(name),
        "Microsoft.CognitiveServices/accounts": subdomain,
    }
    group = arm.group("rg-names")
    for number, (kind, free) in enumerate(asking.items()):
        name = f"unique{number}name"
        assert free(name, kind), kind
        body: dict[str, Any] = {"location": "swedencentral", "properties": {"customSubDomainName": name}}
        put(arm, group.child(kind, name), body)
        assert not free(name, kind), kind
    assert {kind.lower() for kind in asking} <= set(name_questions())
    assert (
        storage.check_name_availability(asked("A", "Microsoft.Storage/storageAccounts")).reason
        == "AccountNameInvalid"
    )


def test_a_name_of_somebody_else_is_refused_as_azure_does(endpoint: Endpoint, arm: Client) -> None:
    mine, other = arm.group("rg-mine"), Client(endpoint, OTHER).group("rg-other")
    account = {**ACCOUNT, "properties": {"customSubDomainName": "takenname"}}
    for kind, body, code in (
        ("Microsoft.KeyVault/vaults", VAULT, "VaultAlreadyExists"),
        ("Microsoft.CognitiveServices/accounts", account, "CustomDomainInUse"),
    ):
        put(arm, other.child(kind, "takenname"), body)
        put(arm, other.child(kind, "takenname"), body)
        refused = arm.call("PUT", mine.child(kind, "takenname").path, body, version="2025-06-01")
        assert (refused.status, refused.code) == (409, code)


def test_a_deleted_vault_is_listed_recovered_and_purged(endpoint: Endpoint, arm: Client) -> None:
    from azure.mgmt.keyvault import KeyVaultManagementClient

    vaults = client(endpoint, KeyVaultManagementClient).vaults
    group = arm.group("rg-vault")
    vault = group.child("Microsoft.KeyVault/vaults", "kv-kept")
    put(arm, vault, VAULT)
    put(arm, group.child("Microsoft.KeyVault/vaults/keys", "kv-kept/cmk"), {"properties": {"kty": "RSA"}})
    assert arm.call("DELETE", vault.path).status == 200
    found = [one for one in vaults.list_deleted() if one.name == "kv-kept"]
    assert [Scope(one.properties.vault_id) for one in found] == [vault]
    assert found[0].properties.scheduled_purge_date > found[0].properties.deletion_date
    assert vaults.get_deleted("kv-kept", "swedencentral").properties.location == "swedencentral"
    refused = arm.call("PUT", vault.path, VAULT)
    assert (refused.status, refused.code) == (409, "ConflictError")
    recover = {**VAULT, "properties": {**VAULT["properties"], "createMode": "recover"}}  # type: ignore[dict-item]
    recovered = put(arm, vault, recover)
    assert "createMode" not in recovered["properties"]
    assert arm.call("GET", group.child("Microsoft.KeyVault/vaults/keys", "kv-kept/cmk").path).status == 200
    assert arm.call("PUT", vault.path, recover).status == 200
    assert arm.call("DELETE", vault.path).status == 200
    vaults.begin_purge_deleted("kv-kept", "swedencentral").result()
    assert not [one for one in vaults.list_deleted() if one.name == "kv-kept"]
    again = arm.call("PUT", vault.path, recover)
    assert again.code == "SoftDeletedVaultDoesNotExist"


def test_purge_protection_forbids_purging(endpoint: Endpoint, arm: Client) -> None:
    from azure.mgmt.keyvault import KeyVaultManagementClient

    vaults = client(endpoint, KeyVaultManagementClient).vaults
    vault = arm.group("rg-protected").child("Microsoft.KeyVault/vaults", "kv-protected")
    kept = {"enablePurgeProtection": True, "softDeleteRetentionInDays": 7}
    put(arm, vault, {**VAULT, "properties": {**VAULT["properties"], **kept}})  # type: ignore[dict-item]
    assert arm.call("DELETE", vault.path).status == 200
    found = vaults.get_deleted("kv-protected", "swedencentral").properties
    assert found.purge_protection_enabled
    assert (found.scheduled_purge_date - found.deletion_date).days == 7
    with pytest.raises(HttpResponseError, match="DeletedVaultPurge"):
        vaults.begin_purge_deleted("kv-protected", "swedencentral").result()


def test_a_deleted_group_keeps_accounts_and_gateways(endpoint: Endpoint, arm: Client) -> None:
    from azure.mgmt.apimanagement import ApiManagementClient
    from azure.mgmt.cognitiveservices import CognitiveServicesManagementClient

    accounts = client(endpoint, CognitiveServicesManagementClient)
    gateways = client(endpoint, ApiManagementClient).deleted_services
    group = arm.group("rg-account")
    account = group.child("Microsoft.CognitiveServices/accounts", "aif-kept")
    body = {**ACCOUNT, "identity": {"type": "SystemAssigned"}, "properties": {"customSubDomainName": "aif"}}
    identity = put(arm, account, body)["identity"]["principalId"]
    gateway = group.child("Microsoft.ApiManagement/service", "apim-kept")
    put(arm, gateway, {"location": "swedencentral", "sku": {"name": "Premium", "capacity": 1}})
    deleted = arm.call("DELETE", group.path)
    arm.poll(deleted.headers["location"])
    assert [one.name for one in accounts.deleted_accounts.list()] == ["aif-kept"]
    assert [one.name for one in gateways.list_by_subscription()] == ["apim-kept"]
    arm.group("rg-account")
    assert arm.call("PUT", account.path, body).code == "FlagMustBeSetForRestore"
    assert arm.call("PUT", gateway.path, {}).code == "ServiceAlreadyExistsInSoftDeletedState"
    restored = put(arm, account, {**body, "properties": {"restore": True}})
    assert restored["identity"]["principalId"] == identity, "a restored account is the same principal"
    assert restored["properties"]["customSubDomainName"] == "aif"
    assert arm.call("DELETE", account.path).status == 200
    accounts.deleted_accounts.begin_purge("swedencentral", "rg-account", "aif-kept").result()
    gateways.begin_purge("apim-kept", "swedencentral").result()
    assert not list(accounts.deleted_accounts.list())
    assert put(arm, account, body)["identity"]["principalId"] != identity
    assert arm.call(
        "PUT", account.path.replace("aif-kept", "new"), {"properties": {"restore": True}}
    ).code == ("CanNotRestoreANonExistingResource")
    assert {"microsoft.keyvault/vaults", account.resource_type.lower()} < set(retentions())


def test_models_and_quota_are_told(endpoint: Endpoint, arm: Client) -> None:
    from azure.mgmt.cognitiveservices import CognitiveServicesManagementClient

    accounts = client(endpoint, CognitiveServicesManagementClient)
    offered = [one.model for one in accounts.models.list("swedencentral") if one.kind == "AIServices"]
    assert [(one.name, one.version, one.skus[0].name) for one in offered] == [
        ("gpt-5.2", "2025-12-11", "DataZoneStandard")
    ]
    usage = offered[0].skus[0].usage_name
    group = arm.group("rg-models")
    put(arm, group.child("Microsoft.CognitiveServices/accounts", "aif-models"), ACCOUNT)
    deployment = {
        "sku": {"name": "DataZoneStandard", "capacity": 30},
        "properties": {"model": {"format": "OpenAI", "name": "gpt-5.2", "version": "2025-12-11"}},
    }
    put(arm, group.child("Microsoft.CognitiveServices/accounts/deployments", "aif-models/chat"), deployment)
    here = {one.name.value: (one.current_value, one.limit) for one in accounts.usages.list("swedencentral")}
    assert here == {usage: (30, 1000)}
    there = {one.name.value: one.current_value for one in accounts.usages.list("westeurope")}
    assert there == {usage: 0}


def test_asking_for_names_takes_what_azure_says(endpoint: Endpoint, arm: Client) -> None:
    nobody = Client(endpoint.acting_as("30000000-0000-4000-8000-000000000009"), SUBSCRIPTION)
    listing = nobody.call("GET", f"/subscriptions/{SUBSCRIPTION}/providers")
    assert "'Microsoft.Resources/subscriptions/providers/read'" in listing.body["error"]["message"]
    for question in name_questions().values():
        if question.method == "POST":
            path = f"/subscriptions/{SUBSCRIPTION}/providers/{question.path}"
            refused = nobody.call("POST", path, question.asked("abcdef"), version=question.api_version)
            assert refused.code == "AuthorizationFailed"
            assert f"'{question.needs}'" in refused.body["error"]["message"]
