"""Giving roles with the real client: each refusal of the provider, and what others do meanwhile."""

from __future__ import annotations

import threading
import uuid
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from coe_scaffold.access import DesiredAccess
from coe_scaffold.cloud.session import Session, connect
from coe_scaffold.errors import CloudError
from coe_scaffold.execution import Ports, RunOutcome, execute, outcome
from coe_scaffold.execution.journal import start
from coe_scaffold.model.access import Assignment, PrincipalType, RoleRef
from coe_scaffold.model.plan import Action, Plan
from coe_scaffold.model.scope import Scope
from coe_scaffold.model.settings import Cloud
from coe_scaffold.planning import combine
from coe_scaffold.planning.access import plan_access
from coe_scaffold.sandbox import running
from tests.contract.sandbox.place import GROUPS, READER, SEED, Client
from tests.fakes.clock import FakeClock
from tests.fakes.files import MemoryFiles

V = "2022-04-01"
FOLDER = Path("/runs")
CONDITION = "((!(ActionMatches{'a/b'})) OR (@Request[a/b:name] StringEquals 'x'))"


def wanted(scope: Scope, *, count: int = 3) -> tuple[Assignment, ...]:
    return tuple(
        Assignment(
            scope,
            group,
            PrincipalType.GROUP,
            RoleRef(READER, "Reader"),
            function="ai-engineer",
            reason="reads",
        )
        for group in GROUPS[:count]
    )


def planned(session: Session, scope: Scope, *assignments: Assignment) -> Plan:
    there = session.observer.role_assignments(scope)
    steps = plan_access(DesiredAccess(assignments, ()), there, (), within=[scope])
    return combine("dev", "sandbox", (), steps)


def applied(session: Session, plan: Plan) -> RunOutcome:
    ports = Ports(session.deployer, session.access)
    clock = FakeClock()
    journal = start(plan, files=MemoryFiles(), clock=clock, folder=FOLDER)
    return outcome(plan, execute(plan, ports, clock, journal))


def put(arm: Client, scope: Scope, principal: str, **more: str) -> None:
    path = f"{scope}/providers/Microsoft.Authorization/roleAssignments/{uuid.uuid4()}"
    role = f"{scope}/providers/Microsoft.Authorization/roleDefinitions/{READER}"
    body = {"properties": {"roleDefinitionId": role, "principalId": principal, **more}}
    assert arm.call("PUT", path, body, version=V).status == 201


def test_a_second_apply_has_nothing_to_do(session: Session, subscription: Scope) -> None:
    assert applied(session, planned(session, subscription, *wanted(subscription))).exit_code == 0
    again = planned(session, subscription, *wanted(subscription))
    assert {step.action for step in again.steps} == {Action.NO_CHANGE}


def test_two_applies_of_one_plan_at_once_both_succeed(session: Session, subscription: Scope) -> None:
    plan = planned(session, subscription, *wanted(subscription, count=8))
    found: list[RunOutcome] = []
    threads = [threading.Thread(target=lambda: found.append(applied(session, plan))) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert [one.exit_code for one in found] == [0, 0]
    assert len(session.observer.role_assignments(subscription)) == 8


def test_an_equal_assignment_made_by_others_meanwhile_serves(
    session: Session, subscription: Scope, arm: Client
) -> None:
    plan = planned(session, subscription, *wanted(subscription))
    put(arm, subscription, GROUPS[1], description="made by hand")
    found = applied(session, plan)
    assert found.exit_code == 0
    assert len(found.created) == 2, "what others made is not ours to undo"
    again = planned(session, subscription, *wanted(subscription))
    assert [step.action for step in again.steps].count(Action.ADOPT) == 1
    assert not again.writes


def test_one_with_another_condition_made_meanwhile_fails_that_step_alone(
    session: Session, subscription: Scope, arm: Client
) -> None:
    plan = planned(session, subscription, *wanted(subscription))
    put(arm, subscription, GROUPS[1], condition=CONDITION, conditionVersion="2.0")
    found = applied(session, plan)
    assert (found.exit_code, len(found.succeeded)) == (5, 2)
    (failure,) = found.failures
    assert failure.code == "RoleAssignmentExists"
    assert "condition" in failure.cause
    again = planned(session, subscription, *wanted(subscription)).steps
    assert [step.action for step in again].count(Action.FOREIGN) == 1


def test_every_failed_grant_is_told(session: Session, subscription: Scope, arm: Client) -> None:
    group = arm.group()
    first, second, third = wanted(group)
    strangers = [replace(one, principal=str(uuid.uuid4())) for one in (second, third)]
    plan = planned(session, subscription, first, *strangers)
    lock = f"{group}/providers/Microsoft.Authorization/locks/keep"
    readonly = {"properties": {"level": "ReadOnly"}}
    assert arm.call("PUT", lock, readonly, version="2020-05-01").status in (200, 201)
    found = applied(session, plan)
    assert found.exit_code == 1
    assert sorted(failure.code for failure in found.failures) == [
        "PrincipalNotFound",
        "PrincipalNotFound",
        "ScopeLocked",
    ]
    assert all(failure.fix for failure in found.failures)


@pytest.fixture(scope="module")
def throttled() -> Iterator[Session]:
    with running(None, SEED, faults="throttle:0.3,reset:0.1,principal-delay:2,seed:5") as endpoint:
        session = connect(Cloud.SANDBOX, endpoint=endpoint.url, token=endpoint.token)
        yield session
        session.close()


def test_throttling_replication_and_resets_are_ridden_out(throttled: Session) -> None:
    scope = Scope.subscription_of(SEED.subscriptions[3])
    plan = planned(throttled, scope, *wanted(scope, count=6))
    assert applied(throttled, plan).exit_code == 0
    assert len(throttled.observer.role_assignments(scope)) == 6
    assert not planned(throttled, scope, *wanted(scope, count=6)).writes


@pytest.mark.parametrize(
    ("change", "code"),
    [
        ({"principal": "99999999-0000-4000-8000-000000000000"}, "PrincipalNotFound"),
        ({"role": RoleRef("99999999-0000-4000-8000-000000000000", "None")}, "RoleDefinitionDoesNotExist"),
    ],
)
def test_what_azure_refuses_keeps_its_code(
    session: Session, subscription: Scope, change: dict[str, object], code: str
) -> None:
    (one,) = wanted(subscription, count=1)
    with pytest.raises(CloudError) as caught:
        session.access.assign(replace(one, **change))  # type: ignore[arg-type]
    assert caught.value.code == code
    assert caught.value.fix
