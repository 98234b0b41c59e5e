"""Destroying removes what is ours, in order, and refuses the rest."""

from __future__ import annotations

from dataclasses import replace

import pytest

from coe_scaffold.errors import ProblemsError
from coe_scaffold.model.access import CustomRole, RoleRef
from coe_scaffold.model.estate import Lock, SoftDeleted
from coe_scaffold.model.plan import Action, StepKind
from coe_scaffold.model.scope import Scope
from coe_scaffold.planning.destroy import Estate, our_groups, plan_destroy
from tests.fakes.cloud import FakeCloud
from tests.fakes.plans import (
    CUSTOM,
    FOUNDRY,
    PLATFORM,
    PROJECT,
    READER,
    STORAGE,
    SUBSCRIPTION,
    USER,
    VNET,
    assignment,
)

OTHERS = SUBSCRIPTION.group("rg-finance")
TEST_GROUP = SUBSCRIPTION.group("rg-cto-platform-test-sdc")


def cloud() -> FakeCloud:
    fake = FakeCloud()
    fake.declare_group(PLATFORM, managed_by="coe-scaffold", coe_environment="dev", coe_scope="platform")
    fake.declare_group(PROJECT, managed_by="coe-scaffold", coe_environment="dev", coe_scope="project")
    fake.declare_group(TEST_GROUP, managed_by="coe-scaffold", coe_environment="test")
    fake.declare_group(OTHERS, owner="finance")
    for scope in (VNET, STORAGE, FOUNDRY, OTHERS.child("Microsoft.Web/sites", "a")):
        fake.declare_resource(scope)
    return fake


def estate(fake: FakeCloud, **more: object) -> Estate:
    groups = {SUBSCRIPTION.group(name): tags for name, tags in fake.resource_groups(SUBSCRIPTION).items()}
    made = Estate(
        environment="dev",
        subscription=SUBSCRIPTION,
        groups=groups,
        contents={group: fake.resources(group) for group in our_groups("dev", groups)},
        known=(PLATFORM, PROJECT, VNET, STORAGE, FOUNDRY),
        assignments=fake.role_assignments(SUBSCRIPTION),
    )
    return replace(made, **more)  # type: ignore[arg-type]


def test_assignments_go_first_then_projects_then_the_platform() -> None:
    fake = cloud()
    inside = fake.declare_assignment(assignment(FOUNDRY, USER))
    declared = assignment(SUBSCRIPTION, READER)
    at_top = fake.declare_assignment(declared)
    plan = plan_destroy(estate(fake, desired=frozenset({declared.key})), cloud="sandbox")
    assert [(step.id, step.action) for step in plan.steps] == [
        *sorted([(f"unassign/{inside.name}", Action.DELETE), (f"unassign/{at_top.name}", Action.DELETE)]),
        ("delete/rg-cto-claims-chat-dev-sdc", Action.DELETE),
        ("delete/rg-cto-platform-dev-sdc", Action.DELETE),
    ]
    project, platform = plan.steps[-2:]
    assert project.depends_on == (f"unassign/{inside.name}",)
    assert platform.depends_on == ("delete/rg-cto-claims-chat-dev-sdc",)
    assert {step.title for step in plan.steps[:2]} == {
        f"Data Scientist → Foundry User on {FOUNDRY.name}",
        f"Data Scientist → Reader on {SUBSCRIPTION.name}",
    }
    assert plan.steps[0].function == "data-scientist"


def test_others_groups_and_other_environments_stay() -> None:
    plan = plan_destroy(estate(cloud()), cloud="sandbox")
    assert {step.scope for step in plan.steps} == {PLATFORM, PROJECT}


def test_assignments_of_others_and_of_other_workspaces_stay() -> None:
    fake = cloud()
    fake.declare_assignment(assignment(FOUNDRY, USER), description="by hand")
    fake.declare_assignment(assignment(SUBSCRIPTION, USER))
    management = Scope.management_group("mg-ai")
    shared = assignment(management, READER)
    there = fake.assignments[fake.declare_assignment(shared)]
    made = estate(fake, desired=frozenset({shared.key}))
    plan = plan_destroy(replace(made, assignments=(*made.assignments, there)), cloud="sandbox")
    assert not [step for step in plan.steps if step.id.startswith("unassign/")]
    assert plan.notes == ("1 role assignments made by others go with the resource groups they are in",)


def test_a_foreign_resource_inside_our_group_is_refused() -> None:
    fake = cloud()
    shadow = PROJECT.child("Microsoft.Web/sites", "shadow")
    fake.declare_resource(shadow)
    fake.declare_resource(PLATFORM.child("Microsoft.Web/sites", "other"))
    with pytest.raises(ProblemsError, match="nothing is deleted") as caught:
        plan_destroy(estate(fake), cloud="sandbox")
    assert [problem.file for problem in caught.value.problems] == [
        shadow.path,
        PLATFORM.child("Microsoft.Web/sites", "other").path,
    ]


def test_a_declared_group_without_our_tags_is_refused() -> None:
    fake = cloud()
    fake.declare_group(PROJECT, owner="somebody")
    with pytest.raises(ProblemsError) as caught:
        plan_destroy(estate(fake), cloud="sandbox")
    assert "its tags are not managed-by=coe-scaffold" in caught.value.detail


def test_custom_roles_of_the_subscription_go_last_and_shared_ones_stay() -> None:
    fake = cloud()
    fake.declare_assignment(assignment(FOUNDRY, CUSTOM.role))
    shared = CustomRole(RoleRef("5" * 8, "CoE Shared"), Scope.management_group("mg-ai"), "")
    plan = plan_destroy(estate(fake, roles=(CUSTOM, shared)), cloud="sandbox")
    undefine = next(step for step in plan.steps if step.id.startswith("undefine/"))
    assert undefine.title == "Custom role CoE Auditor"
    assert len(undefine.depends_on) == 1
    assert plan.notes == ("the custom role CoE Shared stays: other environments share it",)


def test_what_is_in_no_group_is_named_and_what_a_template_assigned_there_goes() -> None:
    fake = cloud()
    budget = SUBSCRIPTION.child("Microsoft.Consumption/budgets", "budget")
    deployed = fake.declare_assignment(assignment(SUBSCRIPTION, USER))
    made = estate(fake)
    pricing = SUBSCRIPTION.child("Microsoft.Security/pricings", "AI")
    contact = SUBSCRIPTION.child("Microsoft.Security/securityContacts", "default")
    outside = {budget: True, pricing: True, contact: False}
    known = (*made.known, *outside, deployed)
    plan = plan_destroy(replace(made, known=known, outside=outside), cloud="sandbox")
    assert plan.notes == (
        f"stays, because Azure cannot delete it, only set it back: {pricing}",
        f"stays, because it is no longer as the files say: {contact}",
    )
    steps = {step.id: step for step in plan.steps}
    assert f"unassign/{deployed.name}" in steps
    assert [step.scope for step in plan.steps if step.kind is StepKind.RESOURCE] == [budget]


def test_our_locks_go_first_and_the_plan_says_so() -> None:
    lock = Lock(PROJECT.child("Microsoft.Authorization/locks", "lock-delete"), "CanNotDelete")
    fake = cloud()
    fake.declare_assignment(assignment(FOUNDRY, USER))
    made = estate(fake)
    plan = plan_destroy(replace(made, locks=(lock,), known=(*made.known, lock.id)), cloud="sandbox")
    first = plan.steps[0]
    assert (first.scope, first.title) == (lock.id, f"Lock lock-delete (CanNotDelete) on {PROJECT.name}")
    waiting = {step.scope: step.depends_on for step in plan.steps[1:]}
    assert all(first.id in waiting[scope] for scope in (FOUNDRY, PROJECT))


@pytest.mark.parametrize("home", [SUBSCRIPTION, PLATFORM, VNET], ids=lambda scope: scope.kind.value)
def test_a_foreign_lock_refuses_everything(home: Scope) -> None:
    lock = Lock(home.child("Microsoft.Authorization/locks", "theirs"), "CanNotDelete")
    with pytest.raises(ProblemsError, match="nothing is deleted") as caught:
        plan_destroy(estate(cloud(), locks=(lock,)), cloud="sandbox")
    assert [problem.file for problem in caught.value.problems] == [lock.id.path]


def test_a_lock_elsewhere_does_not_matter() -> None:
    lock = Lock(OTHERS.child("Microsoft.Authorization/locks", "theirs"), "CanNotDelete")
    assert plan_destroy(estate(cloud(), locks=(lock,)), cloud="sandbox").writes


def test_retained_names_are_told_and_purged_only_on_demand() -> None:
    vault = SoftDeleted(
        SUBSCRIPTION.child("Microsoft.KeyVault/locations/deletedVaults", "x/kv"),
        PROJECT.child("Microsoft.KeyVault/vaults", "kv"),
        protected=True,
    )
    account = SoftDeleted(
        SUBSCRIPTION.child("Microsoft.CognitiveServices/locations/resourceGroups/deletedAccounts", "x/g/ai"),
        FOUNDRY,
    )
    made = estate(cloud(), retained=(vault, account))
    plan = plan_destroy(made, cloud="sandbox")
    assert [step for step in plan.steps if step.kind is StepKind.SOFT_DELETED] == []
    assert any("--purge frees it" in note for note in plan.notes)
    purging = plan_destroy(made, cloud="sandbox", purge=True)
    (step,) = [step for step in purging.steps if step.kind is StepKind.SOFT_DELETED]
    assert step.scope == account.id
    assert step.depends_on == (f"delete/{PROJECT.name}",)
    assert purging.notes == (
        "Microsoft.KeyVault/vaults kv stays soft-deleted and holds its name: "
        "purge protection forbids purging it",
    )


def test_nothing_there_is_said() -> None:
    plan = plan_destroy(estate(FakeCloud()), cloud="sandbox")
    assert (plan.steps, plan.notes) == ((), ("no resource group carries the tags of dev",))


def test_eligible_roles_of_ours_go_before_their_group() -> None:
    from coe_scaffold.model.access import Mode
    from coe_scaffold.model.schedules import SCHEDULE_TYPES, ObservedSchedule
    from coe_scaffold.planning.schedules import withdrawals

    group = Scope("/subscriptions/20000000-0000-4000-8000-000000000001/resourceGroups/rg-x")
    tags = {"managed-by": "coe-scaffold", "coe-environment": "dev"}
    ours = ObservedSchedule(
        group.child(SCHEDULE_TYPES[Mode.ELIGIBLE], "one"),
        group,
        "g",
        "Group",
        "b24988ac-6180-42a0-ab88-20f7382dd24c",
        Mode.ELIGIBLE,
        justification="coe-scaffold: ai-engineer: debug",
    )
    theirs = replace(ours, id=group.child(SCHEDULE_TYPES[Mode.ELIGIBLE], "two"), justification="by hand")
    estate = Estate(
        "dev", Scope(group.path.rsplit("/", 2)[0]), {group: tags}, {group: ()}, schedules=(ours, theirs)
    )
    found = plan_destroy(estate, cloud="sandbox")
    (withdrawal,) = withdrawals([ours], {})
    assert withdrawal.title == "AI Engineer → Contributor on rg-x (eligible)"
    assert [step.id for step in found.steps] == [withdrawal.id, "delete/rg-x"]
    assert found.steps[1].depends_on == (withdrawal.id,)
