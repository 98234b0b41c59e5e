"""Names and deleted resources through the adapters: asked, listed, recovered, purged."""

from __future__ import annotations

import pytest

from coe_scaffold.cloud.session import Session
from coe_scaffold.errors import CloudError
from coe_scaffold.model.estate import NameState, Recovery
from coe_scaffold.model.scope import Scope
from tests.contract.sandbox.place import STORAGE, TENANT, Client

BODY = {
    "location": "swedencentral",
    "properties": {
        "tenantId": TENANT,
        "sku": {"family": "A", "name": "standard"},
        "enablePurgeProtection": True,
    },
}
ACCOUNT = {
    "location": "swedencentral",
    "kind": "AIServices",
    "sku": {"name": "S0"},
    "properties": {"customSubDomainName": "aif-there"},
}


def make(arm: Client, kind: str, name: str, body: object) -> Scope:
    scope = arm.group("rg-kept").child(kind, name)
    assert arm.call("PUT", scope.path, body).status == 201
    return scope


def test_names_are_asked_for_and_their_holder_is_found(
    session: Session, subscription: Scope, arm: Client
) -> None:
    inspector = session.inspector
    for kind, name, body in (
        ("Microsoft.Storage/storageAccounts", "stthere", STORAGE),
        ("Microsoft.CognitiveServices/accounts", "aif-there", ACCOUNT),
        ("Microsoft.DocumentDB/databaseAccounts", "cosmos-there", {"location": "swedencentral"}),
    ):
        assert inspector.name_state(subscription, kind, name) == NameState(True)
        assert inspector.holder(subscription, kind, name) is None
        scope = make(arm, kind, name, body)
        taken = inspector.name_state(subscription, kind, name)
        assert not taken.free
        assert "already" in taken.reason or "exists" in taken.reason
        assert inspector.holder(subscription, kind, name) == scope


def test_a_deleted_vault_is_recovered_in_a_new_group(
    session: Session, subscription: Scope, arm: Client
) -> None:
    vault = make(arm, "Microsoft.KeyVault/vaults", "kv-adapter", BODY)
    (would,) = session.inspector.retained((vault, vault.group("rg-kept")))
    session.deployer.delete_resource_group(subscription.group("rg-kept"))
    (deleted,) = session.inspector.soft_deleted(subscription)
    assert (deleted.id, deleted.was, deleted.protected) == (would.id, vault, True)
    assert would.protected
    with pytest.raises(CloudError, match="DeletedVaultPurge"):
        session.deployer.purge(deleted)
    body = {**BODY, "properties": {**BODY["properties"], "createMode": "recover"}}  # type: ignore[dict-item]
    recovery = Recovery(deleted, "2024-11-01", body, {"location": "swedencentral", "tags": {"a": "b"}})
    made = session.deployer.recover(recovery)
    assert [Scope(one) for one in made] == [subscription.group("rg-kept"), vault]
    assert session.observer.resource_groups(subscription) == {"rg-kept": {"a": "b"}}
    assert session.inspector.soft_deleted(subscription) == ()


def test_a_type_that_no_template_has_is_deleted_with_what_its_provider_tells(
    session: Session, subscription: Scope, arm: Client
) -> None:
    site = make(arm, "Microsoft.Web/sites", "site-there", {"location": "swedencentral"})
    session.deployer.delete_resource(site)
    assert arm.call("GET", site.path).status == 404
    with pytest.raises(CloudError, match="tells no api-version that deletes Microsoft"):
        session.deployer.delete_resource(subscription.group("rg-kept").child("Microsoft.Web/nothing", "x"))


def test_a_deleted_account_is_purged_once(session: Session, subscription: Scope, arm: Client) -> None:
    account = make(
        arm,
        "Microsoft.CognitiveServices/accounts",
        "aif-purged",
        {**ACCOUNT, "properties": {"customSubDomainName": "aif-purged"}},
    )
    session.deployer.delete_resource(account)
    (deleted,) = session.inspector.soft_deleted(subscription)
    assert deleted.was == account
    session.deployer.purge(deleted)
    assert session.inspector.soft_deleted(subscription) == ()
    session.deployer.purge(deleted)
