"""What one step writes, and what it says it created."""

from __future__ import annotations

from dataclasses import replace

import pytest

from coe_scaffold.errors import CloudError
from coe_scaffold.execution.steps import Ports, Result, perform
from coe_scaffold.model.access_json import observed_to_json, role_to_json
from coe_scaffold.model.plan import Action, Step, StepKind
from tests.fakes.cloud import FakeCloud
from tests.fakes.plans import CUSTOM, FOUNDRY, PROJECT, STORAGE, assign, assignment, define


def performed(cloud: FakeCloud, step: Step) -> Result:
    result = Result()
    perform(step, Ports(cloud, cloud), lambda operation: None, result)
    return result


def test_an_assignment_is_created_under_its_own_name() -> None:
    cloud = FakeCloud()
    result = performed(cloud, assign(FOUNDRY))
    assert result.created == [str(one) for one in cloud.assignments]
    assert [one.name for one in cloud.assignments] == [assignment(FOUNDRY).name]


def test_an_assignment_that_appeared_under_another_name_is_not_claimed() -> None:
    cloud = FakeCloud()
    cloud.declare_assignment(assignment(FOUNDRY), name="by-hand")
    assert performed(cloud, assign(FOUNDRY)).created == []
    assert [one.name for one in cloud.assignments] == ["by-hand"]


def test_a_changed_condition_is_written_over_our_own() -> None:
    cloud = FakeCloud()
    there = cloud.assignments[cloud.declare_assignment(assignment(FOUNDRY, condition="old"))]
    result = performed(cloud, assign(FOUNDRY, action=Action.MODIFY, before=observed_to_json(there)))
    assert result.created == []
    assert [one.condition for one in cloud.assignments.values()] == [""]
    assert cloud.calls == [assignment(FOUNDRY).name]


def test_one_of_ours_under_another_name_is_replaced() -> None:
    cloud = FakeCloud()
    there = cloud.assignments[cloud.declare_assignment(assignment(FOUNDRY, condition="old"), name="older")]
    performed(cloud, assign(FOUNDRY, action=Action.MODIFY, before=observed_to_json(there)))
    assert [one.name for one in cloud.assignments] == [assignment(FOUNDRY).name]
    assert cloud.calls == ["older", assignment(FOUNDRY).name]


def test_an_assignment_is_removed_by_id() -> None:
    cloud = FakeCloud()
    there = cloud.assignments[cloud.declare_assignment(assignment(FOUNDRY), name="older")]
    step = replace(assign(FOUNDRY), action=Action.DELETE, before=observed_to_json(there), after=None)
    performed(cloud, step)
    assert cloud.assignments == {}


def test_a_role_is_defined_and_removed() -> None:
    cloud = FakeCloud()
    created = performed(cloud, define()).created
    assert created == [f"{CUSTOM.scope}/providers/Microsoft.Authorization/roleDefinitions/{CUSTOM.role.guid}"]
    assert performed(cloud, define(action=Action.MODIFY)).created == []
    gone = replace(define(), action=Action.DELETE, before=role_to_json(CUSTOM), after=None)
    performed(cloud, gone)
    assert cloud.roles == {}


def test_a_resource_group_is_deleted_with_what_it_holds() -> None:
    cloud = FakeCloud()
    cloud.declare_group(PROJECT)
    cloud.declare_resource(STORAGE)
    performed(
        cloud, Step("delete/x", StepKind.RESOURCE_GROUP, Action.DELETE, PROJECT, "Resource group", "ours")
    )
    assert cloud.bodies == {}


def test_what_the_cloud_refuses_is_raised() -> None:
    cloud = FakeCloud()
    cloud.fail(CUSTOM.role.guid)
    with pytest.raises(CloudError):
        performed(cloud, define())
