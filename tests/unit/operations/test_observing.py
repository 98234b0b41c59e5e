"""What the caller may not read of the management group stops an audit and is a note of a plan."""

from __future__ import annotations

from dataclasses import replace

import pytest

from coe_scaffold.access.desired import DesiredAccess
from coe_scaffold.errors import CloudError
from coe_scaffold.model.access import ObservedAssignment, RoleRef
from coe_scaffold.model.schedules import ActivationRules, RolePolicy
from coe_scaffold.model.scope import Scope, ScopeKind
from coe_scaffold.operations.observing import ObservedAccess, observe_access
from tests.fakes.cloud import DEFAULT_RULES, FakeCloud
from tests.fakes.workspace import settings

ASSIGNMENT = "Microsoft.Authorization/roleAssignments"
NOTHING = DesiredAccess((), ())


class Closed(FakeCloud):
    """A cloud whose management group answers with a status."""

    def __init__(self, status: int) -> None:
        super().__init__()
        self.status = status

    def role_assignments(self, scope: Scope, *, inherited: bool = False) -> tuple[ObservedAssignment, ...]:
        if scope.kind is ScopeKind.MANAGEMENT_GROUP:
            raise CloudError("not for you", code="AuthorizationFailed", status=self.status)
        return super().role_assignments(scope, inherited=inherited)


def test_a_plan_names_the_management_group_that_it_could_not_read() -> None:
    found = observe_access(settings(), "dev", Closed(403), NOTHING, partly=True)
    assert found.unread == (Scope.management_group(settings().organisation.management_group),)
    assert observe_access(settings(), "dev", FakeCloud(), NOTHING, partly=True).unread == ()


def test_what_the_subscription_inherits_is_known_all_the_same() -> None:
    management_group = Scope.management_group(settings().organisation.management_group)
    subscription = settings().environments["dev"].scope
    cloud = Closed(403)
    for number, scope in enumerate((management_group, subscription, Scope("/"))):
        item = ObservedAssignment(scope.child(ASSIGNMENT, f"{number}"), scope, "g", "Group", "r")
        cloud.assignments[item.id] = item
    found = observe_access(settings(), "dev", cloud, NOTHING, partly=True)
    assert {item.scope for item in found.assignments} == {management_group, subscription}


def test_a_repository_alone_sees_only_what_is_held_in_its_groups() -> None:
    subscription = settings().environments["dev"].scope
    group = subscription.group("rg-own")
    places = (Scope("/"), subscription, subscription.group("rg-own-too"), group, group.child(ASSIGNMENT, "x"))
    items = tuple(
        ObservedAssignment(scope.child(ASSIGNMENT, f"{number}"), scope, "g", "Group", "r")
        for number, scope in enumerate(places)
    )
    found = ObservedAccess(items, ()).inside((group,))
    assert [item.scope for item in found.assignments] == [*places[3:]]


@pytest.mark.parametrize(("status", "partly"), [(403, False), (500, True)])
def test_an_audit_and_any_other_failure_stop(status: int, *, partly: bool) -> None:
    with pytest.raises(CloudError, match="not for you"):
        observe_access(settings(), "dev", Closed(status), NOTHING, partly=partly)


def test_activation_rules_are_asked_for_in_groups_that_exist_only() -> None:
    subscription = settings().environments["dev"].scope
    there, missing = subscription.group("rg-there"), subscription.group("rg-missing")
    asked: list[Scope] = []

    class Asked(FakeCloud):
        def activation_rules(self, scope: Scope, role: str) -> ActivationRules | None:
            asked.append(scope)
            return super().activation_rules(scope, role)

    cloud = Asked()
    cloud.bodies[subscription.group("RG-There")] = {}
    wanted = ActivationRules("PT4H")
    policies = tuple(RolePolicy(scope, RoleRef("r"), wanted) for scope in (there, missing, subscription))
    found = observe_access(settings(), "dev", cloud, replace(NOTHING, policies=policies))
    assert sorted(asked) == sorted((there, subscription))
    assert found.rules == {
        (there.key, "r"): DEFAULT_RULES,
        (missing.key, "r"): None,
        (subscription.key, "r"): DEFAULT_RULES,
    }
