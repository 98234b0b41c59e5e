from __future__ import annotations

from dataclasses import replace

import pytest

from coe_scaffold.access import desired, role_lookup
from coe_scaffold.access.audit import AuditScope, audit
from coe_scaffold.model.access import Assignment, CustomRole, ObservedAssignment
from coe_scaffold.model.finding import Finding, Severity
from coe_scaffold.model.scope import Scope
from tests.fakes.landing import graph
from tests.fakes.workspace import settings

BASE = settings()
WANTED = desired(BASE, "dev", graph(BASE))
SUBSCRIPTION = BASE.environments["dev"].scope
OWNER = "8e3af657-a8ff-443c-a75c-2fe8c4bcb635"
READER = "acdd72a7-3385-48ef-bd42-f606fba81ae7"
STRANGER = "77777777-0000-4000-8000-000000000001"
ENGINEERS = BASE.groups("ai-engineer")[0].id


def there(want: Assignment) -> ObservedAssignment:
    path = want.scope.child("Microsoft.Authorization/roleAssignments", want.name)
    return ObservedAssignment(
        path, want.scope, want.principal, "Group", want.role.guid, want.condition, want.description
    )


def extra(
    role: str, principal: str = STRANGER, scope: Scope = SUBSCRIPTION, kind: str = "Group", **more: str
) -> ObservedAssignment:
    path = scope.child("Microsoft.Authorization/roleAssignments", "11111111-2222-4333-8444-555555555555")
    return ObservedAssignment(path, scope, principal, kind, role, **more)


APPLIED = [there(want) for want in WANTED.assignments]


def judge(
    observed: list[ObservedAssignment],
    roles: tuple[CustomRole, ...] = WANTED.custom_roles,
    principals: frozenset[str] | None = None,
    templates: frozenset[tuple[str, str]] = frozenset(),
) -> tuple[Finding, ...]:
    functions = BASE.governed
    scope = AuditScope((SUBSCRIPTION,), role_lookup("mg-ai"), functions, templates, principals)
    return audit(WANTED, observed, roles, scope)


def test_what_was_applied_has_nothing_wrong() -> None:
    assert judge(APPLIED) == ()


def test_a_missing_assignment_is_named() -> None:
    (finding,) = judge(APPLIED[1:])
    assert finding.rule == "COE-AUD-01"
    assert WANTED.assignments[0].role.name in finding.message


@pytest.mark.parametrize(
    ("role", "severity"),
    [
        (OWNER, Severity.CRITICAL),
        (READER, Severity.LOW),
        ("b24988ac-6180-42a0-ab88-20f7382dd24c", Severity.HIGH),
    ],
)
def test_a_stranger_is_rogue_and_as_bad_as_his_role(role: str, severity: Severity) -> None:
    found = [finding for finding in judge([*APPLIED, extra(role)]) if finding.rule == "COE-AUD-02"]
    assert [finding.severity for finding in found] == [severity]


def test_a_function_with_more_than_its_rows_is_over_privileged() -> None:
    found = judge([*APPLIED, extra("b24988ac-6180-42a0-ab88-20f7382dd24c", ENGINEERS)])
    assert [finding.rule for finding in found] == ["COE-AUD-03"]
    assert "AI Engineer holds Contributor" in found[0].message


def test_standing_where_it_should_be_eligible() -> None:
    eligible = next(item for item in WANTED.scheduled if item.role.name == "Contributor")
    found = judge([*APPLIED, there(eligible)])
    assert [finding.rule for finding in found] == ["COE-AUD-04"]
    assert found[0].blocks


def test_a_lost_condition_is_found() -> None:
    index = next(number for number, item in enumerate(APPLIED) if item.condition)
    changed = [*APPLIED]
    changed[index] = replace(changed[index], condition="")
    assert [finding.rule for finding in judge(changed)] == ["COE-AUD-05"]


def test_orphans_by_type_and_by_known_principals() -> None:
    found = judge([*APPLIED, extra(READER, kind="Unknown")])
    assert {finding.rule for finding in found} == {"COE-AUD-02", "COE-AUD-06"}
    known = frozenset(item.principal for item in APPLIED) - {ENGINEERS}
    assert {finding.rule for finding in judge(APPLIED, principals=known)} == {"COE-AUD-06"}


def test_an_inherited_or_repeated_assignment_adds_nothing() -> None:
    above = replace(
        APPLIED[-1], scope=SUBSCRIPTION, id=SUBSCRIPTION.child("Microsoft.Authorization/roleAssignments", "x")
    )
    assert "COE-AUD-07" in {finding.rule for finding in judge([*APPLIED, above])}


def test_users_unknown_roles_and_free_delegation() -> None:
    unknown = "12121212-0000-4000-8000-000000000000"
    assert {finding.rule for finding in judge([*APPLIED, extra(READER, kind="User")])} == {
        "COE-AUD-02",
        "COE-AUD-08",
    }
    assert "COE-AUD-10" in {finding.rule for finding in judge([*APPLIED, extra(unknown)])}
    assert "COE-AUD-09" in {finding.rule for finding in judge([*APPLIED, extra(OWNER)])}


def test_what_the_templates_assign_is_expected_only_while_they_do() -> None:
    made = extra(READER, kind="ServicePrincipal", description="coe-scaffold: plan identity")
    assert judge([*APPLIED, made], templates=frozenset({(SUBSCRIPTION.key, READER)})) == ()
    assert {finding.rule for finding in judge([*APPLIED, made])} == {"COE-AUD-02"}


def test_a_widened_custom_role_is_high_a_narrowed_one_medium() -> None:
    role = WANTED.custom_roles[0]
    rest = WANTED.custom_roles[1:]
    wider = replace(role, actions=(*role.actions, "Microsoft.Storage/storageAccounts/listKeys/action"))
    narrower = replace(role, actions=role.actions[1:])
    assert [finding.severity for finding in judge(APPLIED, (wider, *rest))] == [Severity.HIGH]
    assert [finding.severity for finding in judge(APPLIED, (narrower, *rest))] == [Severity.MEDIUM]


def test_outside_the_environment_nothing_is_rogue() -> None:
    elsewhere = Scope("/subscriptions/20000000-0000-4000-8000-000000000009")
    assert judge([*APPLIED, extra(READER, scope=elsewhere)]) == ()


def test_at_the_shared_management_group_only_functions_and_ours_are_judged() -> None:
    there = Scope.management_group("mg-ai")
    assert judge([*APPLIED, extra(OWNER, scope=there)])[0].rule == "COE-AUD-09"
    assert judge([*APPLIED, extra(READER, scope=there)]) == ()
    assert [finding.rule for finding in judge([*APPLIED, extra(READER, ENGINEERS, there)])] == ["COE-AUD-03"]
    ours = extra(READER, scope=there, description="coe-scaffold: ai-coe-lead: x")
    assert [finding.rule for finding in judge([*APPLIED, ours])] == ["COE-AUD-02"]


def test_more_than_three_owners_of_a_subscription_are_too_many() -> None:
    owners = [extra(OWNER, f"77777777-0000-4000-8000-00000000000{number}") for number in range(4)]
    assert "COE-AUD-16" not in [item.rule for item in judge([*APPLIED, *owners[1:]])]
    (one,) = [item for item in judge([*APPLIED, *owners]) if item.rule == "COE-AUD-16"]
    assert one.message.startswith("4 principals are Owner: 77777777-")
