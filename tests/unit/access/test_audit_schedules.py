"""Audit of eligible and time-bound roles: missing, unasked, ending, weakly activated, wrongly named."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

from coe_scaffold.access import desired, role_lookup
from coe_scaffold.access.audit_schedules import ScheduleScope, audit_schedules, named_roles
from coe_scaffold.model.access import Assignment, Mode
from coe_scaffold.model.schedules import SCHEDULE_TYPES, ActivationRules, ObservedSchedule
from coe_scaffold.model.settings import RowChange, RowVerb
from tests.fakes.landing import graph
from tests.fakes.workspace import settings

BASE = settings()
WANTED = desired(BASE, "prod", graph(BASE, "prod"))
GROUPS = BASE.governed
TODAY = date(2026, 11, 24)


def held(want: Assignment, **more: str) -> ObservedSchedule:
    return replace(
        ObservedSchedule(
            want.scope.child(SCHEDULE_TYPES[want.mode], want.name),
            want.scope,
            want.principal,
            "Group",
            want.role.guid,
            want.mode,
            want.condition,
            ends="2027-11-24T00:00:00Z",
        ),
        **more,  # type: ignore[arg-type]
    )


EVERYTHING = tuple(held(want) for want in WANTED.scheduled)


def rules_of(
    observed: tuple[ObservedSchedule, ...],
    rules: ActivationRules | None = None,
    *,
    principals: frozenset[str] | None = None,
) -> list[str]:
    scope = ScheduleScope(
        within=(BASE.environments["prod"].scope,),
        lookup=role_lookup("mg-ai"),
        functions=GROUPS,
        rules={policy.key: rules or policy.rules for policy in WANTED.policies},
        today=TODAY,
        renew_days=30,
        principals=principals,
    )
    return [f"{finding.rule} {finding.severity}" for finding in audit_schedules(WANTED, observed, scope)]


def test_what_is_as_wanted_has_no_finding() -> None:
    assert rules_of(EVERYTHING) == []
    assert rules_of((*EVERYTHING, replace(EVERYTHING[0], principal="stranger", activated=True))) == []


def test_a_missing_and_an_unasked_one_are_told() -> None:
    assert rules_of(EVERYTHING[1:]) == ["COE-AUD-01 medium"]
    stranger = held(WANTED.scheduled[0], principal="stranger")
    assert rules_of((*EVERYTHING, stranger)) == ["COE-AUD-02 medium"]
    strategist = next(group for group, name in GROUPS.items() if name == ("ai-strategist",))
    assert rules_of((*EVERYTHING, held(WANTED.scheduled[0], principal=strategist))) == ["COE-AUD-03 medium"]


def test_orphans_are_told_only_when_somebody_looked() -> None:
    assert rules_of(EVERYTHING, principals=frozenset(GROUPS)) == []
    gone = rules_of(EVERYTHING, principals=frozenset())
    assert gone == ["COE-AUD-06 medium"] * len(EVERYTHING)


def test_the_end_counts() -> None:
    assert rules_of((held(WANTED.scheduled[0], ends="2026-12-24T00:00:00Z"), *EVERYTHING[1:])) == [
        "COE-AUD-12 low"
    ]
    assert rules_of((held(WANTED.scheduled[0], ends="2026-12-25T00:00:00Z"), *EVERYTHING[1:])) == []
    eligible = next(item for item in WANTED.scheduled if item.mode is Mode.ELIGIBLE)
    others = tuple(item for item in EVERYTHING if (item.mode, item.key) != (eligible.mode, eligible.key))
    assert rules_of((held(eligible, ends=""), *others)) == ["COE-AUD-12 medium"]


def test_weaker_activation_is_high_and_a_longer_one_low() -> None:
    approvers = WANTED.policies[0].rules.approvers
    weak = ActivationRules("PT4H", (), approvers)
    assert set(rules_of(EVERYTHING, weak)) >= {"COE-AUD-13 high"}
    nobody = ActivationRules("PT4H", ("Justification", "MultiFactorAuthentication"))
    assert set(rules_of(EVERYTHING, nobody)) == {"COE-AUD-13 high"}


def test_a_role_by_an_old_name_is_told() -> None:
    change = RowChange(
        RowVerb.ADD, "ai-engineer", "dev", "foundry-project", "53ca6127-db72-4b80-b1b0-d745d6d5456d",
        "needed for tests", mode="eligible", name="Azure AI User", location="coe.yaml:50",
    )  # fmt: skip
    (finding,) = named_roles([change])
    assert finding.rule == "COE-AUD-14"
    assert "'Foundry User'" in finding.message
    assert not list(named_roles([replace(change, name="foundry user"), replace(change, name="")]))
