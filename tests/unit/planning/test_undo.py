"""Undo plans: what a run made, from journal and plan together; what was changed or is foreign stops it."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from coe_scaffold.errors import ProblemsError
from coe_scaffold.model.access import ObservedAssignment
from coe_scaffold.model.estate import Lock
from coe_scaffold.model.journal import Entry, Event
from coe_scaffold.model.plan import Plan, StepKind
from coe_scaffold.model.resources import ChangeType, PropertyChange
from coe_scaffold.model.scope import Scope
from coe_scaffold.planning import combine, deployment_steps
from coe_scaffold.planning.undo import FOUND, Traces, made_by, plan_undo
from tests.fakes.plans import (
    CUSTOM,
    FOUNDRY,
    LOGS,
    PLATFORM,
    PROJECT,
    STORAGE,
    SUBSCRIPTION,
    USER,
    assign,
    assignment,
    change,
    define,
    deployment,
)
from tests.fakes.plans import entry_of as entry

DEPLOY = "deploy/x-dev"
PRICING = SUBSCRIPTION.child("Microsoft.Security/pricings", "AI")


def plan() -> Plan:
    there = change(PLATFORM, ChangeType.NO_CHANGE)
    made = [change(scope) for scope in (PROJECT, STORAGE, FOUNDRY, LOGS, PRICING)]
    steps = deployment_steps([(deployment("x", PROJECT), (there, *made))])
    return combine("dev", "sandbox", steps, [assign(FOUNDRY, USER), define()], workspace="Contoso")


def observed(**more: Any) -> ObservedAssignment:
    want = assignment(FOUNDRY, USER)
    home = FOUNDRY.child("Microsoft.Authorization/roleAssignments", want.name)
    made = ObservedAssignment(
        home, FOUNDRY, want.principal, "Group", want.role.guid, description=want.description
    )
    return replace(made, **more)


def traces(**more: Any) -> Traces:
    ids = [step.id for step in plan().writes]
    made = Traces(
        plans=(plan(),),
        entries=tuple(entry(step, Event.STARTED) for step in ids),
        changes=tuple(
            change(one, ChangeType.NO_CHANGE) for one in (PLATFORM, PROJECT, STORAGE, FOUNDRY, LOGS, PRICING)
        ),
        contents={PROJECT: (STORAGE, FOUNDRY)},
        assignments=(observed(),),
        roles=(CUSTOM,),
    )
    return replace(made, **more)


def test_access_goes_first_then_resources_then_groups_and_roles_and_what_was_there_stays() -> None:
    steps = plan_undo(traces(), run="r").steps
    order = {step.scope: number for number, step in enumerate(steps)}
    assert {step.kind for step in steps} == {
        StepKind.ROLE_ASSIGNMENT,
        StepKind.RESOURCE,
        StepKind.RESOURCE_GROUP,
        StepKind.ROLE_DEFINITION,
    }
    assert [step.scope for step in steps if step.kind is StepKind.RESOURCE] == [LOGS]
    assert order[FOUNDRY] < order[LOGS] < order[PROJECT]
    assert PLATFORM not in order
    notes = plan_undo(traces(), run="r").notes
    assert f"stays, because Azure cannot delete it, only set it back: {PRICING}" in notes


def test_what_the_run_never_came_to_make_is_not_deleted() -> None:
    gone = tuple(change(one) for one in (PROJECT, STORAGE, FOUNDRY, LOGS, PRICING))
    found = plan_undo(traces(changes=gone, assignments=(), roles=(), contents={}), run="r")
    assert found.steps == ()


def test_what_a_later_run_made_again_is_the_later_runs() -> None:
    again = frozenset({LOGS, observed().id})
    found = plan_undo(traces(later=again), run="r")
    assert {step.kind for step in found.steps} == {StepKind.RESOURCE_GROUP, StepKind.ROLE_DEFINITION}
    assert "2 resources stay that were gone since, because a later run made them again" in found.notes
    with pytest.raises(ProblemsError, match="nothing is undone") as caught:
        plan_undo(traces(later=frozenset({STORAGE})), run="r")
    assert "a later run made it: undo that one first" in caught.value.detail
    everything = frozenset(made_by(traces().plans, traces().entries))
    assert plan_undo(traces(later=everything), run="r").steps == ()


@pytest.mark.parametrize(
    ("entries", "expected"),
    [
        ((), ()),
        ((entry(DEPLOY, Event.STARTED),), None),
        ((entry(DEPLOY, Event.STARTED), entry(DEPLOY, Event.FAILED)), None),
        ((entry(DEPLOY, Event.STARTED), entry(DEPLOY, Event.SUCCEEDED, STORAGE)), (STORAGE,)),
        ((entry(DEPLOY, Event.STARTED), entry(DEPLOY, Event.SUCCEEDED, data=FOUND)), None),
        ((*[entry(DEPLOY, Event.STARTED)] * 2, entry(DEPLOY, Event.SUCCEEDED, STORAGE)), None),
    ],
    ids=["not begun", "killed", "failed", "succeeded", "found done on resume", "resumed"],
)
def test_what_a_run_made_is_known_even_when_its_end_is_not(
    entries: tuple[Entry, ...], expected: tuple[Scope, ...] | None
) -> None:
    wanted = {PROJECT, STORAGE, FOUNDRY, LOGS, PRICING} if expected is None else set(expected)
    assert set(made_by([plan()], entries)) == wanted


def test_changed_foreign_and_taken_over_things_stop_it_all_at_once() -> None:
    tls = PropertyChange("properties.minimumTlsVersion", "TLS1_0", "TLS1_2")
    changes = (
        change(PROJECT, ChangeType.NO_CHANGE),
        change(STORAGE, ChangeType.MODIFY, tls),
        change(FOUNDRY, ChangeType.NO_CHANGE),
    )
    stranger = PROJECT.child("Microsoft.Web/sites", "shadow")
    taken = observed(description="mine now")
    with pytest.raises(ProblemsError, match="nothing is undone") as caught:
        plan_undo(
            traces(changes=changes, contents={PROJECT: (STORAGE, stranger)}, assignments=(taken,)), run="r"
        )
    assert {problem.file for problem in caught.value.problems} == {STORAGE.path, taken.id.path, stranger.path}
    assert "properties.minimumTlsVersion" in caught.value.detail


def test_somebody_elses_lock_stops_it_and_the_runs_own_does_not() -> None:
    theirs = Lock(PROJECT.child("Microsoft.Authorization/locks", "theirs"), "CanNotDelete")
    with pytest.raises(ProblemsError, match="nothing is undone") as caught:
        plan_undo(traces(locks=(theirs,)), run="r")
    assert [problem.file for problem in caught.value.problems] == [theirs.id.path]
    elsewhere = Lock(SUBSCRIPTION.group("x").child("Microsoft.Authorization/locks", "y"), "CanNotDelete")
    assert plan_undo(traces(locks=(elsewhere,)), run="r").steps


def test_a_custom_role_that_others_use_by_now_stays() -> None:
    other = observed(
        id=SUBSCRIPTION.child("Microsoft.Authorization/roleAssignments", "other"), role=CUSTOM.role.guid
    )
    found = plan_undo(traces(assignments=(observed(), other)), run="r")
    assert not [step for step in found.steps if step.kind is StepKind.ROLE_DEFINITION]
    assert "the custom role CoE Auditor stays: others use it by now" in found.notes
