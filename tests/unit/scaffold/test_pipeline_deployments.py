"""What pipelines deploy with is what ``coe apply`` would use, in the words of the Azure CLI."""

from __future__ import annotations

import json
from dataclasses import replace

import pytest

from coe_scaffold.model.settings import Stacks, StackUse
from coe_scaffold.model.stacks import DenySettings, StackSettings
from coe_scaffold.scaffold.pipeline_deployments import pipeline_deployments
from tests.fakes.workspace import project, settings


@pytest.mark.parametrize(
    ("resources", "groups", "action"),
    [
        ("detach", "detach", "detachAll"),
        ("delete", "detach", "deleteResources"),
        ("delete", "delete", "deleteAll"),
    ],
)
def test_every_environment_has_its_own_settings(resources: str, groups: str, action: str) -> None:
    chosen = project()
    workspace = settings(chosen)
    deny = DenySettings("denyDelete", ("30000000-0000-4000-8000-000000000001",), ("x/write",), True)
    own = StackSettings(resources, groups, deny, {"managed-by": "coe-scaffold", "coe-environment": "prod"})
    prod = replace(workspace.environments["prod"], stacks=Stacks(StackUse.ALWAYS, own))
    workspace = replace(workspace, environments={**workspace.environments, "prod": prod})
    found = json.loads(pipeline_deployments(workspace, chosen))
    assert list(found) == ["dev", "test", "prod"]
    assert found["prod"] == {
        "name": "coe-claims-chat-prod",
        "use": "always",
        "actionOnUnmanage": action,
        "denySettings": {
            "mode": "denyDelete",
            "excludedPrincipals": ["30000000-0000-4000-8000-000000000001"],
            "excludedActions": ["x/write"],
            "applyToChildScopes": True,
        },
        "tags": {"managed-by": "coe-scaffold", "coe-environment": "prod"},
    }
    assert found["dev"]["use"] == "auto"
    assert found["dev"]["actionOnUnmanage"] == "detachAll"
