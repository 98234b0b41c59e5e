"""Refusals of role assignments that no repetition helps: each keeps Azure's code and says what to do."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

import pytest

from coe_scaffold.cloud.session import Session, connect
from coe_scaffold.errors import CloudError
from coe_scaffold.model.access import Assignment, CustomRole, PrincipalType, RoleRef
from coe_scaffold.model.scope import Scope
from coe_scaffold.model.settings import Cloud
from coe_scaffold.sandbox import Seed, running
from coe_scaffold.sandbox.surfaces import assignments
from tests.contract.sandbox.place import GROUPS, READER, SUBSCRIPTIONS, TENANT, Client

HOME = Scope.subscription_of(SUBSCRIPTIONS[0])


@pytest.fixture
def place() -> Iterator[tuple[Client, Session]]:
    """A sandbox that knows its groups as groups."""
    with running(None, Seed(TENANT, SUBSCRIPTIONS[:1], ("mg-ai",), (), dict.fromkeys(GROUPS, "g"))) as found:
        session = connect(Cloud.SANDBOX, endpoint=found.url, token=found.token)
        yield Client(found), session
        session.close()


def wanted(number: int = 0) -> Assignment:
    return Assignment(
        HOME, GROUPS[number], PrincipalType.GROUP, RoleRef(READER, "Reader"), function="ai-engineer"
    )


def refusal(session: Session, item: Assignment) -> CloudError:
    with pytest.raises(CloudError) as caught:
        session.access.assign(item)
    assert caught.value.fix
    return caught.value


def test_another_type_of_principal(place: tuple[Client, Session]) -> None:
    _, session = place
    error = refusal(session, replace(wanted(), principal_type=PrincipalType.SERVICE_PRINCIPAL))
    assert error.code == "UnmatchedPrincipalType"
    assert "has type 'Group'" in error.summary


def test_a_full_subscription(place: tuple[Client, Session], monkeypatch: pytest.MonkeyPatch) -> None:
    _, session = place
    monkeypatch.setattr(assignments, "LIMIT", 1)
    session.access.assign(wanted())
    assert refusal(session, wanted(1)).code == "RoleAssignmentLimitExceeded"


def test_a_lock(place: tuple[Client, Session]) -> None:
    arm, session = place
    lock = f"{HOME}/providers/Microsoft.Authorization/locks/keep"
    body = {"properties": {"level": "ReadOnly"}}
    assert arm.call("PUT", lock, body, version="2020-05-01").status == 201
    assert refusal(session, wanted()).code == "ScopeLocked"


def test_a_role_that_is_assigned_is_not_deleted(place: tuple[Client, Session]) -> None:
    _, session = place
    role = RoleRef("90000000-0000-4000-8000-000000000009", "Own")
    own = CustomRole(role, HOME, "reads", ("*/read",))
    session.access.define_role(own)
    session.access.assign(replace(wanted(), role=role))
    with pytest.raises(CloudError) as caught:
        session.access.remove_role(own)
    assert caught.value.code == "RoleDefinitionHasAssignments"
    assert caught.value.fix


def test_a_caller_without_the_right(place: tuple[Client, Session]) -> None:
    arm, _ = place
    me = arm.endpoint.acting_as(GROUPS[5])
    session = connect(Cloud.SANDBOX, endpoint=me.url, token=me.token)
    assert refusal(session, wanted()).code == "AuthorizationFailed"
    session.close()
