"""Who says how deploying would change the cloud: the best source that answers, and which one it was."""

from __future__ import annotations

import uuid
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from coe_scaffold.errors import CloudError
from coe_scaffold.model.resources import ChangeType, Deployment, ResourceGraph
from coe_scaffold.model.settings import Stacks, StackUse
from coe_scaffold.model.stacks import StackSettings
from coe_scaffold.operations.plan import source_notes
from coe_scaffold.operations.predict import Target
from coe_scaffold.operations.preview import Preview, Source, differences, previews
from coe_scaffold.ports import CompiledTemplate
from coe_scaffold.template import DeploymentContext, evaluate
from tests.fakes import workspace
from tests.fakes.cloud import FakeCloud
from tests.fakes.plans import PROJECT, STORAGE, SUBSCRIPTION, deployment

NOW = datetime(2026, 11, 24, tzinfo=UTC)
ALL = frozenset({"deployments", "deploymentstacks", "deploymentstackswhatifresults"})
AUTO = Stacks()


def target(given: Deployment) -> Target:
    compiled = CompiledTemplate(Path("main.bicep"), given.template)
    return Target("x", None, given, compiled, Path("dev.bicepparam"), ResourceGraph(()))


def asked(cloud: Any, given: Deployment, stacks: Stacks = AUTO) -> Preview:
    wanted = replace(given, stack=None if stacks.use is StackUse.NEVER else stacks.settings)
    (found,) = previews(workspace.settings(), (target(wanted),), stacks, cloud, NOW)
    return found


def refusing(name: str, code: str = "AuthorizationFailed", status: int = 403) -> FakeCloud:
    """A cloud with stacks in which some questions are refused."""
    cloud = FakeCloud()
    cloud.offers = ALL

    def refuse(*_: object) -> Any:
        raise CloudError("you may not ask", code=code, status=status)

    for one in name.split():
        setattr(cloud, one, refuse)
    return cloud


def test_a_stack_asks_the_stack_what_if() -> None:
    found = asked(refusing("read"), deployment("x", STORAGE))
    assert found.compared.source is Source.STACK
    assert [(one.resource, one.change) for one in found.changes] == [
        (STORAGE, ChangeType.CREATE),
        (found.deployment.stack_id, ChangeType.CREATE),
    ]
    assert list(source_notes([found])) == ["resources were compared by ARM's deployment-stack what-if"]


def test_a_note_names_deployments_only_where_their_sources_differ_and_not_all_of_them() -> None:
    stack, plain = asked(refusing("read"), deployment("x", STORAGE)), asked(FakeCloud(), deployment("y"))
    assert list(source_notes([stack] * 3)) == ["resources were compared by ARM's deployment-stack what-if"]
    assert list(source_notes([stack, *[plain] * 7])) == [
        "resources were compared by ARM's deployment-stack what-if: x-dev",
        "resources were compared by ARM's deployment what-if: y-dev, y-dev, y-dev, y-dev, y-dev and 2 more",
    ]


def test_without_stack_what_if_the_deployments_answers_and_what_the_stack_lets_go_is_added() -> None:
    cloud = FakeCloud()
    cloud.offers = ALL
    cloud.deploy(replace(deployment("x", PROJECT, STORAGE), stack=StackSettings()), lambda _: None)
    cloud.offers = ALL - {"deploymentstackswhatifresults"}
    found = asked(cloud, deployment("x", PROJECT))
    assert found.compared.source is Source.DEPLOYMENT
    kinds = {one.resource.name: one.change for one in found.changes}
    assert kinds[STORAGE.name] is ChangeType.DETACH
    assert kinds["coe-x-dev"] is ChangeType.NO_CHANGE


@pytest.mark.parametrize(
    ("code", "status"),
    [
        ("AuthorizationFailed", 403),
        ("ScopeLocked", 409),
        ("X", 405),
        ("InvalidResourceType", 404),
        ("WhatIfWithoutChanges", 0),
    ],
)
def test_a_refused_question_goes_to_the_next_source_and_the_plan_says_so(code: str, status: int) -> None:
    found = asked(refusing("stack_what_if", code, status), deployment("x", STORAGE))
    assert found.compared.source is Source.DEPLOYMENT
    assert list(source_notes([found])) == [
        f"ARM's deployment-stack what-if did not answer ({code})",
        "resources were compared by ARM's deployment what-if",
    ]


@pytest.mark.parametrize(
    "code", ["InvalidTemplate", "RequestDisallowedByPolicy", "InvalidTemplateDeployment"]
)
def test_a_wrong_template_is_an_error_and_no_reason_to_ask_elsewhere(code: str) -> None:
    with pytest.raises(CloudError, match="you may not ask"):
        asked(refusing("stack_what_if", code, 400), deployment("x", STORAGE))


_IDENTITY = "resourceId('Microsoft.ManagedIdentity/userAssignedIdentities', 'id-a')"
STORAGE_TEMPLATE: dict[str, Any] = {
    "$schema": "https://schema.management.azure.com/schemas/2019-04-01/deploymentTemplate.json#",
    "contentVersion": "1.0.0.0",
    "resources": [
        {
            "type": "Microsoft.ManagedIdentity/userAssignedIdentities",
            "apiVersion": "2023-01-31",
            "name": "id-a",
            "location": "swedencentral",
        },
        {
            "type": "Microsoft.Storage/storageAccounts",
            "apiVersion": "2024-01-01",
            "name": "sta",
            "location": "swedencentral",
            "tags": {"id": f"[reference({_IDENTITY}, '2023-01-31').principalId]"},
            "dependsOn": [f"[{_IDENTITY}]"],
        },
    ],
}


def test_without_any_what_if_the_template_is_evaluated_and_compared_with_what_was_read() -> None:
    cloud = refusing("stack_what_if what_if")
    given = Deployment("coe-x-dev", PROJECT, STORAGE_TEMPLATE, {})
    first = asked(cloud, given)
    assert first.compared.source is Source.LOCAL
    assert [one.change for one in first.compared.changes] == [ChangeType.CREATE, ChangeType.CREATE]
    identity = PROJECT.child("Microsoft.ManagedIdentity/userAssignedIdentities", "id-a")
    account = PROJECT.child("Microsoft.Storage/storageAccounts", "sta")
    principal = str(uuid.UUID(int=7))
    cloud.declare_resource(identity, location="swedencentral", properties={"principalId": principal})
    cloud.declare_resource(account, location="swedencentral", tags={"id": principal})
    again = asked(cloud, given)
    assert {one.change for one in again.compared.changes} == {ChangeType.NO_CHANGE}
    cloud.declare_resource(account, location="swedencentral", tags={"id": "another"})
    third = asked(cloud, given)
    changed = [one for one in third.compared.changes if one.change is ChangeType.MODIFY]
    assert [(one.resource, one.delta[0].path, one.delta[0].after) for one in changed] == [
        (account, "tags.id", principal)
    ]
    assert "local evaluation" in list(source_notes([third]))[-1]


def test_a_cloud_without_stacks_gets_plain_deployments() -> None:
    found = asked(FakeCloud(), deployment("x", STORAGE))
    assert found.deployment.stack is None
    assert [one.resource for one in found.changes] == [STORAGE]
    with pytest.raises(CloudError, match="has no deployment stacks"):
        asked(FakeCloud(), deployment("x", STORAGE), Stacks(StackUse.ALWAYS))


def test_a_stack_that_is_not_used_any_more_is_left_over() -> None:
    cloud = FakeCloud()
    cloud.offers = ALL
    cloud.deploy(replace(deployment("x", STORAGE), stack=StackSettings()), lambda _: None)
    found = asked(cloud, deployment("x", STORAGE), Stacks(StackUse.NEVER))
    assert found.deployment.stack is None
    assert found.leftover is not None
    assert found.leftover.id == found.deployment.stack_id


def test_differences_leave_the_stack_aside() -> None:
    cloud = refusing("stack_what_if")
    given = replace(deployment("x", STORAGE), stack=StackSettings())
    found = differences(workspace.settings(), given, cloud, NOW)
    assert [one.resource for one in found] == [STORAGE]


def test_the_sample_template_evaluates() -> None:
    context = DeploymentContext("x", PROJECT, "", workspace.TENANT, NOW, lambda: "")
    assert len(evaluate(STORAGE_TEMPLATE, {}, context).resources) == 2
    assert SUBSCRIPTION.contains(PROJECT)
