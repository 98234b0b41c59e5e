from __future__ import annotations

import random
from fnmatch import fnmatchcase

import pytest

from coe_scaffold.access.effective import (
    expand,
    grants,
    known_operations,
    matches,
    operable,
    permits,
    reaches,
    role_lookup,
    verdicts,
)
from coe_scaffold.catalog import Permission, RoleDefinition, roles
from coe_scaffold.model.access import Assignment, PrincipalType, RoleRef
from coe_scaffold.model.scope import Scope

SUBSCRIPTION = Scope("/subscriptions/20000000-0000-4000-8000-000000000001")
GROUP = SUBSCRIPTION.group("rg-a")
ACCOUNT = GROUP.child("Microsoft.CognitiveServices/accounts", "aif")
PROJECT = GROUP.child("Microsoft.CognitiveServices/accounts/projects", "aif/proj")
FOUNDRY_USER = "53ca6127-db72-4b80-b1b0-d745d6d5456d"
CONTRIBUTOR = "b24988ac-6180-42a0-ab88-20f7382dd24c"
READER = "acdd72a7-3385-48ef-bd42-f606fba81ae7"
KEYS = "Microsoft.CognitiveServices/accounts/listKeys/action"


def assignment(scope: Scope, role: str, principal: str = "g") -> Assignment:
    return Assignment(scope, principal, PrincipalType.GROUP, RoleRef(role))


def naive(role: RoleDefinition, operation: str, *, data: bool) -> bool:
    """The oracle: expand by hand, with fnmatch, block by block."""
    for block in role.permissions:
        yes = block.data_actions if data else block.actions
        no = block.not_data_actions if data else block.not_actions
        granted = any(fnmatchcase(operation.lower(), pattern.lower()) for pattern in yes)
        taken = any(fnmatchcase(operation.lower(), pattern.lower()) for pattern in no)
        if granted and not taken:
            return True
    return False


def _named(role: RoleDefinition, chance: random.Random, *, data: bool) -> str:
    """Return an operation made from a pattern the role grants or takes back, or an empty string."""
    patterns = [
        pattern
        for block in role.permissions
        for pattern in (
            (*block.data_actions, *block.not_data_actions) if data else (*block.actions, *block.not_actions)
        )
    ]
    if not patterns:
        return ""
    return chance.choice(patterns).replace(
        "*", chance.choice(("Microsoft.A/b/read", "x/write", "keys/action"))
    )


def test_the_oracle_agrees_on_ten_thousand_pairs() -> None:
    chance = random.Random(20261124)
    everything = list(roles())
    operations = {data: known_operations(data=data) for data in (False, True)}
    lookup = role_lookup("mg-ai")
    agreed = allowed = 0
    for _ in range(10_000):
        data = chance.random() < 0.3
        held = chance.sample(everything, chance.randint(1, 4))
        operation = chance.choice(operations[data])
        if chance.random() < 0.7 and (named := _named(chance.choice(held), chance, data=data)):
            operation = named
        if chance.random() < 0.5:
            operation = operation.upper()
        expected = [role.guid for role in held if naive(role, operation, data=data)]
        found = grants(
            [assignment(SUBSCRIPTION, role.guid) for role in held], operation, lookup, data=data, on=GROUP
        )
        if operable(operation, GROUP, data=data):
            assert [grant.role.guid for grant in found] == expected, operation
            allowed += bool(found)
        else:
            assert not found
        agreed += 1
    assert agreed == 10_000
    assert allowed > 3000


def test_expand_agrees_with_asking_one_by_one() -> None:
    chance = random.Random(7)
    for role in chance.sample(list(roles()), 40):
        for data in (False, True):
            permitted = expand(role, data=data)
            for operation in chance.sample(known_operations(data=data), 60):
                assert (operation in permitted) is permits(role, operation, data=data)


@pytest.mark.parametrize(
    ("pattern", "operation", "expected"),
    [
        ("*", "Microsoft.Compute/virtualMachines/write", True),
        ("*/read", "Microsoft.Storage/storageAccounts/blobServices/containers/read", True),
        ("*/read", "Microsoft.Storage/storageAccounts/readers/action", False),
        ("Microsoft.Compute/*", "microsoft.compute/virtualMachines/start/action", True),
        ("Microsoft.Compute/*", "Microsoft.ComputeX/virtualMachines/write", False),
        ("Microsoft.Compute/*/read", "Microsoft.Compute/virtualMachines/extensions/read", True),
        ("Microsoft.X/a.b/read", "Microsoft.X/aXb/read", False),
        ("Microsoft.X/[ab]/read", "Microsoft.X/a/read", False),
    ],
)
def test_patterns(pattern: str, operation: str, *, expected: bool) -> None:
    assert matches(pattern, operation) is expected


def test_not_actions_subtract_in_their_own_block_only() -> None:
    role = RoleDefinition(
        "r",
        "Two blocks",
        (
            Permission(actions=("Microsoft.A/*",), not_actions=("Microsoft.A/keys/read",)),
            Permission(actions=("Microsoft.A/keys/read",), condition="@Resource[x] StringEquals 'y'"),
        ),
    )
    first, second = verdicts(role, "Microsoft.A/keys/read", data=False)
    assert (first.permits, first.excluded_by) == (False, "Microsoft.A/keys/read")
    assert (second.permits, second.block) == (True, 1)
    assert permits(role, "Microsoft.A/keys/read", data=False)
    assert "microsoft.a/keys/read" not in expand(role, data=False, unconditioned=True)


def test_data_actions_are_another_list() -> None:
    lookup = role_lookup("mg-ai")
    owner = lookup("8e3af657-a8ff-443c-a75c-2fe8c4bcb635")
    assert owner is not None
    assert owner.name == "Owner"
    read = "Microsoft.Storage/storageAccounts/blobServices/containers/blobs/read"
    assert not permits(owner, read, data=True)


def test_the_published_example_of_control_and_data_plane() -> None:
    """Alice owns the subscription, Bob may write blobs in one account (role-definitions.md)."""
    lookup = role_lookup("mg-ai")
    store = GROUP.child("Microsoft.Storage/storageAccounts", "st")
    alice = [assignment(SUBSCRIPTION, "8e3af657-a8ff-443c-a75c-2fe8c4bcb635", "alice")]
    bob = [assignment(store, "ba92f5b4-2d11-453d-a403-e96b0029c9fe", "bob")]
    containers = "Microsoft.Storage/storageAccounts/blobServices/containers"
    for verb in ("read", "write", "delete"):
        assert grants(alice, f"{containers}/{verb}", lookup, on=store)
        assert not grants(alice, f"{containers}/blobs/{verb}", lookup, data=True, on=store)
        assert grants(bob, f"{containers}/{verb}", lookup, on=store)
        assert grants(bob, f"{containers}/blobs/{verb}", lookup, data=True, on=store)
    assert not grants(bob, "Microsoft.Storage/storageAccounts/write", lookup, on=store)


def test_not_actions_are_no_deny_another_role_may_grant_what_they_take_back() -> None:
    lookup = role_lookup("mg-ai")
    assign = "Microsoft.Authorization/roleAssignments/write"
    contributor = assignment(SUBSCRIPTION, CONTRIBUTOR)
    administrator = assignment(GROUP, "18d7d88d-d35e-4fb5-a5c3-7773c20a72d9")
    assert not grants([contributor], assign, lookup, on=ACCOUNT)
    found = grants([contributor, administrator], assign, lookup, on=ACCOUNT)
    assert [grant.assignment for grant in found] == [administrator]
    assert not grants([contributor, administrator], assign, lookup, on=SUBSCRIPTION)


def test_listing_keys_is_out_of_reach_at_a_project_and_not_at_the_account() -> None:
    lookup = role_lookup("mg-ai")
    assert not grants([assignment(PROJECT, FOUNDRY_USER)], KEYS, lookup)
    assert grants([assignment(ACCOUNT, FOUNDRY_USER)], KEYS, lookup)
    assert grants([assignment(GROUP, CONTRIBUTOR)], KEYS, lookup, on=ACCOUNT)


def test_exactly_three_roles_assign_roles_without_a_condition() -> None:
    write = "microsoft.authorization/roleassignments/write"
    names = {role.name for role in roles() if write in expand(role, data=False, unconditioned=True)}
    assert names == {"Owner", "User Access Administrator", "Role Based Access Control Administrator"}


@pytest.mark.parametrize(
    ("operation", "scope", "data", "expected"),
    [
        ("Microsoft.CognitiveServices/accounts/deployments/write", ACCOUNT, False, True),
        ("Microsoft.CognitiveServices/accounts/deployments/write", PROJECT, False, False),
        ("Microsoft.CognitiveServices/accounts/AIServices/agents/write", PROJECT, True, True),
        ("Microsoft.Storage/storageAccounts/read", ACCOUNT, False, False),
        ("Microsoft.Authorization/roleAssignments/read", PROJECT, False, True),
        ("Microsoft.Resources/subscriptions/read", GROUP, False, False),
        ("Microsoft.Resources/subscriptions/resourceGroups/read", GROUP, False, True),
        ("Microsoft.Management/managementGroups/read", SUBSCRIPTION, False, False),
        ("Microsoft.Management/managementGroups/read", Scope.management_group("mg-ai"), False, True),
    ],
)
def test_an_operation_counts_only_where_it_can_be_made(
    operation: str, scope: Scope, *, data: bool, expected: bool
) -> None:
    assert operable(operation, scope, data=data) is expected


def test_a_container_sees_its_blobs_but_not_queues_beside_it() -> None:
    container = GROUP.child("Microsoft.Storage/storageAccounts/blobServices/containers", "st/default/data")
    blobs = "Microsoft.Storage/storageAccounts/blobServices/containers/blobs/read"
    queues = "Microsoft.Storage/storageAccounts/queueServices/queues/messages/read"
    assert operable(blobs, container, data=True)
    assert not operable(queues, container, data=True)


def test_inheritance_by_path_and_by_placement() -> None:
    mg = Scope.management_group("MG-AI")
    placement = {SUBSCRIPTION.subscription: ("mg-ai",)}
    assert reaches(mg, ACCOUNT, placement)
    assert not reaches(mg, ACCOUNT, {})
    assert not reaches(Scope.management_group("mg-other"), ACCOUNT, placement)
    assert reaches(SUBSCRIPTION, ACCOUNT, {})
    assert not reaches(ACCOUNT, GROUP, {})
    assert not reaches(GROUP, SUBSCRIPTION.group("rg-ab"), {})


def test_custom_roles_are_found_by_their_guid() -> None:
    from coe_scaffold.catalog import custom_role_guid

    role = role_lookup("mg-ai")(custom_role_guid("mg-ai", "CoE Model Deployer").upper())
    assert role is not None
    assert permits(role, "Microsoft.CognitiveServices/accounts/deployments/write", data=False)
    assert not permits(role, "Microsoft.CognitiveServices/accounts/raiPolicies/write", data=False)
    assert role_lookup("mg-other")(role.guid) is None
