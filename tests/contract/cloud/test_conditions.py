"""A role administrator under a condition, with the real client: told before, and when ARM refuses."""

from __future__ import annotations

import base64
import json
import uuid

import pytest

from coe_scaffold.access.conditions import delegation_to_groups, delegation_to_service_principals
from coe_scaffold.cloud.caller import caller_id
from coe_scaffold.cloud.clients import Clients, Connection
from coe_scaffold.cloud.pacing import Pacing
from coe_scaffold.cloud.policies import StaticToken
from coe_scaffold.cloud.session import Session, connect
from coe_scaffold.errors import CloudError
from coe_scaffold.model.access import Assignment, PrincipalType, RoleRef
from coe_scaffold.model.settings import Cloud
from tests.contract.sandbox.place import GROUPS, READER, Client

ADMINISTRATOR = "f58310d9-a9f6-439a-9e8d-f62e7b41a168"
CONTRIBUTOR = "b24988ac-6180-42a0-ab88-20f7382dd24c"
ME, MY_GROUP, OTHERS = GROUPS[6], GROUPS[7], GROUPS[8]


def give(arm: Client, condition: str, principal: str = MY_GROUP) -> None:
    path = f"{arm.scope}/providers/Microsoft.Authorization/roleAssignments/{uuid.uuid4()}"
    given = {
        "roleDefinitionId": f"{arm.scope}/providers/Microsoft.Authorization/roleDefinitions/{ADMINISTRATOR}",
        "principalId": principal,
        "principalType": "Group",
        **({"condition": condition, "conditionVersion": "2.0"} if condition else {}),
    }
    assert arm.call("PUT", path, {"properties": given}, version="2022-04-01").status == 201


def acting(arm: Client) -> Session:
    me = arm.endpoint.acting_as(ME, MY_GROUP)
    return connect(Cloud.SANDBOX, endpoint=me.url, token=me.token)


def reader(arm: Client, role: str = READER) -> Assignment:
    named = RoleRef(role, "Reader" if role == READER else "Contributor")
    return Assignment(arm.scope, OTHERS, PrincipalType.GROUP, named, function="ai-engineer", reason="reads")


def test_a_condition_that_is_met_lets_through(arm: Client) -> None:
    give(arm, delegation_to_groups("mg-ai"))
    session = acting(arm)
    made = session.access.assign(reader(arm))
    assert made.principal == OTHERS
    session.access.remove(made.id)
    session.close()


@pytest.mark.parametrize(
    ("condition", "role", "reason"),
    [
        (delegation_to_service_principals(), READER, "PrincipalType Group is not ServicePrincipal"),
        (delegation_to_groups("mg-ai"), CONTRIBUTOR, f"RoleDefinitionId {CONTRIBUTOR} is not among the"),
    ],
)
def test_a_refusal_names_the_condition_that_excludes_it(
    arm: Client, condition: str, role: str, reason: str
) -> None:
    give(arm, condition)
    session = acting(arm)
    with pytest.raises(CloudError) as caught:
        session.access.assign(reader(arm, role))
    session.close()
    assert caught.value.code == "AuthorizationFailed"
    assert caught.value.status == 403
    assert reason in caught.value.summary
    assert "your Role Based Access Control Administrator" in caught.value.summary
    assert condition in caught.value.detail
    assert "condition" in caught.value.fix


def test_without_any_right_no_condition_is_blamed(arm: Client) -> None:
    session = acting(arm)
    with pytest.raises(CloudError) as caught:
        session.access.assign(reader(arm))
    session.close()
    assert caught.value.code == "AuthorizationFailed"
    assert "condition" not in caught.value.summary


def test_the_callers_own_assignments_are_read_with_its_groups(arm: Client) -> None:
    give(arm, delegation_to_groups("mg-ai"))
    give(arm, "", OTHERS)
    session = acting(arm)
    (own,) = session.inspector.own_assignments(arm.scope)
    session.close()
    assert (own.principal, own.role) == (MY_GROUP, ADMINISTRATOR)


def test_the_owner_of_the_sandbox_has_none(session: Session, arm: Client) -> None:
    give(arm, "", OTHERS)
    assert session.inspector.own_assignments(arm.scope) == ()


def test_a_real_token_tells_whose_it_is() -> None:
    claims = base64.urlsafe_b64encode(json.dumps({"oid": ME, "name": "Ü"}).encode()).decode().rstrip("=")

    def who(token: str) -> str:
        connection = Connection("https://arm.example", StaticToken(token), {}, Pacing(), poll=1.0)
        return caller_id(Clients(connection))

    assert who(f"header.{claims}.signature") == ME
    assert who("opaque") == ""
    assert who("a.b.c") == ""
