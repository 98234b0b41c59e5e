"""Checks before applying: what is missing is named, with the least role; what cannot be asked is unknown."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace

import pytest

from coe_scaffold.errors import CloudError, CoeError
from coe_scaffold.model.access import PermissionBlock
from coe_scaffold.model.estate import Lock, OfferedModel, Quota, SoftDeleted, SubscriptionState
from coe_scaffold.model.resources import Resource, ResourceGraph
from coe_scaffold.model.scope import Scope
from coe_scaffold.operations.preflight import Check, Verdict, preflight, problems, refuse_hopeless
from coe_scaffold.planning.limited import without_access, without_assignments
from tests.fakes.plans import FOUNDRY, PROJECT, SUBSCRIPTION, sample
from tests.fakes.workspace import TENANT, settings

MODEL = Resource(
    "Microsoft.CognitiveServices/accounts/deployments",
    f"{FOUNDRY.name}/chat",
    "2025-06-01",
    PROJECT,
    {"sku": {"name": "Standard", "capacity": 10}, "properties": {"model": {"name": "m", "version": "1"}}},
)
ACCOUNT = Resource(
    "Microsoft.CognitiveServices/accounts", FOUNDRY.name, "2025-06-01", PROJECT, {"location": "x"}
)


@dataclass
class Cloud:
    """An inspector whose answers a test sets."""

    state: str = "Enabled"
    tenant: str = TENANT
    blocks: tuple[PermissionBlock, ...] = (PermissionBlock(("*",)),)
    registered: str = "Registered"
    held: tuple[Lock, ...] = ()
    deleted: tuple[SoftDeleted, ...] = ()
    offered: tuple[OfferedModel, ...] = ()
    quotas: tuple[Quota, ...] = ()
    failing: set[str] = field(default_factory=set)

    def subscription(self, subscription: Scope) -> SubscriptionState:
        if "subscription" in self.failing:
            raise CloudError("not there", code="SubscriptionNotFound")
        return SubscriptionState(subscription.name, "dev", self.tenant, self.state)

    def permissions(self, scope: Scope) -> tuple[PermissionBlock, ...]:
        return self.blocks

    def providers(self, subscription: Scope) -> Mapping[str, str]:
        names = ("network", "operationalinsights", "resources", "storage", "cognitiveservices")
        return {f"microsoft.{name}": self.registered for name in names}

    def locks(self, scope: Scope) -> tuple[Lock, ...]:
        return self.held

    def soft_deleted(self, subscription: Scope) -> tuple[SoftDeleted, ...]:
        if "names" in self.failing:
            raise CloudError("forbidden", code="AuthorizationFailed")
        return self.deleted

    def offered_models(self, subscription: Scope, location: str) -> tuple[OfferedModel, ...]:
        return self.offered

    def model_quotas(self, subscription: Scope, location: str) -> tuple[Quota, ...]:
        return self.quotas


def asked(cloud: Cloud, *resources: Resource) -> tuple[Check, ...]:
    plan = sample()
    if resources:
        step = plan.steps[0]
        change = next(one for s in plan.steps for one in s.changes)
        more = tuple(replace(change, resource=one.id, delta=()) for one in resources)
        plan = replace(plan, steps=(replace(plan.writes[0], changes=more), step))
    return preflight(settings(), "dev", plan, ResourceGraph(resources), cloud)


def only(checks: tuple[Check, ...]) -> Check:
    found = problems(checks)
    assert len(found) == 1, found
    return found[0]


def test_nothing_speaks_against_it() -> None:
    checks = asked(Cloud())
    assert problems(checks) == ()
    refuse_hopeless(checks)


def test_another_tenant_a_disabled_and_an_unknown_subscription_are_problems() -> None:
    assert only(asked(Cloud(tenant="other"))).name == "tenant"
    assert "is Disabled" in only(asked(Cloud(state="Disabled"))).message
    assert only(asked(Cloud(failing={"subscription"}))).message == "not there"


def test_a_contributor_lacks_only_the_right_to_give_access_and_the_least_role_is_named() -> None:
    block = PermissionBlock(("*",), ("Microsoft.Authorization/*/Write", "Microsoft.Authorization/*/Delete"))
    missing = problems(asked(Cloud(blocks=(block,))))
    assert missing
    assert all(check.about_access for check in missing if "role" in check.action.lower())
    assign = next(check for check in missing if check.action.endswith("roleAssignments/write"))
    assert assign.fix == "Ask for the role Role Based Access Control Administrator there."
    assert assign.scope == SUBSCRIPTION.path


def test_a_reader_lacks_every_action_by_name() -> None:
    actions = {check.action for check in problems(asked(Cloud(blocks=(PermissionBlock(("*/read",)),))))}
    assert "Microsoft.Resources/deployments/write" in actions
    assert "Microsoft.Network/virtualNetworks/write" in actions


def test_missing_providers_are_named() -> None:
    names = {check.message.split()[2] for check in problems(asked(Cloud(registered="NotRegistered")))}
    assert "Microsoft.Network" in names


def test_a_read_only_lock_is_in_the_way_and_one_against_deletion_is_not() -> None:
    lock = Lock(SUBSCRIPTION.child("Microsoft.Authorization/locks", "keep"), "CanNotDelete")
    assert problems(asked(Cloud(held=(lock,)))) == ()
    assert only(asked(Cloud(held=(replace(lock, level="ReadOnly"),)))).name == "locks"


def test_a_name_that_a_deleted_account_holds_is_a_problem() -> None:
    deleted = SoftDeleted(SUBSCRIPTION.child("a/b", "c"), FOUNDRY, until="2027-01-01")
    check = only(asked(Cloud(deleted=(deleted,)), ACCOUNT))
    assert "holds the name" in check.message
    unknown = asked(Cloud(failing={"names"}), ACCOUNT)
    assert problems(unknown) == ()
    assert next(check for check in unknown if check.name == "names").verdict is Verdict.UNKNOWN


@pytest.mark.parametrize(
    ("offered", "quotas", "verdict", "words"),
    [
        ((), (), Verdict.UNKNOWN, "lists no models"),
        ((OfferedModel("OpenAI", "m", "2", "Standard"),), (), Verdict.PROBLEM, "is not offered"),
        ((OfferedModel("OpenAI", "m", "1", "Standard"),), (), Verdict.UNKNOWN, "tells no quota"),
        (
            (OfferedModel("OpenAI", "m", "1", "Standard"),),
            (Quota("OpenAI.Standard.m", 95, 100),),
            Verdict.PROBLEM,
            "5 of 100 left, 10 needed",
        ),
        (
            (OfferedModel("OpenAI", "m", "1", "Standard"),),
            (Quota("OpenAI.Standard.m", 0, 100),),
            Verdict.OK,
            "100 of 100 left",
        ),
    ],
)
def test_models_and_quota(
    offered: tuple[OfferedModel, ...], quotas: tuple[Quota, ...], verdict: Verdict, words: str
) -> None:
    checks = asked(Cloud(offered=offered, quotas=quotas), ACCOUNT, MODEL)
    check = next(check for check in checks if check.name == "models")
    assert check.verdict is verdict
    assert words in check.message


def test_refusing_tells_every_reason_at_once() -> None:
    with pytest.raises(CoeError, match="2 checks before applying failed") as caught:
        refuse_hopeless(asked(Cloud(state="Disabled", tenant="other")))
    assert "Disabled" in caught.value.detail
    assert "tenant" in caught.value.detail


def test_what_a_contributor_applies_gives_no_access() -> None:
    plan = without_access(sample())
    assert all(step.kind.value == "deployment" for step in plan.writes)
    assert len(plan.writes) == len([s for s in sample().writes if s.kind.value == "deployment"])


def test_assignments_leave_templates_of_both_shapes_with_what_waits_for_them() -> None:
    assignment = {"type": "Microsoft.Authorization/roleAssignments", "name": "a"}
    other = {"type": "Microsoft.Storage/storageAccounts", "name": "s", "dependsOn": ["give", "net"]}
    nested = {
        "type": "Microsoft.Resources/deployments",
        "properties": {"template": {"resources": [assignment, {"type": "x/y"}]}},
    }
    made = without_assignments({"resources": {"give": assignment, "s": other, "n": nested}})
    assert set(made["resources"]) == {"s", "n"}
    assert made["resources"]["s"]["dependsOn"] == ["net"]
    assert made["resources"]["n"]["properties"]["template"]["resources"] == [{"type": "x/y"}]
