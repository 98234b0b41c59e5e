"""Deployment stacks through the unmodified SDK clients, against a sandbox."""

from __future__ import annotations

from dataclasses import replace

import pytest

from coe_scaffold.cloud import history, scoped, stacks
from coe_scaffold.cloud.session import Session, connect
from coe_scaffold.errors import CloudError
from coe_scaffold.model.resources import ChangeType, Deployment, PropertyChange
from coe_scaffold.model.scope import Scope
from coe_scaffold.model.settings import Cloud
from coe_scaffold.model.stacks import STACK_TYPE, DenySettings, StackSettings
from coe_scaffold.ports import Operation
from coe_scaffold.sandbox import Endpoint, running
from tests.contract.cloud.test_adapters import deployment
from tests.contract.sandbox.place import GROUPS, SEED, SUBSCRIPTIONS, Client, inner_template, outer_template

DELETING = StackSettings(resources="delete", resource_groups="delete", tags={"managed-by": "coe-scaffold"})
STORAGE = "Microsoft.Storage/storageAccounts"


def stack(scope: Scope, settings: StackSettings | None = None, **more: str) -> Deployment:
    return replace(deployment(scope, **more), stack=settings or StackSettings())


def smaller(given: Deployment) -> Deployment:
    """The same deployment without the storage account and what belongs to it."""
    inner = inner_template()
    inner["resources"] = inner["resources"][:1]
    return replace(given, template=outer_template(inner))


def test_a_stack_keeps_a_list_of_what_it_made(session: Session, subscription: Scope) -> None:
    seen: list[Operation] = []
    given = stack(subscription)
    made = session.deployer.deploy(given, seen.append)
    assert made[-1] == given.stack_id.path
    found = session.observer.stack(given.stack_id)
    assert found is not None
    assert found.state == "succeeded"
    assert {one.path for one in found.managed} == set(made[:-1])
    assert found.action["resources"] == "detach"
    assert not found.forbids
    assert session.observer.stacks(subscription) == (found,)
    states = {operation.resource: operation.state for operation in seen}
    group = subscription.group("rg-a")
    assert states[f"{group}/providers/{STORAGE}/stabc"] == "Succeeded", "resources of nested ones are told"
    assert states[f"{group}/providers/Microsoft.Resources/deployments/inner"] == "Succeeded"


def test_a_doubted_list_stops_only_where_something_would_be_deleted() -> None:
    subscription = Scope.subscription_of(SUBSCRIPTIONS[0])
    with running(None, SEED, faults="out-of-sync:1") as endpoint:
        mine = connect(Cloud.SANDBOX, endpoint=endpoint.url, token=endpoint.token)
        deploy = mine.deployer.deploy
        deploy(stack(subscription, DELETING), lambda _: None)
        with pytest.raises(CloudError, match="might not have an accurate list") as caught:
            deploy(stack(subscription, DELETING), lambda _: None)
        assert caught.value.code == "DeploymentStackOutOfSync"
        assert "--accept-out-of-sync" in caught.value.fix
        deploy(stack(subscription, replace(DELETING, accept_out_of_sync=True)), lambda _: None)
        deploy(stack(subscription), lambda _: None)
        mine.close()


def test_the_clouds_types_are_known(session: Session, subscription: Scope) -> None:
    for scope in (subscription, Scope.management_group("mg-ai")):
        offered = session.observer.offered(scope)
        assert {"deployments", "deploymentstacks", "deploymentstackswhatifresults"} <= offered


def test_stack_what_if_tells_what_is_let_go_and_leaves_no_record(
    session: Session, subscription: Scope, arm: Client
) -> None:
    given = stack(subscription)
    first = session.observer.stack_what_if(given)
    assert {change.change for change in first} == {ChangeType.CREATE}
    session.deployer.deploy(given, lambda _: None)
    assert {one.change for one in session.observer.stack_what_if(given)} == {ChangeType.NO_CHANGE}
    other = session.observer.stack_what_if(stack(subscription, sku="Standard_ZRS"))
    changed = [one for one in other if one.change is not ChangeType.NO_CHANGE]
    assert [one.delta for one in changed] == [(PropertyChange("sku.name", "Standard_LRS", "Standard_ZRS"),)]
    left = {one.resource.name: one.change for one in session.observer.stack_what_if(smaller(given))}
    assert left["stabc"] is ChangeType.DETACH
    gone = session.observer.stack_what_if(smaller(stack(subscription, DELETING)))
    assert {one.resource.name: one.change for one in gone}["stabc"] is ChangeType.DELETE
    results = arm.call(
        "GET",
        f"{subscription}/providers/Microsoft.Resources/deploymentStacksWhatIfResults",
        version="2025-07-01",
    )
    assert results.body == {"value": []}


def test_stack_what_if_of_a_wrong_template_names_the_cause(session: Session, subscription: Scope) -> None:
    with pytest.raises(CloudError) as caught:
        session.observer.stack_what_if(replace(stack(subscription), parameters={}))
    assert caught.value.code == "InvalidTemplate"


def test_what_a_template_drops_is_detached_or_deleted(session: Session, subscription: Scope) -> None:
    storage = subscription.group("rg-a").child(STORAGE, "stabc")
    session.deployer.deploy(stack(subscription), lambda _: None)
    session.deployer.deploy(smaller(stack(subscription)), lambda _: None)
    assert storage in session.observer.resources(subscription)
    session.deployer.deploy(stack(subscription, DELETING), lambda _: None)
    session.deployer.deploy(smaller(stack(subscription, DELETING)), lambda _: None)
    assert storage not in session.observer.resources(subscription)


def test_a_plain_deployment_moves_into_a_stack_as_it_is(session: Session, subscription: Scope) -> None:
    session.deployer.deploy(deployment(subscription), lambda _: None)
    before = session.observer.resources(subscription)
    assert {one.change for one in session.observer.stack_what_if(stack(subscription))} == {
        ChangeType.NO_CHANGE
    }
    session.deployer.deploy(stack(subscription), lambda _: None)
    assert session.observer.resources(subscription) == before


def test_deny_settings_forbid_deleting_and_the_error_says_who(
    endpoint: Endpoint, session: Session, subscription: Scope, arm: Client
) -> None:
    settings = StackSettings(deny=DenySettings("denyDelete"))
    given = stack(subscription, settings)
    session.deployer.deploy(given, lambda _: None)
    found = session.observer.stack(given.stack_id)
    assert found is not None
    assert found.forbids
    owner = "8e3af657-a8ff-443c-a75c-2fe8c4bcb635"
    roles = f"{subscription}/providers/Microsoft.Authorization"
    body = {
        "properties": {
            "roleDefinitionId": f"{roles}/roleDefinitions/{owner}",
            "principalId": GROUPS[0],
            "principalType": "Group",
        }
    }
    arm.call(
        "PUT", f"{roles}/roleAssignments/40000000-0000-4000-8000-0000000000{subscription.name[-2:]}", body
    )
    other = connect(Cloud.SANDBOX, endpoint=endpoint.url, token=f"{endpoint.token}~{GROUPS[0]}")
    storage = subscription.group("rg-a").child(STORAGE, "stabc")
    with pytest.raises(CloudError) as caught:
        other.deployer.delete_resource(storage)
    assert caught.value.code == "DenyAssignmentAuthorizationFailed"
    assert "denySettings" in caught.value.fix
    other.deployer.delete_resource(given.stack_id)
    other.deployer.delete_resource(storage)
    other.close()


def test_deleting_a_stack_leaves_what_it_managed(session: Session, subscription: Scope) -> None:
    given = stack(subscription, DELETING)
    session.deployer.deploy(given, lambda _: None)
    before = session.observer.resources(subscription)
    session.deployer.delete_resource(given.stack_id)
    assert session.observer.stack(given.stack_id) is None
    assert session.observer.resources(subscription) == before
    session.deployer.delete_resource(given.stack_id)


def test_a_failed_stack_names_its_innermost_cause(session: Session, subscription: Scope) -> None:
    inner = inner_template()
    inner["resources"][3]["properties"]["principalId"] = "99999999-0000-4000-8000-000000000001"
    bad = replace(stack(subscription), template=outer_template(inner))
    seen: list[Operation] = []
    with pytest.raises(CloudError) as caught:
        session.deployer.deploy(bad, seen.append)
    assert caught.value.code == "PrincipalNotFound"
    assert caught.value.detail.startswith("DeploymentStackDeploymentFailed: ")
    assert caught.value.correlation_id
    assert caught.value.fix
    assert {operation.state for operation in seen} >= {"Succeeded", "Failed"}
    found = session.observer.stack(bad.stack_id)
    assert found is not None
    assert found.state == "failed"
    session.deployer.settle(bad)
    session.deployer.deploy(stack(subscription), lambda _: None)
    assert {one.change for one in session.observer.stack_what_if(stack(subscription))} == {
        ChangeType.NO_CHANGE
    }


def test_a_stack_that_cannot_delete_names_the_lock(
    session: Session, subscription: Scope, arm: Client
) -> None:
    given = stack(subscription, DELETING)
    session.deployer.deploy(given, lambda _: None)
    storage = subscription.group("rg-a").child(STORAGE, "stabc")
    lock = f"{storage}/providers/Microsoft.Authorization/locks/keep"
    arm.call("PUT", lock, {"properties": {"level": "CanNotDelete"}})
    with pytest.raises(CloudError) as caught:
        session.deployer.deploy(smaller(given), lambda _: None)
    assert caught.value.code == "ScopeLocked"
    assert "lock" in caught.value.fix
    assert "stabc" in caught.value.summary


def test_a_busy_stack_is_waited_for(session: Session, subscription: Scope) -> None:
    given = stack(subscription)
    poller = stacks.begin(session.clients, given, StackSettings())
    made = session.deployer.deploy(given, lambda _: None)
    assert made[-1] == given.stack_id.path
    poller.result()


def test_a_full_history_loses_our_oldest_records_only(
    session: Session, subscription: Scope, arm: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    empty = {"$schema": "", "contentVersion": "1.0.0.0", "resources": []}
    body = {"location": "westus", "properties": {"mode": "Incremental", "template": empty}}
    for name in ("coe-mainline", "others-1", "others-2", "coe-main-backup"):
        arm.call("PUT", f"{subscription}/providers/Microsoft.Resources/deployments/{name}", body)
    for _ in range(5):
        session.deployer.deploy(stack(subscription), lambda _: None)
    names = {one.name for one in scoped.list_at(session.clients, subscription)}
    monkeypatch.setattr(history, "FULL", 8)
    monkeypatch.setattr(history, "KEPT", 2)
    seen: list[Operation] = []
    session.deployer.deploy(stack(subscription), seen.append)
    left = {one.name for one in scoped.list_at(session.clients, subscription)}
    removed = names - left
    assert len(removed) == 3
    assert all(name.startswith("coe-main-") and name != "coe-main-backup" for name in removed)
    said = [operation.detail for operation in seen if operation.resource == "deployment history"]
    where = f"the 9 deployments of {subscription.name}"
    assert said == [f"removed 3 old records of coe-main from {where}: ARM keeps 800"]
    assert session.observer.stack(subscription.child(STACK_TYPE, "coe-main")) is not None
