"""Eligible and time-bound roles with the real client: requests, races, policies, expiry."""

from __future__ import annotations

import threading
import uuid
from dataclasses import replace

import pytest

from coe_scaffold.cloud.session import Session, connect
from coe_scaffold.errors import CloudError
from coe_scaffold.model.access import Assignment, Mode, PrincipalType, RoleRef
from coe_scaffold.model.schedules import ActivationRules, RolePolicy, ScheduledRole
from coe_scaffold.model.scope import Scope
from coe_scaffold.model.settings import Cloud
from coe_scaffold.sandbox import running
from tests.contract.sandbox.place import GROUPS, READER, SEED, Client

V = "2020-10-01"
MODES = (Mode.ELIGIBLE, Mode.TIME_BOUND)
STEMS = {Mode.ELIGIBLE: "roleEligibility", Mode.TIME_BOUND: "roleAssignment"}


def wanted(
    scope: Scope, mode: Mode, *, days: int = 90, principal: str = GROUPS[0], condition: str = ""
) -> ScheduledRole:
    assignment = Assignment(
        scope,
        principal,
        PrincipalType.GROUP,
        RoleRef(READER, "Reader"),
        mode,
        function="ai-engineer",
        reason="x",
    )
    return ScheduledRole(replace(assignment, condition=condition), days)


def requests(arm: Client, scope: Scope, mode: Mode) -> list[dict[str, object]]:
    path = f"{scope}/providers/Microsoft.Authorization/{STEMS[mode]}ScheduleRequests"
    return list(arm.call("GET", path, version=V).body["value"])


@pytest.mark.parametrize("mode", MODES)
def test_a_role_is_given_renewed_and_taken_back(session: Session, subscription: Scope, mode: Mode) -> None:
    made = session.access.schedule(wanted(subscription, mode))
    assert made.ours
    assert session.observer.schedules(subscription) == (made,)
    assert len(session.observer.role_assignments(subscription)) == (mode is Mode.TIME_BOUND)
    longer = replace(wanted(subscription, mode, days=120), target=made.id.name, extends=True)
    renewed = session.access.schedule(longer)
    assert (renewed.id, renewed.ours) == (made.id, True)
    assert renewed.ends > made.ends
    session.access.unschedule(renewed)
    session.access.unschedule(renewed)
    assert session.observer.schedules(subscription) == ()
    assert session.observer.role_assignments(subscription) == ()


@pytest.mark.parametrize("mode", MODES)
def test_asking_again_makes_no_second_schedule(
    session: Session, subscription: Scope, arm: Client, mode: Mode
) -> None:
    first = session.access.schedule(wanted(subscription, mode))
    assert session.access.schedule(wanted(subscription, mode)) == first
    assert len(requests(arm, subscription, mode)) == 1


def test_another_condition_is_not_adopted(session: Session, subscription: Scope) -> None:
    condition = "((!(ActionMatches{'a/b'})) OR (@Request[a/b:name] StringEquals 'x'))"
    session.access.schedule(wanted(subscription, Mode.ELIGIBLE))
    with pytest.raises(CloudError) as caught:
        session.access.schedule(wanted(subscription, Mode.ELIGIBLE, condition=condition))
    assert caught.value.code == "RoleAssignmentExists"


@pytest.mark.parametrize("mode", MODES)
def test_two_applies_at_once_give_one_schedule(session: Session, subscription: Scope, mode: Mode) -> None:
    found: list[object] = []

    def ask() -> None:
        try:
            found.append(session.access.schedule(wanted(subscription, mode)).id)
        except CloudError as error:
            found.append(error)

    threads = [threading.Thread(target=ask) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    (schedule,) = session.observer.schedules(subscription)
    assert found == [schedule.id] * 4


def test_what_the_role_policy_forbids_fails_with_its_code(session: Session, subscription: Scope) -> None:
    for mode, days in ((Mode.ELIGIBLE, 366), (Mode.TIME_BOUND, 181)):
        with pytest.raises(CloudError) as caught:
            session.access.schedule(wanted(subscription, mode, days=days))
        assert caught.value.code == "RoleAssignmentRequestPolicyValidationFailed"
    assert session.observer.schedules(subscription) == ()


def test_a_principal_that_is_not_replicated_yet_is_tried_again() -> None:
    with running(None, SEED, faults="principal-delay:3") as endpoint:
        session = connect(Cloud.SANDBOX, endpoint=endpoint.url, token=endpoint.token)
        scope = Scope.subscription_of(SEED.subscriptions[0])
        assert session.access.schedule(wanted(scope, Mode.ELIGIBLE)).ours
        session.close()


def test_a_principal_that_does_not_exist_fails(session: Session, subscription: Scope) -> None:
    with pytest.raises(CloudError) as caught:
        session.access.schedule(wanted(subscription, Mode.ELIGIBLE, principal=str(uuid.uuid4())))
    assert caught.value.code == "SubjectNotFound"


def test_a_time_bound_role_ends_by_itself(session: Session, subscription: Scope, arm: Client) -> None:
    path = f"{subscription}/providers/Microsoft.Authorization/roleAssignmentScheduleRequests/{uuid.uuid4()}"
    body = {
        "roleDefinitionId": f"{subscription}/providers/Microsoft.Authorization/roleDefinitions/{READER}",
        "principalId": GROUPS[1],
        "requestType": "AdminAssign",
        "scheduleInfo": {
            "startDateTime": "2026-01-01T00:00:00Z",
            "expiration": {"type": "AfterDuration", "duration": "PT1H"},
        },
    }
    assert arm.call("PUT", path, {"properties": body}, version=V).status == 201
    assert session.observer.schedules(subscription) == ()
    assert session.observer.role_assignments(subscription) == ()


def test_a_foreign_schedule_between_plan_and_apply_is_adopted(
    session: Session, subscription: Scope, arm: Client
) -> None:
    path = f"{subscription}/providers/Microsoft.Authorization/roleEligibilityScheduleRequests/{uuid.uuid4()}"
    body = {
        "roleDefinitionId": f"{subscription}/providers/Microsoft.Authorization/roleDefinitions/{READER}",
        "principalId": GROUPS[0],
        "requestType": "AdminAssign",
        "scheduleInfo": {"expiration": {"type": "AfterDuration", "duration": "P30D"}},
        "justification": "by hand",
    }
    assert arm.call("PUT", path, {"properties": body}, version=V).status == 201
    assert arm.call("PUT", path, {"properties": body}, version=V).status == 409
    found = session.access.schedule(wanted(subscription, Mode.ELIGIBLE))
    assert not found.ours
    assert len(session.observer.schedules(subscription)) == 1


def test_activation_rules_are_read_set_and_left_alone(
    session: Session, subscription: Scope, arm: Client
) -> None:
    default = ActivationRules("PT8H", ("Justification", "MultiFactorAuthentication"))
    assert session.observer.activation_rules(subscription, READER) == default
    strict = ActivationRules("PT2H", ("Justification",), (GROUPS[1], GROUPS[2]))
    policy = RolePolicy(subscription, RoleRef(READER, "Reader"), strict)
    session.access.set_activation_rules(policy)
    session.access.set_activation_rules(policy)
    assert session.observer.activation_rules(subscription, READER) == strict
    listed = arm.call(
        "GET",
        f"{subscription}/providers/Microsoft.Authorization/roleManagementPolicyAssignments",
        version=V,
        query=f"$filter=roleDefinitionId eq '/providers/Microsoft.Authorization/roleDefinitions/{READER}'",
    ).body["value"]
    rules = {rule["id"]: rule for rule in listed[0]["properties"]["effectiveRules"]}
    assert rules["Expiration_Admin_Eligibility"]["maximumDuration"] == "P365D"
    assert rules["Expiration_EndUser_Assignment"]["maximumDuration"] == "PT2H"
    assert session.observer.activation_rules(subscription.group("none"), READER) is None


def test_a_schedule_goes_with_its_resource_group(session: Session, arm: Client) -> None:
    group = arm.group()
    session.access.schedule(wanted(group, Mode.ELIGIBLE))
    session.deployer.delete_resource_group(group)
    assert session.observer.schedules(arm.scope) == ()


def test_built_in_roles_come_with_their_conditions(session: Session) -> None:
    found = {role.guid: role for role in session.observer.built_in_roles()}
    assert found[READER].name == "Reader"
    assert any(block.condition for role in found.values() for block in role.blocks)
    assert found[READER].updated


def test_faults_of_the_network_leave_one_schedule() -> None:
    with running(None, SEED, faults="throttle:0.1,reset:0.2,error:0.1,seed:11") as endpoint:
        session = connect(Cloud.SANDBOX, endpoint=endpoint.url, token=endpoint.token)
        for number in range(4):
            scope = Scope.subscription_of(SEED.subscriptions[number])
            for mode in MODES:
                assert session.access.schedule(wanted(scope, mode)).scope == scope
                assert session.access.schedule(wanted(scope, mode)).ours
            assert len(session.observer.schedules(scope)) == 2
        session.close()
