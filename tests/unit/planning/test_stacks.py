"""Stacks in plans: what becomes of one, what it lets go, when it is removed."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from coe_scaffold.errors import ProblemsError
from coe_scaffold.model.deployment_json import deployment_from_json, deployment_to_json
from coe_scaffold.model.journal import Entry, Event
from coe_scaffold.model.plan import Action, StepKind
from coe_scaffold.model.resources import ChangeType, PropertyChange
from coe_scaffold.model.scope import Scope
from coe_scaffold.model.stacks import DenySettings, ObservedStack, StackSettings
from coe_scaffold.planning import combine, deployment_step, deployment_steps
from coe_scaffold.planning.destroy import plan_destroy
from coe_scaffold.planning.drift import DriftKind, drift
from coe_scaffold.planning.limited import left_out, without_access, without_types
from coe_scaffold.planning.stacks import accepting_out_of_sync, denies, let_go, ours, release, stack_change
from coe_scaffold.planning.undo import Traces, plan_undo
from tests.fakes.plans import PLATFORM, PROJECT, STORAGE, SUBSCRIPTION, VNET, change, deployment
from tests.unit.planning.test_destroy import cloud, estate

SETTINGS = StackSettings(tags={"managed-by": "coe-scaffold", "coe-environment": "dev"})
DELETING = replace(SETTINGS, resources="delete")
DENYING = replace(SETTINGS, deny=DenySettings("denyDelete", ("30000000-0000-4000-8000-000000000001",)))
GIVEN = replace(deployment("x", PROJECT, STORAGE), stack=SETTINGS)


def observed(settings: StackSettings = SETTINGS, *managed: Scope, **more: Any) -> ObservedStack:
    made = ObservedStack(
        GIVEN.stack_id,
        "succeeded",
        settings.action_on_unmanage(),
        settings.deny_settings(),
        managed or (PROJECT, STORAGE),
        settings.tags,
    )
    return replace(made, **more)


def test_a_new_stack_says_what_it_takes_over() -> None:
    fresh = stack_change(GIVEN, SETTINGS, [change(PROJECT), change(STORAGE)], None)
    assert (fresh.change, fresh.reason) == (ChangeType.CREATE, "")
    there = [change(PROJECT, ChangeType.NO_CHANGE), change(STORAGE, ChangeType.MODIFY), change(VNET)]
    moved = stack_change(GIVEN, SETTINGS, there, None)
    assert moved.change is ChangeType.CREATE
    assert moved.reason == "takes over 2 resources that exist, as they are: none is made anew"
    step = deployment_step(GIVEN, [change(STORAGE, ChangeType.NO_CHANGE), moved])
    assert step.action is Action.MODIFY
    assert step.needs == "Microsoft.Resources/deploymentStacks/write"


def test_a_stack_as_declared_changes_nothing() -> None:
    same = stack_change(GIVEN, SETTINGS, [], observed())
    assert same.change is ChangeType.NO_CHANGE
    shouting = observed(action={"resources": "Detach"}, deny={"mode": "None"})
    assert stack_change(GIVEN, SETTINGS, [], shouting).change is ChangeType.NO_CHANGE
    step = deployment_step(GIVEN, [change(STORAGE, ChangeType.NO_CHANGE), same])
    assert (step.action, step.after, step.needs) == (Action.NO_CHANGE, None, "")


def test_what_a_stack_below_them_says_about_management_groups_is_no_difference() -> None:
    """``az stack sub create --action-on-unmanage deleteAll`` says ``delete`` of them too."""
    said = {**SETTINGS.action_on_unmanage(), "managementGroups": "delete"}
    assert stack_change(GIVEN, SETTINGS, [], observed(action=said)).change is ChangeType.NO_CHANGE
    above = replace(GIVEN, scope=Scope.management_group("mg-ai"))
    found = stack_change(above, SETTINGS, [], observed(action=said))
    assert [one.path for one in found.delta] == ["properties.actionOnUnmanage.managementGroups"]


def test_settings_never_change_without_a_difference_in_the_plan() -> None:
    widened = stack_change(GIVEN, DENYING, [], observed())
    assert widened.change is ChangeType.MODIFY
    assert widened.delta == (
        PropertyChange("properties.denySettings.mode", "none", "denyDelete"),
        PropertyChange(
            "properties.denySettings.excludedPrincipals", [], ["30000000-0000-4000-8000-000000000001"]
        ),
    )
    loosened = stack_change(GIVEN, SETTINGS, [], observed(DELETING))
    assert loosened.delta == (PropertyChange("properties.actionOnUnmanage.resources", "delete", "detach"),)
    step = deployment_step(GIVEN, [loosened])
    assert step.action is Action.MODIFY
    found = drift(combine("dev", "sandbox", [step], []))
    assert [(one.kind, one.scope) for one in found] == [(DriftKind.CHANGED, GIVEN.stack_id)]


def test_a_stack_that_failed_is_deployed_again() -> None:
    again = stack_change(GIVEN, SETTINGS, [], observed(state="failed"))
    assert again.change is ChangeType.DEPLOY
    assert "ended as failed" in again.reason
    assert deployment_step(GIVEN, [again]).action is Action.MODIFY


@pytest.mark.parametrize(
    ("settings", "kinds"),
    [
        (SETTINGS, [ChangeType.DETACH, ChangeType.DETACH]),
        (DELETING, [ChangeType.DETACH, ChangeType.DELETE]),
        (replace(DELETING, resource_groups="delete"), [ChangeType.DELETE, ChangeType.DELETE]),
    ],
)
def test_what_is_no_longer_declared_is_detached_or_shown_as_deleted(
    settings: StackSettings, kinds: list[ChangeType]
) -> None:
    there = observed(SETTINGS, PLATFORM, STORAGE, VNET)
    gone = let_go(settings, [change(VNET, ChangeType.NO_CHANGE)], there, unnamed=frozenset())
    assert [(one.resource, one.change) for one in gone] == list(zip((PLATFORM, STORAGE), kinds, strict=True))
    step = deployment_step(GIVEN, gone)
    assert step.action is Action.MODIFY
    found = drift(combine("dev", "sandbox", [step], []))
    assert {one.kind for one in found} == {DriftKind.EXTRA}


def test_a_name_nobody_knows_yet_is_no_deletion() -> None:
    there = observed(DELETING, STORAGE)
    unnamed = frozenset({"microsoft.storage/storageaccounts"})
    assert [one.change for one in let_go(DELETING, [], there, unnamed=unnamed)] == [ChangeType.UNSUPPORTED]


def test_only_stacks_with_our_tags_are_ours() -> None:
    mine = observed()
    other = observed(tags={"managed-by": "coe-scaffold", "coe-environment": "test"})
    assert ours([mine, other, observed(tags={})], "dev") == (mine,)


def test_a_deployment_keeps_its_stack_in_json() -> None:
    given = replace(GIVEN, stack=replace(DENYING, accept_out_of_sync=True))
    back = deployment_from_json(deployment_to_json(given))
    assert back == given
    assert back.stack is not None
    assert back.stack.tags == DENYING.tags
    assert denies(deployment_to_json(given))
    assert not denies(deployment_to_json(GIVEN))
    assert not denies(deployment_to_json(replace(GIVEN, stack=None)))


def test_an_out_of_sync_list_is_accepted_only_when_asked() -> None:
    step = deployment_step(replace(GIVEN, stack=DELETING), [change(STORAGE)])
    plan = combine("dev", "sandbox", [step], [])
    (accepting,) = accepting_out_of_sync(plan).steps
    stacks = [deployment_from_json(one.after).stack for one in (step, accepting)]
    assert [one is not None and one.accept_out_of_sync for one in stacks] == [False, True]


def test_who_may_not_give_access_leaves_the_stack_alone() -> None:
    assignment = STORAGE.child("Microsoft.Authorization/roleAssignments", "a")
    stack = stack_change(GIVEN, DELETING, [], observed(DELETING))
    step = deployment_step(
        replace(GIVEN, stack=DELETING),
        [change(STORAGE, ChangeType.MODIFY, PropertyChange("sku.name", "A", "B")), change(assignment), stack],
    )
    whole = combine("dev", "sandbox", [step], [])
    only = without_access(whole)
    assert left_out(whole, only) == (f"{assignment.resource_type} {assignment.name}",)
    assert left_out(whole, whole) == ()
    (limited,) = only.steps
    assert deployment_from_json(limited.after).stack is None
    assert [one.resource for one in limited.changes] == [STORAGE]
    assert limited.needs == "Microsoft.Resources/deployments/write"


def test_properties_that_are_an_expression_are_left_as_they_are() -> None:
    resource = {"type": "Microsoft.Network/virtualNetworks", "properties": "[parameters('settings')]"}
    assert without_types({"resources": [resource]}, {"a/b"}) == {"resources": [resource]}


def test_destroy_removes_the_stack_last_and_takes_its_list_for_ours() -> None:
    fake = cloud()
    undeclared = PROJECT.child("Microsoft.Search/searchServices", "forgotten")
    fake.declare_resource(undeclared)
    with pytest.raises(ProblemsError):
        plan_destroy(estate(fake), cloud="sandbox")
    stack = observed(SETTINGS, undeclared)
    plan = plan_destroy(estate(fake, stacks=(stack,)), cloud="sandbox")
    last = plan.steps[-1]
    assert (last.kind, last.action, last.scope) == (StepKind.RESOURCE, Action.DELETE, stack.id)
    assert set(last.depends_on) == {step.id for step in plan.steps[:-1]}


def test_a_stack_that_denies_deletion_goes_first() -> None:
    stack = observed(DENYING)
    plan = plan_destroy(estate(cloud(), stacks=(stack,)), cloud="sandbox")
    first, *others = plan.steps
    assert first.scope == stack.id
    assert all(first.id in step.depends_on for step in others)
    assert "denySettings" in first.reason


@pytest.mark.parametrize("created", [True, False])
def test_undo_removes_the_stack_that_the_run_made_and_no_other(*, created: bool) -> None:
    made = stack_change(GIVEN, SETTINGS, [], None if created else observed())
    gone = change(VNET, ChangeType.DELETE)
    steps = deployment_steps([(GIVEN, (change(PROJECT), change(STORAGE), made, gone))])
    plan = combine("dev", "sandbox", steps, [], workspace="Contoso")
    traces = Traces(
        (plan,),
        (Entry("r", steps[0].id, Event.STARTED, "2026-11-24T02:00:00+00:00"),),
        changes=(change(PROJECT, ChangeType.NO_CHANGE), change(STORAGE, ChangeType.NO_CHANGE)),
        contents={PROJECT: (STORAGE,)},
        stacks=(observed(),),
    )
    undone = plan_undo(traces, run="r")
    assert f"not brought back, because its stack deleted it: {VNET.name}" in undone.notes
    assert (undone.steps[-1].scope == GIVEN.stack_id) is created
    assert [step.scope for step in undone.steps][: len(undone.steps) - created] == [PROJECT]


def test_releasing_a_stack_waits_for_what_it_is_told() -> None:
    step = release(observed(), after=["deploy/x-dev"], reason="not used")
    assert step.depends_on == ("deploy/x-dev",)
    assert SUBSCRIPTION.contains(step.scope)
