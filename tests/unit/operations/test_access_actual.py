"""Questions about what exists: standing, eligible and time-bound roles, and deny assignments."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest

from coe_scaffold.access import desired
from coe_scaffold.model.access import (
    EVERYONE,
    CustomRole,
    DenyAssignment,
    Mode,
    ObservedAssignment,
    PermissionBlock,
    RoleRef,
)
from coe_scaffold.model.schedules import SCHEDULE_TYPES, ObservedSchedule
from coe_scaffold.model.scope import Scope
from coe_scaffold.operations.access import Answer, can, explain
from coe_scaffold.operations.access_audit import audit
from coe_scaffold.operations.observing import ObservedAccess, actual_access
from tests.fakes.landing import graph
from tests.fakes.workspace import settings

BASE = settings()
STORE_DELETE = "Microsoft.Storage/storageAccounts/delete"


def group(name: str, environment: str) -> Scope:
    return BASE.environments[environment].scope.group(name)


def existing(mode: Mode, role: str, scope: Scope, principal: str) -> ObservedAccess:
    """What exists when one principal holds one role."""
    kind = "Microsoft.Authorization/roleAssignments"
    if mode is Mode.STANDING:
        one = ObservedAssignment(scope.child(kind, "a"), scope, principal, "Group", role)
        return ObservedAccess((one,), ())
    held = ObservedSchedule(scope.child(SCHEDULE_TYPES[mode], "s"), scope, principal, "Group", role, mode)
    return ObservedAccess((), (), (held,))


def denial(scope: Scope, *actions: str, excluded: str = "") -> DenyAssignment:
    return DenyAssignment(
        scope.child("Microsoft.Authorization/denyAssignments", "d"),
        "Deny assignment of a stack",
        scope,
        (PermissionBlock(actions),),
        frozenset({EVERYONE}),
        frozenset({excluded} if excluded else ()),
    )


@pytest.mark.parametrize("mode", list(Mode))
def test_what_exists_is_asked_with_its_deny_assignments(mode: Mode) -> None:
    place = group("rg-live", "dev")
    (engineers,) = BASE.functions["ai-engineer"]
    there = existing(mode, "b24988ac-6180-42a0-ab88-20f7382dd24c", place, engineers.id.upper())

    def asked(*denials: DenyAssignment, function: str = "ai-engineer", standing: bool = False) -> Answer:
        actual = actual_access(BASE, replace(there, denials=denials))
        return can(BASE, function, STORE_DELETE, "dev", None, actual=actual, standing=standing)

    assert asked().allowed
    assert asked().granted[0].assignment.mode is mode
    assert asked(standing=True).allowed is (mode is Mode.STANDING)
    assert not asked(function="ai-strategist").allowed
    denied = asked(denial(BASE.environments["dev"].scope, "*/delete"))
    assert not denied.allowed
    assert "Deny assignment of a stack at /subscriptions/" in denied.denied[0]
    assert asked(denial(place, "*/write")).allowed
    assert asked(denial(place, "*", excluded=engineers.id.lower())).allowed
    below = place.child("Microsoft.Storage/storageAccounts", "st")
    partly = asked(denial(below, "*/delete"))
    assert partly.allowed
    assert partly.limits == (f"{below}: Deny assignment of a stack",)


def test_a_group_that_fills_two_functions_answers_for_both() -> None:
    (engineers,) = BASE.functions["ai-engineer"]
    shared = replace(BASE, functions={**BASE.functions, "data-engineer": (engineers,)})
    there = existing(Mode.STANDING, "acdd72a7-3385-48ef-bd42-f606fba81ae7", group("rg", "dev"), engineers.id)
    actual = actual_access(shared, there)
    assert {item.function for item in actual.assignments} == {"ai-engineer", "data-engineer"}


def test_custom_roles_that_exist_count_as_they_are() -> None:
    (engineers,) = BASE.functions["ai-engineer"]
    place = group("rg-live", "dev")
    own = CustomRole(RoleRef("90000000-0000-4000-8000-000000000009", "Own"), place, "", (STORE_DELETE,))
    there = existing(Mode.STANDING, own.role.guid.upper(), place, engineers.id)
    actual = actual_access(BASE, replace(there, roles=(own,)))
    answer = can(BASE, "ai-engineer", STORE_DELETE, "dev", None, actual=actual)
    assert answer.granted[0].assignment.role.name == "Own"


def test_explaining_what_exists_tells_which_deny_assignments_narrow_it() -> None:
    (engineers,) = BASE.functions["ai-engineer"]
    place = group("rg-live", "dev")
    there = existing(Mode.STANDING, "acdd72a7-3385-48ef-bd42-f606fba81ae7", place, engineers.id)
    denials = (denial(place, "*"), denial(group("rg-other", "dev"), "*"))
    (row,) = explain(
        BASE, "ai-engineer", "dev", None, actual=actual_access(BASE, replace(there, denials=denials))
    )
    assert row.denials == (f"Deny assignment of a stack at {place}",)


def test_the_audit_tells_what_a_deny_assignment_takes_from_the_matrix() -> None:
    found = graph(BASE)
    wanted = desired(BASE, "dev", found)
    subscription = BASE.environments["dev"].scope
    there = ObservedAccess((), wanted.custom_roles, denials=(denial(subscription, "*/delete"),))
    judged = audit(BASE, "dev", found, wanted, there, today=date(2026, 11, 24))
    (one,) = [item for item in judged if item.rule == "COE-AUD-15"]
    assert "AI Engineer (Contributor)" in one.message
    assert not one.blocks
    harmless = replace(there, denials=(denial(subscription, "Microsoft.Other/*"),))
    judged = audit(BASE, "dev", found, wanted, harmless, today=date(2026, 11, 24))
    assert "COE-AUD-15" not in [item.rule for item in judged]
