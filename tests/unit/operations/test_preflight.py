"""Checks before applying: what is missing is named, with the least role; what cannot be asked is unknown."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace

import pytest

from coe_scaffold.access.conditions import delegation_to_groups, delegation_to_service_principals
from coe_scaffold.errors import CloudError, CoeError
from coe_scaffold.model.access import ObservedAssignment, PermissionBlock
from coe_scaffold.model.access_json import observed_to_json
from coe_scaffold.model.estate import (
    Lock,
    NameState,
    OfferedModel,
    Quota,
    SoftDeleted,
    SubscriptionState,
)
from coe_scaffold.model.json import JsonObject, Unknown
from coe_scaffold.model.plan import Action, StepKind
from coe_scaffold.model.preflight import Check, Verdict
from coe_scaffold.model.resources import Resource, ResourceGraph
from coe_scaffold.model.scope import Scope
from coe_scaffold.operations.own_conditions import excluded_assignments
from coe_scaffold.operations.preflight import preflight, problems, refuse_hopeless
from coe_scaffold.planning.limited import without_access, without_steps, without_types
from tests.fakes.plans import FOUNDRY, GROUP, PROJECT, SUBSCRIPTION, sample
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
    own: tuple[ObservedAssignment, ...] = ()
    registered: str = "Registered"
    held: tuple[Lock, ...] = ()
    there: frozenset[str] = frozenset({PROJECT.resource_group.lower()})
    deleted: tuple[SoftDeleted, ...] = ()
    offered: tuple[OfferedModel, ...] = ()
    quotas: tuple[Quota, ...] = ()
    taken: dict[str, Scope | None] = field(default_factory=dict)
    asked: list[tuple[str, str]] = field(default_factory=list)
    failing: set[str] = field(default_factory=set)

    def subscription(self, subscription: Scope) -> SubscriptionState:
        if "subscription" in self.failing:
            raise CloudError("not there", code="SubscriptionNotFound")
        return SubscriptionState(subscription.name, "dev", self.tenant, self.state)

    def permissions(self, scope: Scope) -> tuple[PermissionBlock, ...]:
        return self.blocks

    def own_assignments(self, scope: Scope) -> tuple[ObservedAssignment, ...]:
        if "conditions" in self.failing:
            raise CloudError("the token does not say whose it is", code="CallerUnknown")
        if "reading" in self.failing:
            raise CloudError("not yours to read", code="AuthorizationFailed", status=403)
        return self.own

    def providers(self, subscription: Scope) -> Mapping[str, str]:
        names = ("network", "operationalinsights", "resources", "storage", "cognitiveservices")
        return {f"microsoft.{name}": self.registered for name in names}

    def groups(self, subscription: Scope) -> frozenset[str]:
        return self.there

    def locks(self, scope: Scope) -> tuple[Lock, ...]:
        return self.held

    def soft_deleted(self, subscription: Scope) -> tuple[SoftDeleted, ...]:
        if "names" in self.failing:
            raise CloudError("forbidden", code="AuthorizationFailed")
        return self.deleted

    def retained(self, resources: Iterable[Scope]) -> tuple[SoftDeleted, ...]:
        return ()

    def policies(self, subscription: Scope) -> tuple[JsonObject, ...]:
        return ()

    def name_state(self, subscription: Scope, resource_type: str, name: str) -> NameState:
        self.asked.append((resource_type, name))
        if "availability" in self.failing:
            raise CloudError("forbidden", code="AuthorizationFailed")
        return NameState(False, "it is already in use") if name in self.taken else NameState(True)

    def holder(self, subscription: Scope, resource_type: str, name: str) -> Scope | None:
        return self.taken[name]

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
    refuse_hopeless(checks, "dev")


def test_a_group_that_nothing_makes_must_be_there() -> None:
    absent = only(asked(Cloud(there=frozenset()), ACCOUNT))
    assert absent.name == "groups"
    assert f"{PROJECT.resource_group.lower()} is not there" in absent.message
    subnet = f"{SUBSCRIPTION.path}/resourceGroups/rg-shared/providers/Microsoft.Network/virtualNetworks/v"
    named = replace(ACCOUNT, body={"location": "x", "properties": {"networks": [{"id": subnet}]}})
    assert "rg-shared is not there" in only(asked(Cloud(), named)).message
    assert any(check.name == "groups" and check.verdict is Verdict.OK for check in asked(Cloud(), ACCOUNT))


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


ADMINISTRATOR = "f58310d9-a9f6-439a-9e8d-f62e7b41a168"


def administrator(condition: str) -> ObservedAssignment:
    identity = SUBSCRIPTION.child("Microsoft.Authorization/roleAssignments", "mine")
    return ObservedAssignment(identity, SUBSCRIPTION, "me", "ServicePrincipal", ADMINISTRATOR, condition)


def test_what_the_callers_own_condition_excludes_is_told_with_the_reason() -> None:
    to_machines = administrator(delegation_to_service_principals())
    found = [check for check in problems(asked(Cloud(own=(to_machines,)))) if check.name == "conditions"]
    assert found
    assert all(check.about_access for check in found)
    message = next(check.message for check in found if "Foundry User" in check.message)
    assert "giving Foundry User (53ca6127-db72-4b80-b1b0-d745d6d5456d) to a Group on" in message
    assert "your Role Based Access Control Administrator on" in message
    assert "PrincipalType Group is not ServicePrincipal" in message
    assert problems(asked(Cloud(own=(to_machines, administrator(""))))) == ()
    assert problems(asked(Cloud(own=()))) == ()


def test_a_caller_that_nobody_knows_is_asked_nothing() -> None:
    checks = [check for check in asked(Cloud(failing={"conditions"})) if check.name == "conditions"]
    assert [check.verdict for check in checks] == [Verdict.UNKNOWN]


def test_who_may_not_read_assignments_somewhere_is_no_riddle() -> None:
    checks = [check for check in asked(Cloud(failing={"reading"})) if check.name == "conditions"]
    assert [check.verdict for check in checks] == [Verdict.OK]


def test_taking_a_role_is_judged_by_what_exists() -> None:
    there = ObservedAssignment(
        PROJECT.child("Microsoft.Authorization/roleAssignments", "old"),
        PROJECT, GROUP, "Group", "b24988ac-6180-42a0-ab88-20f7382dd24c",
    )  # fmt: skip
    step = next(step for step in sample().steps if step.kind is StepKind.ROLE_ASSIGNMENT)
    taking = replace(step, action=Action.DELETE, before=observed_to_json(there), after=None)
    cloud = Cloud(own=(administrator(delegation_to_groups("mg-ai")),))
    plan = replace(sample(), steps=(taking,))
    (one,) = excluded_assignments(settings(), plan, ResourceGraph(()), cloud)
    assert str(one).startswith("taking Contributor (b24988ac-")
    assert "RoleDefinitionId b24988ac-6180-42a0-ab88-20f7382dd24c is not among the" in str(one)
    assert one.step == taking.id


def test_steps_are_left_out_with_what_waits_for_them() -> None:
    plan = sample()
    first = plan.writes[0]
    left = without_steps(plan, frozenset({first.id}))
    assert len(left.steps) == len(plan.steps) - 1
    assert all(first.id not in step.depends_on for step in left.steps)


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


DELETED = SoftDeleted(SUBSCRIPTION.child("a/b", "c"), FOUNDRY, location="x", until="2027-01-01")


@pytest.mark.parametrize(
    ("deleted", "message", "recover", "purge"),
    [
        (DELETED, "holds the name", True, True),
        (replace(DELETED, protected=True), "purge protection forbids", True, False),
        (replace(DELETED, location="elsewhere"), "it was in elsewhere, the plan wants x", False, True),
        (
            replace(DELETED, was=SUBSCRIPTION.group("rg-old").child(ACCOUNT.type, FOUNDRY.name)),
            "rg-old",
            False,
            True,
        ),
    ],
)
def test_a_name_that_a_deleted_account_holds_is_a_problem(
    deleted: SoftDeleted, message: str, *, recover: bool, purge: bool
) -> None:
    cloud = Cloud(deleted=(deleted,), taken={FOUNDRY.name: None})
    check = only(asked(cloud, ACCOUNT))
    assert message in check.message
    assert ("--recover-deleted" in check.fix, "--purge" in check.fix) == (recover, purge)
    assert cloud.asked == [], "what is known to be held is not asked for"


def test_a_name_of_somebody_else_is_a_problem_and_of_ones_own_says_where() -> None:
    account = replace(ACCOUNT, body={"location": "x", "properties": {"customSubDomainName": "sub"}})
    free = Cloud()
    checks = asked(free, account)
    assert problems(checks) == ()
    assert free.asked == [("Microsoft.CognitiveServices/accounts", "sub")], "its subdomain is what is unique"
    assert any("1 globally unique name is free" in check.message for check in checks)
    foreign = only(asked(Cloud(taken={"sub": None}), account))
    assert (
        "the name sub of Microsoft.CognitiveServices/accounts is not free: it is already" in foreign.message
    )
    own = only(
        asked(Cloud(taken={"sub": PROJECT.child("Microsoft.CognitiveServices/accounts", "z")}), account)
    )
    assert "taken by your own /subscriptions/" in own.message


@pytest.mark.parametrize(
    ("resource", "words"),
    [
        (replace(ACCOUNT, body={"properties": {"customSubDomainName": Unknown("x()")}}), "only after apply"),
        (Resource("Microsoft.Dashboard/grafana", "amg", "2024-10-01", PROJECT, {}), "no API tells"),
    ],
)
def test_a_name_that_cannot_be_asked_for_is_unknown(resource: Resource, words: str) -> None:
    checks = [check for check in asked(Cloud(), resource) if check.name == "names"]
    assert problems(checks) == ()
    assert words in next(check.message for check in checks if check.verdict is Verdict.UNKNOWN)


def test_what_cannot_be_asked_is_unknown() -> None:
    account = replace(ACCOUNT, body={"location": "x", "properties": {"customSubDomainName": "sub"}})
    one = next(check for check in asked(Cloud(failing={"availability"}), account) if check.name == "names")
    assert (one.verdict, one.message) == (Verdict.UNKNOWN, "forbidden")
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
        refuse_hopeless(asked(Cloud(state="Disabled", tenant="other")), "dev")
    assert "Disabled" in caught.value.detail
    assert "tenant" in caught.value.detail


def test_what_a_contributor_applies_gives_no_access() -> None:
    plan = without_access(sample())
    assert all(step.kind.value == "deployment" for step in plan.writes)
    assert len(plan.writes) == len([s for s in sample().writes if s.kind.value == "deployment"])


def test_assignments_leave_templates_of_both_shapes_with_what_waits_for_them() -> None:
    assignment = {"type": "Microsoft.Authorization/roleAssignments", "name": "a"}
    other = {"type": "Microsoft.Storage/storageAccounts", "name": "s", "dependsOn": ["give", "net"]}
    other["properties"] = "[variables('whole')]"
    nested = {
        "type": "Microsoft.Resources/deployments",
        "properties": {"template": {"resources": [assignment, {"type": "x/y"}]}},
    }
    kinds = {"microsoft.authorization/roleassignments", "microsoft.authorization/locks"}
    lock = {"type": "Microsoft.Authorization/locks", "name": "keep"}
    made = without_types({"resources": {"give": assignment, "s": other, "n": nested, "l": lock}}, kinds)
    assert set(made["resources"]) == {"s", "n"}
    assert made["resources"]["s"]["dependsOn"] == ["net"]
    assert made["resources"]["n"]["properties"]["template"]["resources"] == [{"type": "x/y"}]
