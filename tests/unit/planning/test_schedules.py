"""Eligible and time-bound roles: what is asked for, what is left alone, what is renewed."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from coe_scaffold.access import DesiredAccess, desired
from coe_scaffold.model.access import Assignment, Mode
from coe_scaffold.model.plan import Action, Step, StepKind
from coe_scaffold.model.schedules import SCHEDULE_TYPES, ActivationRules, ObservedSchedule, request_guid
from coe_scaffold.model.schedules_json import policy_from_json, schedule_from_json, scheduled_from_json
from coe_scaffold.model.scope import Scope
from coe_scaffold.model.settings import AccessSettings
from coe_scaffold.planning import combine
from coe_scaffold.planning.access import plan_access
from coe_scaffold.planning.schedules import plan_schedules
from tests.fakes.landing import graph
from tests.fakes.workspace import settings

BASE = settings()
WANTED = desired(BASE, "prod", graph(BASE, "prod"))
SUBSCRIPTION = BASE.environments["prod"].scope
TODAY = date(2026, 11, 24)
START = "2026-06-01T08:00:00Z"


def there(want: Assignment, *, ends: str = "2027-06-01T08:00:00Z", ours: bool = True) -> ObservedSchedule:
    return ObservedSchedule(
        id=want.scope.child(SCHEDULE_TYPES[want.mode], want.name),
        scope=want.scope,
        principal=want.principal,
        principal_type="Group",
        role=want.role.guid,
        mode=want.mode,
        condition=want.condition,
        starts=START,
        ends=ends,
        request=request_guid(want.key, START) if ours else "made-in-the-portal",
    )


def steps(
    observed: list[ObservedSchedule],
    wanted: DesiredAccess = WANTED,
    rules: dict[tuple[str, str], ActivationRules | None] | None = None,
    today: date = TODAY,
) -> tuple[Step, ...]:
    return plan_schedules(
        wanted, observed, rules or {}, within=[SUBSCRIPTION], terms=AccessSettings(), today=today
    )


def held(found: tuple[Step, ...]) -> list[Step]:
    return [step for step in found if step.kind is not StepKind.ROLE_POLICY]


def test_the_sample_has_both_modes() -> None:
    assert {item.mode for item in WANTED.scheduled} == {Mode.ELIGIBLE, Mode.TIME_BOUND}


def test_everything_is_created_in_an_empty_environment() -> None:
    found = held(steps([]))
    assert {step.action for step in found} == {Action.CREATE}
    assert {step.kind for step in found} == {StepKind.ROLE_ELIGIBILITY, StepKind.ROLE_SCHEDULE}
    asked = {scheduled_from_json(step.after).assignment: scheduled_from_json(step.after) for step in found}
    assert set(asked) == set(WANTED.scheduled)
    assert {item.days for item in asked.values() if item.assignment.mode is Mode.ELIGIBLE} == {365}
    assert {item.days for item in asked.values() if item.assignment.mode is Mode.TIME_BOUND} == {90}


def test_nothing_is_asked_for_twice() -> None:
    found = held(steps([there(want) for want in WANTED.scheduled]))
    assert {step.action for step in found} == {Action.NO_CHANGE}
    assert not any(step.needs for step in found)


@pytest.mark.parametrize(
    ("ends", "action"),
    [
        ("2026-12-25T00:00:00Z", Action.NO_CHANGE),
        ("2026-12-24T00:00:00Z", Action.MODIFY),
        ("2026-11-25T00:00:00Z", Action.MODIFY),
        ("", Action.NO_CHANGE),
    ],
)
def test_what_ends_within_the_window_is_renewed(ends: str, action: Action) -> None:
    want = WANTED.scheduled[0]
    (step,) = held(steps([there(want, ends=ends)], replace(WANTED, scheduled=(want,))))
    assert step.action is action
    asked = scheduled_from_json(step.after)
    assert (asked.extends, asked.target) == (action is Action.MODIFY, want.name)
    assert schedule_from_json(step.before).ends == ends


def test_somebody_elses_schedule_serves_or_is_reported_but_never_changed() -> None:
    want = WANTED.scheduled[0]
    one = replace(WANTED, scheduled=(want,))
    (soon,) = held(steps([there(want, ours=False, ends="2026-11-25T00:00:00Z")], one))
    assert soon.action is Action.ADOPT
    assert "2026-11-25" in soon.reason
    (other,) = held(steps([replace(there(want, ours=False), condition="x")], one))
    assert other.action is Action.FOREIGN
    (ours,) = held(steps([replace(there(want), condition="x")], one))
    assert (ours.action, scheduled_from_json(ours.after).extends) == (Action.MODIFY, False)


def test_only_ours_are_taken_back_and_only_inside() -> None:
    want = WANTED.scheduled[0]
    none = replace(WANTED, scheduled=(), policies=())
    assert [step.action for step in steps([there(want)], none)] == [Action.DELETE]
    assert [step.action for step in steps([there(want, ours=False)], none)] == [Action.FOREIGN]
    outside = Scope("/subscriptions/20000000-0000-4000-8000-000000000009")
    assert steps([there(replace(want, scope=outside))], none) == ()
    assert steps([replace(there(want), activated=True)], none) == ()
    user = replace(there(want), principal_type="User")
    assert [step.action for step in steps([user], none)] == [Action.FOREIGN]


def test_ownership_is_read_off_the_schedule_when_the_request_is_forgotten() -> None:
    mine = there(WANTED.scheduled[0])
    assert mine.ours
    assert not replace(mine, starts="2026-06-01T08:00:01Z").ours
    assert not replace(mine, principal="somebody-else").ours
    assert replace(mine, request="", justification="coe-scaffold: ai-engineer: debug").ours


def test_activation_rules_are_compared_and_set_before_anybody_is_eligible() -> None:
    policy = WANTED.policies[0]
    lax = ActivationRules("PT24H")
    by_rule = {
        step.action: step
        for rules in (None, lax, policy.rules)
        for step in steps([], replace(WANTED, scheduled=(), policies=(policy,)), {policy.key: rules})
    }
    assert set(by_rule) == {Action.CREATE, Action.MODIFY, Action.NO_CHANGE}
    assert policy_from_json(by_rule[Action.MODIFY].after) == policy
    assert policy.rules.approvers, "activating in prod needs approval"
    plan = combine("prod", "sandbox", (), steps([]))
    position = {step.id: number for number, step in enumerate(plan.steps)}
    eligible = [step for step in plan.steps if step.kind is StepKind.ROLE_ELIGIBILITY]
    for step in eligible:
        waits = [name for name in step.depends_on if name.startswith("rolePolicy/")]
        assert len(waits) == 1
        assert position[waits[0]] < position[step.id]


def test_the_lead_does_not_approve_its_own_activations() -> None:
    groups = {name: {group.id for group in held} for name, held in BASE.functions.items()}
    for policy in WANTED.policies:
        functions = {
            item.function
            for item in WANTED.scheduled
            if (item.scope, item.role) == (policy.scope, policy.role)
        }
        expected = groups["compliance-officer" if functions == {"ai-coe-lead"} else "ai-coe-lead"]
        assert set(policy.rules.approvers) == expected
    dev = desired(BASE, "dev", graph(BASE))
    assert dev.policies
    assert not any(policy.rules.approvers for policy in dev.policies)


def test_a_role_that_becomes_time_bound_waits_for_the_end_of_the_standing_one() -> None:
    want = next(item for item in WANTED.scheduled if item.mode is Mode.TIME_BOUND)
    standing = replace(want, mode=Mode.STANDING)
    before = plan_access(DesiredAccess((standing,), ()), [], (), within=[SUBSCRIPTION])
    assert [step.action for step in before] == [Action.CREATE]
    from tests.unit.planning.test_access_plan import made

    gone = plan_access(DesiredAccess((), ()), [made(standing)], (), within=[SUBSCRIPTION])
    plan = combine("prod", "sandbox", (), (*gone, *steps([], DesiredAccess((), (), scheduled=(want,)))))
    new = next(step for step in plan.steps if step.kind is StepKind.ROLE_SCHEDULE)
    assert new.depends_on == (gone[0].id,)


@given(st.sets(st.integers(0, len(WANTED.scheduled) - 1)), st.randoms())
def test_order_does_not_matter_and_a_second_plan_has_nothing_to_do(present: set[int], random: object) -> None:
    observed = [there(WANTED.scheduled[number]) for number in sorted(present)]
    first = steps(observed)
    assert steps(observed[::-1]) == first
    created = [step for step in held(first) if step.action is Action.CREATE]
    assert len(created) == len(WANTED.scheduled) - len(present)
    after = [there(scheduled_from_json(step.after).assignment) for step in held(first)]
    assert {step.action for step in held(steps(after))} == {Action.NO_CHANGE}
