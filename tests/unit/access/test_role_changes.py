from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest

from coe_scaffold.access.role_changes import LiveRole, role_changes
from coe_scaffold.catalog import Permission, RoleDefinition, roles
from coe_scaffold.model.finding import Finding, Outcome, Severity

TODAY = date(2026, 11, 24)
FOUNDRY_USER = "53ca6127-db72-4b80-b1b0-d745d6d5456d"
KEYS = "Microsoft.Storage/storageAccounts/listKeys/action"
NOW = {role.guid: LiveRole(role) for role in roles()}


def changed(
    guid: str, *, updated: date | None = None, name: str = "", more: str = "", less: int = 0
) -> LiveRole:
    role = NOW[guid].definition
    block = role.permissions[0]
    actions = (*block.actions[less:], *((more,) if more else ()))
    permissions = (replace(block, actions=actions), *role.permissions[1:])
    return LiveRole(replace(role, name=name or role.name, permissions=permissions), updated)


def judge(*live: LiveRole) -> tuple[Finding, ...]:
    return role_changes(roles(), {**NOW, **{item.definition.guid: item for item in live}}.values(), TODAY)


def test_nothing_changed() -> None:
    assert judge() == ()


def test_a_rename_is_told_and_blocks_nothing() -> None:
    (finding,) = judge(changed(FOUNDRY_USER, name="Azure AI User"))
    assert finding.rule == "COE-ROL-01"
    assert not finding.blocks


def test_a_role_that_permits_more_blocks_and_names_what() -> None:
    (finding,) = judge(changed(FOUNDRY_USER, more=KEYS))
    assert (finding.rule, finding.severity, finding.outcome) == ("COE-ROL-02", Severity.HIGH, Outcome.FAIL)
    assert KEYS.lower() in finding.message


@pytest.mark.parametrize(
    ("day", "outcome"), [(24, Outcome.UNKNOWN), (22, Outcome.UNKNOWN), (21, Outcome.FAIL)]
)
def test_a_change_younger_than_three_days_may_be_rolled_back(day: int, outcome: Outcome) -> None:
    (finding,) = judge(changed(FOUNDRY_USER, more=KEYS, updated=date(2026, 11, day)))
    assert finding.outcome is outcome
    assert finding.blocks is (outcome is Outcome.FAIL)


def test_a_role_that_permits_less_is_medium() -> None:
    (finding,) = judge(changed(FOUNDRY_USER, less=3))
    assert finding.severity is Severity.MEDIUM
    assert "no longer permits" in finding.message


def test_writing_the_same_permissions_differently_is_no_change() -> None:
    role = NOW[FOUNDRY_USER].definition
    block = role.permissions[0]
    again = replace(role, permissions=(replace(block, actions=(*block.actions[::-1], block.actions[0])),))
    assert judge(LiveRole(again)) == ()


def test_a_pattern_inside_another_is_no_change() -> None:
    assert judge(changed(FOUNDRY_USER, more="Microsoft.Support/supportTickets/*")) == ()


def test_a_missing_role_counts_when_the_matrix_uses_it() -> None:
    live = [item for guid, item in NOW.items() if guid != FOUNDRY_USER]
    assert [finding.rule for finding in role_changes(roles(), live, TODAY)] == ["COE-ROL-03"]
    unused = next(role for role in roles() if role.name == "AcrDelete").guid
    live = [item for guid, item in NOW.items() if guid != unused]
    assert role_changes(roles(), live, TODAY) == ()


def test_a_new_role_counts_when_it_may_assign_roles() -> None:
    write = "Microsoft.Authorization/roleAssignments/write"
    free = RoleDefinition("0" * 8, "Free", (Permission(actions=(write,)),))
    bound = RoleDefinition("1" * 8, "Bound", (Permission(actions=(write,), condition="Exists @Request[a]"),))
    found = judge(LiveRole(free), LiveRole(bound))
    assert [(finding.rule, finding.subject) for finding in found] == [("COE-ROL-04", "0" * 8)]
