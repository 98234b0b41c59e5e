"""The policies in force at a subscription, read with what they name: inherited ones, members, exemptions."""

from __future__ import annotations

from typing import Any

from coe_scaffold.checks.policy import read_documents
from coe_scaffold.cloud.session import Session
from coe_scaffold.model.scope import Scope
from tests.contract.sandbox.place import Client

RULE = {"if": {"field": "type", "equals": "Microsoft.Storage/storageAccounts"}, "then": {"effect": "audit"}}
GROUP = "/providers/Microsoft.Management/managementGroups/mg-ai"


def put(arm: Client, path: str, version: str, **properties: Any) -> str:
    answer = arm.call("PUT", path, {"properties": properties}, version=version)
    assert answer.status in (200, 201), answer.body
    return path


def test_everything_that_acts_is_read(session: Session, subscription: Scope, arm: Client) -> None:
    assert [
        one for one in session.inspector.policies(subscription) if "/reading-" in str(one["id"]).lower()
    ] == []
    top, here = (
        f"{GROUP}/providers/Microsoft.Authorization",
        f"{subscription}/providers/Microsoft.Authorization",
    )
    own = put(arm, f"{here}/policyDefinitions/reading-own", "2023-04-01", policyRule=RULE, mode="All")
    inner = put(arm, f"{top}/policyDefinitions/reading-inner", "2023-04-01", policyRule=RULE, mode="All")
    both = put(
        arm,
        f"{top}/policySetDefinitions/reading-set",
        "2023-04-01",
        policyDefinitions=[{"policyDefinitionId": inner, "policyDefinitionReferenceId": "one"}],
    )
    group = arm.group("rg-reading")
    put(
        arm,
        f"{group}/providers/Microsoft.Authorization/policyAssignments/reading-a",
        "2023-04-01",
        policyDefinitionId=own,
    )
    above = put(
        arm, f"{top}/policyAssignments/reading-b", "2023-04-01", policyDefinitionId=both, displayName="B"
    )
    put(
        arm,
        f"{here}/policyAssignments/reading-c",
        "2023-04-01",
        policyDefinitionId="/providers/Microsoft.Authorization/policyDefinitions/gone",
    )
    put(
        arm,
        f"{group}/providers/Microsoft.Authorization/policyExemptions/reading-e",
        "2022-07-01-preview",
        policyAssignmentId=above,
        exemptionCategory="Waiver",
    )
    export = read_documents(list(session.inspector.policies(subscription)), "test")
    assert {own.lower(), inner.lower()} <= set(export.definitions)
    assert both.lower() in export.initiatives
    names = {one.id.rpartition("/")[2] for one in export.assignments}
    assert {"reading-a", "reading-b", "reading-c"} <= names
    assert [one.assignment for one in export.exemptions if one.id.endswith("reading-e")] == [above.lower()]
    for name in ("reading-b",):
        assert arm.call("DELETE", f"{top}/policyAssignments/{name}", version="2023-04-01").status == 200
