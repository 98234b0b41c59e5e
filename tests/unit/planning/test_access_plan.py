from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from coe_scaffold.access import DesiredAccess, desired
from coe_scaffold.catalog import custom_role_guid
from coe_scaffold.errors import CoeError
from coe_scaffold.model.access import Assignment, CustomRole, ObservedAssignment, PrincipalType, RoleRef
from coe_scaffold.model.access_json import assignment_from_json, observed_from_json, role_from_json
from coe_scaffold.model.plan import Action, Step, StepKind
from coe_scaffold.model.scope import Scope
from coe_scaffold.planning.access import FOREIGN_TOLD, MANAGEMENT_GROUP_LIMIT, SUBSCRIPTION_LIMIT, plan_access
from tests.fakes.landing import graph
from tests.fakes.workspace import settings

BASE = settings()
WANTED = desired(BASE, "dev", graph(BASE))
SUBSCRIPTION = BASE.environments["dev"].scope
OTHER = Scope("/subscriptions/20000000-0000-4000-8000-000000000009")
READER = RoleRef("acdd72a7-3385-48ef-bd42-f606fba81ae7", "Reader")


def made(want: Assignment, *, name: str = "", description: str | None = None) -> ObservedAssignment:
    path = want.scope.child("Microsoft.Authorization/roleAssignments", name or want.name)
    text = want.description if description is None else description
    return ObservedAssignment(
        path, want.scope, want.principal, want.principal_type.value, want.role.guid, want.condition, text
    )


def plan(
    observed: Iterable[ObservedAssignment],
    roles: Iterable[CustomRole] = (),
    wanted: DesiredAccess = WANTED,
) -> tuple[Step, ...]:
    return plan_access(wanted, observed, roles, within=[SUBSCRIPTION])


def actions(steps: Iterable[Step]) -> set[Action]:
    return {step.action for step in steps}


def of(steps: Iterable[Step], action: Action) -> list[Step]:
    return [step for step in steps if step.action is action]


def applied(
    steps: Iterable[Step], before: Iterable[ObservedAssignment]
) -> tuple[list[ObservedAssignment], list[CustomRole]]:
    """What exists after the steps: the naive executor the planner is measured against."""
    there = {item.id: item for item in before}
    roles = []
    for step in steps:
        if step.kind is StepKind.ROLE_DEFINITION:
            roles.append(role_from_json(step.after))
        elif step.action is Action.DELETE:
            del there[observed_from_json(step.before).id]
        elif step.action is Action.CREATE:
            item = made(assignment_from_json(step.after))
            there[item.id] = item
        elif step.action is Action.MODIFY:
            old = observed_from_json(step.before)
            there[old.id] = replace(old, condition=assignment_from_json(step.after).condition)
    return list(there.values()), roles


def test_from_nothing_everything_is_created_roles_first() -> None:
    steps = plan([])
    assert actions(steps) == {Action.CREATE}
    assert len(steps) == len(WANTED.custom_roles) + len(WANTED.assignments)
    kinds = [step.kind for step in steps]
    assert kinds == sorted(kinds, key=lambda kind: kind is StepKind.ROLE_ASSIGNMENT)
    assert len({step.id for step in steps}) == len(steps)


def test_steps_carry_all_that_execution_needs_and_what_people_read() -> None:
    steps = {step.title: step for step in plan([])}
    step = steps["Data Scientist → Foundry User on proj-claims-chat"]
    want = next(
        item
        for item in WANTED.assignments
        if item.function == "data-scientist" and item.role.name == "Foundry User"
    )
    assert assignment_from_json(step.after) == want
    assert step.needs == "Microsoft.Authorization/roleAssignments/write"
    assert step.scope == want.scope
    assert step.function == "data-scientist"
    role = steps["Custom role CoE RAI Reviewer in mg-ai"]
    assert role.needs == "Microsoft.Authorization/roleDefinitions/write"
    assert role_from_json(role.after).role.guid == custom_role_guid("mg-ai", "CoE RAI Reviewer")


def test_nothing_to_change_after_applying() -> None:
    there, roles = applied(plan([]), [])
    assert actions(plan(there, roles)) == {Action.NO_CHANGE}


def test_case_of_ids_does_not_matter() -> None:
    shouting = [
        replace(
            made(want),
            principal=want.principal.upper(),
            scope=Scope(want.scope.path.upper()),
            role=want.role.guid.upper(),
        )
        for want in WANTED.assignments
    ]
    assert actions(plan(shouting, WANTED.custom_roles)) == {Action.NO_CHANGE}


def test_the_same_tuple_made_by_somebody_else_is_adopted_without_a_write() -> None:
    want = WANTED.assignments[0]
    steps = plan([made(want, name="11111111-2222-4333-8444-555555555555", description="by hand")])
    (step,) = of(steps, Action.ADOPT)
    assert not step.action.writes
    assert step.needs == ""
    assert observed_from_json(step.before).principal == want.principal


def test_ours_under_another_name_is_no_change() -> None:
    want = WANTED.assignments[0]
    steps = plan([made(want, name="11111111-2222-4333-8444-555555555555")])
    assert len(of(steps, Action.NO_CHANGE)) == 1


def test_a_changed_condition_of_ours_is_modified_in_place_anothers_is_reported() -> None:
    want = next(item for item in WANTED.assignments if item.condition)
    ours = replace(made(want), condition="")
    (step,) = of(plan([ours]), Action.MODIFY)
    assert observed_from_json(step.before).id == ours.id
    assert assignment_from_json(step.after).condition == want.condition
    (foreign,) = of(plan([replace(ours, description="by hand")]), Action.FOREIGN)
    assert "condition" in foreign.reason


def test_white_space_in_a_condition_is_no_change() -> None:
    want = next(item for item in WANTED.assignments if item.condition)
    spread = replace(made(want), condition=want.condition.replace(" AND ", "\n  AND\n  "))
    assert not of(plan([spread]), Action.MODIFY)


def test_only_ours_to_groups_inside_the_environment_is_deleted() -> None:
    old = Assignment(
        SUBSCRIPTION.group("rg"), "gone", PrincipalType.GROUP, READER, function="ai-engineer", reason="x"
    )
    deleted = made(old)
    kept = [
        made(replace(old, scope=OTHER)),
        made(replace(old, scope=Scope.management_group("mg-other"))),
        made(replace(old, scope=Scope.management_group("mg-ai"), principal="p"), description="by hand"),
        made(replace(old, principal_type=PrincipalType.SERVICE_PRINCIPAL, principal="identity")),
    ]
    foreign = made(replace(old, principal="somebody"), description="by hand")
    steps = plan([deleted, *kept, foreign])
    (delete,) = of(steps, Action.DELETE)
    assert observed_from_json(delete.before) == deleted
    assert delete.title == "AI Engineer → Reader on rg"
    assert delete.needs == "Microsoft.Authorization/roleAssignments/delete"
    (reported,) = of(steps, Action.FOREIGN)
    assert observed_from_json(reported.before) == foreign
    assert reported.title == "Group somebody → Reader on rg"


def test_ours_at_the_shared_management_group_is_reported_and_left() -> None:
    there = Scope.management_group("mg-ai")
    old = Assignment(there, "former-lead", PrincipalType.GROUP, READER, function="ai-coe-lead", reason="x")
    steps = plan([made(old)])
    (step,) = of(steps, Action.FOREIGN)
    assert step.title == "AI CoE Lead → Reader on mg-ai"
    assert "by hand" in step.reason
    assert not of(steps, Action.DELETE)


def test_a_row_that_became_eligible_is_no_longer_standing() -> None:
    eligible = WANTED.scheduled[0]
    (delete,) = of(plan([made(eligible)]), Action.DELETE)
    assert eligible.role.name in delete.title


def test_a_custom_role_with_other_permissions_is_modified() -> None:
    role = WANTED.custom_roles[0]
    changed = replace(role, actions=role.actions[1:])
    shuffled = [replace(item, actions=item.actions[::-1]) for item in WANTED.custom_roles[1:]]
    steps = [step for step in plan([], [changed, *shuffled]) if step.kind is StepKind.ROLE_DEFINITION]
    assert [step.action for step in steps].count(Action.MODIFY) == 1
    assert [step.action for step in steps].count(Action.NO_CHANGE) == 3


@pytest.mark.parametrize(
    ("scope", "limit"),
    [(SUBSCRIPTION, SUBSCRIPTION_LIMIT), (Scope.management_group("mg-ai"), MANAGEMENT_GROUP_LIMIT)],
)
def test_limits_are_checked_before_anything_is_written(scope: Scope, limit: int) -> None:
    want = DesiredAccess((Assignment(scope, "g", PrincipalType.GROUP, READER, function="ai-engineer"),), ())
    others = [
        made(Assignment(scope, f"p{number}", PrincipalType.USER, READER), name=str(number), description="")
        for number in range(limit)
    ]
    assert of(plan(others[:-1], wanted=want), Action.CREATE)
    with pytest.raises(CoeError) as caught:
        plan(others, wanted=want)
    assert caught.value.code == "RoleAssignmentLimitExceeded"
    assert str(limit) in caught.value.detail


def test_a_condition_too_long_for_azure_is_refused() -> None:
    long = Assignment(
        SUBSCRIPTION, "g", PrincipalType.GROUP, READER, condition="x" * 9000, function="ai-engineer"
    )
    with pytest.raises(CoeError):
        plan([], wanted=DesiredAccess((long,), ()))


def test_no_step_touches_a_management_group_but_for_what_is_wanted_there() -> None:
    ours = made(
        Assignment(Scope.management_group("mg-ai"), "x", PrincipalType.GROUP, READER, function="ai-engineer")
    )
    wanted = {want.key for want in WANTED.assignments}
    for step in plan([ours]):
        outside = step.kind is StepKind.ROLE_ASSIGNMENT and not SUBSCRIPTION.contains(step.scope)
        if outside and step.action is not Action.FOREIGN:
            assert assignment_from_json(step.after).key in wanted


SCOPES = [
    SUBSCRIPTION,
    SUBSCRIPTION.group("rg-a"),
    SUBSCRIPTION.group("rg-b"),
    OTHER,
    Scope.management_group("mg-ai"),
]
wishes = st.lists(
    st.builds(
        Assignment,
        scope=st.sampled_from(SCOPES),
        principal=st.sampled_from(["p1", "p2", "p3"]),
        principal_type=st.just(PrincipalType.GROUP),
        role=st.sampled_from([READER, RoleRef("b24988ac-6180-42a0-ab88-20f7382dd24c", "Contributor")]),
        condition=st.sampled_from(["", "(c1)", "(c2)"]),
        function=st.just("ai-engineer"),
        reason=st.just("because"),
    ),
    unique_by=lambda item: item.key,
    max_size=8,
)
facts = st.lists(
    st.tuples(
        st.sampled_from(SCOPES),
        st.sampled_from(["p1", "p2", "p3", "P1"]),
        st.sampled_from(["Group", "User", "ServicePrincipal"]),
        st.sampled_from([READER.guid, "b24988ac-6180-42a0-ab88-20f7382dd24c", READER.guid.upper()]),
        st.sampled_from(["", "(c1)"]),
        st.sampled_from(["coe-scaffold: ai-engineer: because", "coe-scaffold: x", "by hand", ""]),
    ),
    max_size=10,
    unique_by=lambda item: (item[0].key, item[1].lower(), item[3].lower()),
)


def existing(rows: list[tuple[Scope, str, str, str, str, str]]) -> list[ObservedAssignment]:
    kind = "Microsoft.Authorization/roleAssignments"
    return [ObservedAssignment(row[0].child(kind, f"old-{number}"), *row) for number, row in enumerate(rows)]


@given(wishes, facts, st.randoms(use_true_random=False))
def test_the_order_of_what_is_read_does_not_matter(
    wanted: list[Assignment], rows: list[tuple[Scope, str, str, str, str, str]], chance: object
) -> None:
    there = existing(rows)
    mixed_wanted, mixed_there = [*wanted], [*there]
    chance.shuffle(mixed_wanted)  # type: ignore[attr-defined]
    chance.shuffle(mixed_there)  # type: ignore[attr-defined]
    one = plan(there, wanted=DesiredAccess(tuple(wanted), ()))
    other = plan(mixed_there, wanted=DesiredAccess(tuple(mixed_wanted), ()))
    assert one == other


@given(wishes, facts)
def test_planning_what_was_just_applied_changes_nothing(
    wanted: list[Assignment], rows: list[tuple[Scope, str, str, str, str, str]]
) -> None:
    access = DesiredAccess(tuple(wanted), ())
    there, _ = applied(plan(existing(rows), wanted=access), existing(rows))
    again = plan(there, wanted=access)
    assert not [step for step in again if step.action.writes]


@given(wishes, facts)
def test_writes_stay_where_they_belong(
    wanted: list[Assignment], rows: list[tuple[Scope, str, str, str, str, str]]
) -> None:
    wishes_by_key = {want.key for want in wanted}
    for step in plan(existing(rows), wanted=DesiredAccess(tuple(wanted), ())):
        if step.action is Action.DELETE:
            item = observed_from_json(step.before)
            assert item.ours
            assert item.principal_type == "Group"
            assert SUBSCRIPTION.contains(item.scope)
            assert item.key not in wishes_by_key
        elif step.action is Action.FOREIGN and step.after is None:
            assert SUBSCRIPTION.contains(step.scope)
        else:
            assert assignment_from_json(step.after).key in wishes_by_key
        if step.action is Action.MODIFY:
            assert observed_from_json(step.before).ours


def test_of_very_many_foreign_assignments_some_are_listed_and_all_counted() -> None:
    want = next(item for item in WANTED.assignments if SUBSCRIPTION.contains(item.scope))
    foreign = [
        replace(made(want, name=f"{number:04}", description="others"), principal=f"p-{number}")
        for number in range(FOREIGN_TOLD + 7)
    ]
    found = of(plan(foreign, wanted=DesiredAccess((), ())), Action.FOREIGN)
    assert len(found) == FOREIGN_TOLD + 1
    assert found[-1].title.startswith("7 more")
    assert plan(foreign[::-1], wanted=DesiredAccess((), ())) == tuple(found)
