"""Limits of the service."""

from __future__ import annotations

import uuid

import pytest

from coe_scaffold.sandbox.surfaces import assignments, deployments
from tests.contract.sandbox.place import GROUPS, READER, Client


def test_role_assignments_in_a_subscription_are_limited(arm: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(assignments, "LIMIT", 2)
    root = f"{arm.scope}/providers/Microsoft.Authorization"
    role = f"{root}/roleDefinitions/{READER}"
    answers = [
        arm.call(
            "PUT",
            f"{root}/roleAssignments/{uuid.uuid4()}",
            {"properties": {"roleDefinitionId": role, "principalId": group}},
        )
        for group in GROUPS[:3]
    ]
    assert [answer.status for answer in answers] == [201, 201, 400]
    assert answers[2].code == "RoleAssignmentLimitExceeded"


def test_the_history_of_deployments_is_limited(arm: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(deployments, "QUOTA", 1)
    template = {"contentVersion": "1.0.0.0", "resources": []}
    body = {"location": "westus", "properties": {"template": template, "mode": "Incremental"}}
    root = f"{arm.scope}/providers/Microsoft.Resources/deployments"
    first = arm.call("PUT", f"{root}/a", body)
    arm.poll(first.headers["azure-asyncoperation"])
    refused = arm.call("PUT", f"{root}/b", body)
    assert (refused.status, refused.code) == (409, "DeploymentQuotaExceeded")
    assert arm.call("PUT", f"{root}/a", body).status == 200, "a name that is there is not a new one"
