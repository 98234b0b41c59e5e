"""Dependencies and order of a whole plan."""

from __future__ import annotations

import random
from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from coe_scaffold.model.finding import Finding
from coe_scaffold.model.plan import Action, Plan, Step
from coe_scaffold.model.resources import ChangeType, ResourceChange
from coe_scaffold.planning import combine, deployment_step, observed_digest
from coe_scaffold.planning.codec import dumps
from coe_scaffold.planning.combine import ordered
from tests.fakes.plans import (
    CUSTOM,
    FOUNDRY,
    PLATFORM,
    PROJECT,
    READER,
    SUBSCRIPTION,
    USER,
    VNET,
    assign,
    change,
    define,
    deployment,
    finding_lists,
    note_lists,
    sample,
    step_lists,
)

PLATFORM_STEP = deployment_step(deployment("platform", PLATFORM, VNET), [change(PLATFORM), change(VNET)])
PROJECT_STEP = deployment_step(
    deployment("claims-chat", PROJECT, FOUNDRY), [change(PROJECT), change(FOUNDRY)]
)


def dependencies(plan: Plan) -> dict[str, tuple[str, ...]]:
    return {step.id: step.depends_on for step in plan.steps}


def test_everything_waits_for_what_makes_it_possible() -> None:
    on_model, on_subscription, custom = (
        assign(FOUNDRY, USER),
        assign(SUBSCRIPTION, READER, "ai-strategist"),
        assign(PLATFORM, CUSTOM.role, "compliance-officer"),
    )
    plan = combine(
        "dev", "sandbox", (PROJECT_STEP, PLATFORM_STEP), (custom, on_subscription, on_model, define())
    )
    role = define().id
    assert dependencies(plan) == {
        on_subscription.id: (),
        role: (),
        "deploy/platform-dev": (),
        custom.id: (role, "deploy/platform-dev"),
        "deploy/claims-chat-dev": ("deploy/platform-dev",),
        on_model.id: ("deploy/claims-chat-dev",),
    }
    assert [step.id for step in plan.steps] == [
        on_subscription.id, role, "deploy/platform-dev", custom.id, "deploy/claims-chat-dev", on_model.id,
    ]  # fmt: skip


def test_an_assignment_waits_for_the_nearest_scope_that_is_created() -> None:
    container = FOUNDRY.child("Microsoft.CognitiveServices/accounts/projects", "a/b")
    step = assign(container)
    plan = combine("dev", "sandbox", (PLATFORM_STEP, PROJECT_STEP), (step,))
    assert dependencies(plan)[step.id] == ("deploy/claims-chat-dev",)


def test_scopes_match_without_case() -> None:
    shouting = replace(assign(FOUNDRY), scope=type(FOUNDRY)(FOUNDRY.path.upper()))
    plan = combine("dev", "sandbox", (PROJECT_STEP,), (shouting,))
    assert dependencies(plan)[shouting.id] == ("deploy/claims-chat-dev",)


@pytest.mark.parametrize("kind", [ChangeType.NO_CHANGE, ChangeType.MODIFY])
def test_an_assignment_at_a_scope_that_exists_waits_for_nothing(kind: ChangeType) -> None:
    step = deployment_step(deployment("claims-chat"), [change(FOUNDRY, kind), change(PROJECT, kind)])
    access = assign(FOUNDRY)
    assert dependencies(combine("dev", "sandbox", (step,), (access,)))[access.id] == ()


@pytest.mark.parametrize("told", [(), (change(PLATFORM),), (change(FOUNDRY, ChangeType.UNSUPPORTED),)])
def test_an_assignment_waits_for_what_is_declared_where_what_if_does_not_tell(
    told: tuple[ResourceChange, ...],
) -> None:
    step = deployment_step(deployment("claims-chat", PROJECT, FOUNDRY), (change(VNET), *told))
    access = assign(FOUNDRY, USER)
    plan = combine("dev", "sandbox", (step,), (access,), declared={step.id: (FOUNDRY,)})
    assert dependencies(plan)[access.id] == (step.id,)


def test_what_is_there_is_not_waited_for_although_it_is_declared() -> None:
    there = change(FOUNDRY, ChangeType.NO_CHANGE)
    step = deployment_step(deployment("claims-chat", PROJECT, FOUNDRY), (change(VNET), there))
    access = assign(FOUNDRY, USER)
    plan = combine("dev", "sandbox", (step,), (access,), declared={step.id: (FOUNDRY,)})
    assert dependencies(plan)[access.id] == ()


def test_steps_that_write_nothing_wait_for_nothing_and_nothing_waits_for_them() -> None:
    platform = deployment_step(deployment("platform"), [change(PLATFORM, ChangeType.NO_CHANGE)])
    idle = assign(FOUNDRY, action=Action.NO_CHANGE)
    defined = define(action=Action.NO_CHANGE)
    custom = assign(PLATFORM, CUSTOM.role, "compliance-officer")
    plan = combine("dev", "sandbox", (platform, PROJECT_STEP), (idle, defined, custom))
    assert set(dependencies(plan).values()) == {()}


def test_a_definition_is_deleted_after_its_assignments() -> None:
    gone = replace(
        assign(PLATFORM, CUSTOM.role), action=Action.DELETE, before={"role": CUSTOM.role.guid}, after=None
    )
    undefine = replace(define(), action=Action.DELETE, before=define().after, after=None)
    plan = combine("dev", "sandbox", (), (undefine, gone))
    assert dependencies(plan)[undefine.id] == (gone.id,)


def test_a_deployment_waits_for_the_custom_roles_it_names() -> None:
    given = deployment("claims-chat", PROJECT, roleId={"value": CUSTOM.role.guid.upper()})
    step = deployment_step(given, [change(PROJECT)])
    plan = combine("dev", "sandbox", (step,), (define(),))
    assert dependencies(plan)["deploy/claims-chat-dev"] == (define().id,)


def test_a_role_in_a_scope_that_the_deployment_creates_comes_after_it() -> None:
    role = replace(CUSTOM, scope=PROJECT)
    given = deployment("claims-chat", PROJECT, roleId={"value": CUSTOM.role.guid})
    step = deployment_step(given, [change(PROJECT)])
    plan = combine("dev", "sandbox", (step,), (define(role),))
    assert dependencies(plan) == {"deploy/claims-chat-dev": (), define().id: ("deploy/claims-chat-dev",)}


def test_dependencies_that_a_step_brings_are_kept() -> None:
    step = replace(assign(FOUNDRY), depends_on=("deploy/platform-dev",))
    plan = combine("dev", "sandbox", (PLATFORM_STEP, PROJECT_STEP), (step,))
    assert dependencies(plan)[step.id] == ("deploy/claims-chat-dev", "deploy/platform-dev")


@pytest.mark.parametrize(
    ("steps", "message"),
    [
        ((define(), define()), "share an id"),
        ((replace(define(), depends_on=("nowhere",)),), "unknown"),
        ((replace(define(), depends_on=(define().id,)),), "wait for each other"),
    ],
)
def test_steps_that_make_no_graph_are_refused(steps: tuple[Step, ...], message: str) -> None:
    with pytest.raises(ValueError, match=message):
        ordered(steps)


def test_observed_is_taken_from_the_steps_and_can_be_given() -> None:
    assert combine("dev", "s", (PLATFORM_STEP,), ()).observed == observed_digest([PLATFORM_STEP])
    assert combine("dev", "s", (PLATFORM_STEP,), (), observed="x").observed == "x"


@given(step_lists, finding_lists, note_lists, st.randoms(use_true_random=False))
@settings(max_examples=60, deadline=None)
def test_the_same_input_in_any_order_gives_the_same_bytes(
    steps: list[Step], findings: list[Finding], notes: list[str], shuffled: random.Random
) -> None:
    def made() -> str:
        return dumps(combine("dev", "sandbox", steps[:2], steps[2:], findings, notes, "i"))

    expected = made()
    first, second = steps[:2], steps[2:]
    for part in (first, second, findings, notes):
        shuffled.shuffle(part)
    steps = first + second
    assert made() == expected


def test_shuffling_the_sample_changes_no_byte() -> None:
    plan = sample()
    steps = [replace(step, depends_on=()) for step in plan.steps]
    for seed in range(20):
        random.Random(seed).shuffle(steps)
        again = combine("dev", "sandbox", steps, (), plan.findings[::-1], plan.notes, plan.inputs,
                        plan.observed, workspace=plan.workspace)  # fmt: skip
        assert dumps(again) == dumps(plan)
