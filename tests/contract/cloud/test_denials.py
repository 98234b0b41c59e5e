"""Deny assignments that a deployment stack makes, read with the real client and asked about."""

from __future__ import annotations

from typing import Any

from coe_scaffold.cloud.session import Session
from coe_scaffold.model.access import EVERYONE
from coe_scaffold.model.scope import Scope
from tests.contract.sandbox.place import GROUPS, Client
from tests.contract.sandbox.test_guarded import apply, stack, storage_template


def test_deny_settings_of_a_stack_are_read(session: Session, subscription: Scope, arm: Client) -> None:
    group = arm.group()
    path = f"{group}/providers/Microsoft.Resources/deploymentStacks/s"
    deny: dict[str, Any] = {
        "mode": "denyWriteAndDelete",
        "excludedPrincipals": [GROUPS[0].upper()],
        "excludedActions": ["Microsoft.Storage/storageAccounts/write"],
        "applyToChildScopes": True,
    }
    assert apply(arm, path, stack(storage_template("stdenied"), **deny))["status"] == "succeeded"
    store = group.child("Microsoft.Storage/storageAccounts", "stdenied")
    (found,) = session.observer.deny_assignments(subscription)
    assert found.scope == store
    assert "stack" in found.name.lower()
    assert found.principals == {EVERYONE}
    assert found.excluded == {GROUPS[0].lower()}
    assert found.inherited
    (block,) = found.blocks
    assert set(block.actions) == {"*/write", "*/delete"}
    assert block.not_actions == ("Microsoft.Storage/storageAccounts/write",)
    assert session.observer.deny_assignments(store) == (found,)
    shown = arm.call("GET", str(found.id), version="2022-04-01")
    assert (shown.status, shown.body["properties"]["isSystemProtected"]) == (200, True)
    assert arm.call("GET", f"{found.id}x", version="2022-04-01").code == "DenyAssignmentNotFound"
    apply(arm, path, stack(storage_template("stdenied")))
    assert session.observer.deny_assignments(subscription) == ()
