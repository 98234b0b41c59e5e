"""The adapters on the unmodified SDK clients, against a sandbox: observe, deploy, access."""

from __future__ import annotations

from dataclasses import replace

import pytest

from coe_scaffold.cloud.session import Session, connect
from coe_scaffold.errors import CloudError
from coe_scaffold.model.access import Assignment, CustomRole, Mode, PrincipalType, RoleRef
from coe_scaffold.model.resources import ChangeType, Deployment, PropertyChange
from coe_scaffold.model.scope import Scope
from coe_scaffold.model.settings import Cloud
from coe_scaffold.ports import Operation
from coe_scaffold.sandbox import running
from tests.contract.sandbox.place import GROUPS, READER, SEED, Client, inner_template, outer_template


def deployment(scope: Scope, *, sku: str = "Standard_LRS", name: str = "abc") -> Deployment:
    values = {"name": {"value": name}, "sku": {"value": sku}}
    return Deployment("coe-main", scope, outer_template(), values, "swedencentral")


def reader(scope: Scope, principal: str = GROUPS[0]) -> Assignment:
    role = RoleRef(READER, "Reader")
    return Assignment(scope, principal, PrincipalType.GROUP, role, function="ai-engineer", reason="reads")


def test_deploying_reports_progress_and_outputs(session: Session, subscription: Scope) -> None:
    seen: list[Operation] = []
    made = session.deployer.deploy(deployment(subscription), seen.append)
    group = subscription.group("rg-a")
    assert made[0] == group.path
    assert len(made) == 5
    final = {operation.resource: operation.state for operation in seen}
    assert set(final.values()) == {"Succeeded"}
    assert f"{group}/providers/Microsoft.Storage/storageAccounts/stabc" in final, "nested ones are told too"
    assert f"{group}/providers/Microsoft.Resources/deployments/inner" in final


def test_what_if_is_empty_after_deploying(session: Session, subscription: Scope) -> None:
    first = session.observer.what_if(deployment(subscription))
    assert [change.change for change in first] == [ChangeType.CREATE] * 5
    assert list(first) == sorted(first, key=lambda change: change.resource)
    session.deployer.deploy(deployment(subscription), lambda _: None)
    again = session.observer.what_if(deployment(subscription))
    assert {change.change for change in again} == {ChangeType.NO_CHANGE}
    other = session.observer.what_if(deployment(subscription, sku="Standard_ZRS"))
    changed = [change for change in other if change.change is not ChangeType.NO_CHANGE]
    assert [change.resource.name for change in changed] == ["stabc"]
    assert changed[0].delta == (PropertyChange("sku.name", "Standard_LRS", "Standard_ZRS"),)


def test_deploying_into_a_group(session: Session, subscription: Scope, arm: Client) -> None:
    group = arm.group("rg-b")
    inner = Deployment("inner", group, inner_template(), {"name": {"value": "xyz"}})
    assert len(session.observer.what_if(inner)) == 4
    assert len(session.deployer.deploy(inner, lambda _: None)) == 4
    found = session.observer.resources(group)
    assert [scope.name for scope in found] == ["xyz", "stxyz"]


def test_a_failed_deployment_names_its_innermost_cause(session: Session, subscription: Scope) -> None:
    inner = inner_template()
    inner["resources"][3]["properties"]["principalId"] = "99999999-0000-4000-8000-000000000001"
    bad = replace(deployment(subscription), template=outer_template(inner))
    seen: list[Operation] = []
    with pytest.raises(CloudError) as caught:
        session.deployer.deploy(bad, seen.append)
    error = caught.value
    assert error.code == "PrincipalNotFound"
    assert error.summary.startswith("deployment coe-main: Principal 9999")
    assert error.fix
    assert error.correlation_id
    assert error.detail.startswith("DeploymentFailed: ")
    final = {operation.resource: operation for operation in seen}
    failed = [operation for operation in final.values() if operation.state == "Failed"]
    assert sorted(operation.detail for operation in failed) == ["BadRequest", "Conflict"]
    assert {operation.state for operation in final.values()} == {"Succeeded", "Failed"}


def test_a_refused_template_is_translated(session: Session, subscription: Scope) -> None:
    with pytest.raises(CloudError) as caught:
        session.deployer.deploy(replace(deployment(subscription), parameters={}), lambda _: None)
    assert (caught.value.code, caught.value.status) == ("InvalidTemplate", 400)
    with pytest.raises(CloudError) as caught:
        session.observer.what_if(replace(deployment(subscription), parameters={}))
    assert caught.value.code == "InvalidTemplate"


def test_groups_and_their_deletion(session: Session, subscription: Scope, arm: Client) -> None:
    group = arm.group("rg-c", tags={"coe-scope": "project"})
    assert session.observer.resource_groups(subscription) == {"rg-c": {"coe-scope": "project"}}
    session.deployer.delete_resource_group(group)
    assert session.observer.resource_groups(subscription) == {}
    session.deployer.delete_resource_group(group)


def test_a_locked_group_is_not_deleted(session: Session, subscription: Scope, arm: Client) -> None:
    group = arm.group("rg-d")
    lock = f"{group}/providers/Microsoft.Authorization/locks/keep"
    arm.call("PUT", lock, {"properties": {"level": "CanNotDelete"}})
    with pytest.raises(CloudError) as caught:
        session.deployer.delete_resource_group(group)
    assert caught.value.code == "ScopeLocked"
    assert "lock" in caught.value.fix
    assert "rg-d" in session.observer.resource_groups(subscription)


def test_an_assignment_is_ensured_not_created_twice(session: Session, subscription: Scope) -> None:
    want = reader(subscription)
    first = session.access.assign(want)
    assert first.key == want.key
    assert first.ours
    assert first.id.name == want.name
    assert session.access.assign(want) == first
    assert session.observer.role_assignments(subscription) == (first,)
    session.access.remove(first.id)
    session.access.remove(first.id)
    assert session.observer.role_assignments(subscription) == ()


def test_an_equal_assignment_of_somebody_else_is_adopted(
    session: Session, subscription: Scope, arm: Client
) -> None:
    home = f"{subscription}/providers/Microsoft.Authorization/roleAssignments"
    path = f"{home}/88888888-0000-4000-8000-00000000000"
    role = f"/providers/Microsoft.Authorization/roleDefinitions/{READER}"
    body = {"properties": {"roleDefinitionId": role, "principalId": GROUPS[0], "principalType": "Group"}}
    assert arm.call("PUT", path + "1", body, version="2022-04-01").status == 201
    adopted = session.access.assign(reader(subscription))
    assert adopted.id.path == path + "1"
    assert not adopted.ours
    body["properties"] |= {"principalId": GROUPS[1], "condition": "x", "conditionVersion": "2.0"}
    assert arm.call("PUT", path + "2", body, version="2022-04-01").status == 201
    with pytest.raises(CloudError, match="another condition") as caught:
        session.access.assign(reader(subscription, GROUPS[1]))
    assert "x" in caught.value.detail


def test_an_assignment_of_ours_under_another_name_gets_the_wanted_condition(
    session: Session, subscription: Scope, arm: Client
) -> None:
    want = replace(reader(subscription), condition="@Resource[x] StringEquals 'y'")
    name = "88888888-0000-4000-8000-000000000009"
    path = f"{subscription}/providers/Microsoft.Authorization/roleAssignments/{name}"
    role = f"/providers/Microsoft.Authorization/roleDefinitions/{READER}"
    body = {
        "properties": {"roleDefinitionId": role, "principalId": GROUPS[0], "description": want.description}
    }
    assert arm.call("PUT", path, body, version="2022-04-01").status == 201
    made = session.access.assign(want)
    assert (made.id.path, made.condition) == (path, want.condition)
    assert session.observer.role_assignments(subscription) == (made,)


def test_a_name_held_by_an_old_principal_of_ours_is_replaced(
    session: Session, subscription: Scope, arm: Client
) -> None:
    want = reader(subscription)
    old = replace(want, principal=GROUPS[5])
    role = f"/providers/Microsoft.Authorization/roleDefinitions/{READER}"
    body = {
        "properties": {"roleDefinitionId": role, "principalId": GROUPS[5], "description": old.description}
    }
    path = subscription.child("Microsoft.Authorization/roleAssignments", want.name)
    assert arm.call("PUT", path.path, body, version="2022-04-01").status == 201
    made = session.access.assign(want)
    assert (made.id, made.principal) == (path, want.principal)


def test_assignments_of_a_group_and_below(session: Session, subscription: Scope, arm: Client) -> None:
    group = arm.group("rg-e")
    above = session.access.assign(reader(subscription))
    inside = session.access.assign(reader(group))
    assert session.observer.role_assignments(group) == (inside,)
    assert set(session.observer.role_assignments(subscription)) == {above, inside}


def test_assignments_at_a_management_group(session: Session) -> None:
    scope = Scope.management_group("mg-ai")
    made = session.access.assign(reader(scope, GROUPS[6]))
    assert session.observer.role_assignments(scope) == (made,)
    session.access.remove(made.id)
    assert session.observer.role_assignments(scope) == ()


def test_what_cannot_be_assigned(session: Session, subscription: Scope) -> None:
    with pytest.raises(CloudError) as caught:
        session.access.assign(replace(reader(subscription), role=RoleRef(GROUPS[0], "Nothing")))
    assert caught.value.code == "RoleDefinitionDoesNotExist"
    with pytest.raises(CloudError, match="eligible"):
        session.access.assign(replace(reader(subscription), mode=Mode.ELIGIBLE))


def test_custom_roles(session: Session, subscription: Scope) -> None:
    role = CustomRole(
        role=RoleRef("66666666-0000-4000-8000-000000000001", "coe deploys models"),
        scope=subscription,
        description="d",
        actions=("Microsoft.CognitiveServices/accounts/deployments/write",),
        data_actions=("Microsoft.CognitiveServices/accounts/OpenAI/*/read",),
    )
    assert session.observer.custom_roles(subscription) == ()
    session.access.define_role(role)
    session.access.define_role(role)
    assert session.observer.custom_roles(subscription) == (role,)
    session.access.assign(replace(reader(subscription), role=role.role))
    with pytest.raises(CloudError) as caught:
        session.access.remove_role(role)
    assert caught.value.code == "RoleDefinitionHasAssignments"
    for item in session.observer.role_assignments(subscription):
        session.access.remove(item.id)
    session.access.remove_role(role)
    session.access.remove_role(role)
    assert session.observer.custom_roles(subscription) == ()


@pytest.mark.parametrize("seed", [1, 2])
def test_everything_works_through_faults(seed: int) -> None:
    faults = f"throttle:0.2,error:0.1,reset:0.05,latency:1ms,principal-delay:3,seed:{seed}"
    scope = Scope.subscription_of(SEED.subscriptions[0])
    with running(None, SEED, faults=faults) as endpoint:
        session = connect(Cloud.SANDBOX, endpoint=endpoint.url, token=endpoint.token)
        session.deployer.deploy(deployment(scope), lambda _: None)
        assert {item.change for item in session.observer.what_if(deployment(scope))} == {ChangeType.NO_CHANGE}
        for principal in GROUPS[:4]:
            session.access.assign(reader(scope, principal))
        ours = [item for item in session.observer.role_assignments(scope) if item.ours]
        assert len(ours) == 4
        session.deployer.delete_resource_group(scope.group("rg-a"))
        assert session.observer.resource_groups(scope) == {}
        session.close()


def test_an_unknown_principal_is_given_up_in_the_end(subscription: Scope) -> None:
    with running(None, SEED, faults="principal-delay:100") as endpoint:
        session = connect(Cloud.SANDBOX, endpoint=endpoint.url, token=endpoint.token)
        with pytest.raises(CloudError) as caught:
            session.access.assign(reader(subscription))
        session.close()
    assert caught.value.code == "PrincipalNotFound"
    assert "object id" in caught.value.fix
