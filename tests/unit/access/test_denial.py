"""Deny assignments: rules of deny-assignments.md, against a naive second implementation and by example."""

from __future__ import annotations

import random
from fnmatch import fnmatchcase

import pytest

from coe_scaffold.access.denial import concerns, covers, denial_of, forbids, partial_denials
from coe_scaffold.access.effective import Grant, grants, known_operations, operable, role_lookup
from coe_scaffold.catalog import RoleDefinition, roles
from coe_scaffold.model.access import (
    EVERYONE,
    Assignment,
    DenyAssignment,
    PermissionBlock,
    PrincipalType,
    RoleRef,
)
from coe_scaffold.model.scope import Scope

MANAGEMENT = Scope.management_group("mg-ai")
SUBSCRIPTION = Scope("/subscriptions/20000000-0000-4000-8000-000000000001")
GROUP = SUBSCRIPTION.group("rg-a")
STORE = GROUP.child("Microsoft.Storage/storageAccounts", "st")
CONTAINER = GROUP.child("Microsoft.Storage/storageAccounts/blobServices/containers", "st/default/data")
ACCOUNT = GROUP.child("Microsoft.CognitiveServices/accounts", "aif")
PLACES = (MANAGEMENT, SUBSCRIPTION, GROUP, STORE, CONTAINER, ACCOUNT, SUBSCRIPTION.group("rg-b"))
PLACEMENT = {SUBSCRIPTION.subscription: ("mg-ai",)}
WHO = ("10000000-aaaa-4000-8000-00000000000a", "20000000-bbbb-4000-8000-00000000000b")
DELETE = "Microsoft.Storage/storageAccounts/delete"
BLOB = "Microsoft.Storage/storageAccounts/blobServices/containers/blobs/read"
OWNER = "8e3af657-a8ff-443c-a75c-2fe8c4bcb635"
LOOKUP = role_lookup("mg-ai")


def deny(
    scope: Scope,
    *actions: str,
    principals: tuple[str, ...] = (EVERYONE,),
    excluded: tuple[str, ...] = (),
    inherited: bool = True,
    sparing: tuple[str, ...] = (),
    data: tuple[str, ...] = (),
) -> DenyAssignment:
    identity = scope.child("Microsoft.Authorization/denyAssignments", "d")
    block = PermissionBlock(actions, sparing, data)
    return DenyAssignment(
        identity, "no", scope, (block,), frozenset(principals), frozenset(excluded), inherited
    )


def held(scope: Scope, role: str = OWNER, principal: str = WHO[0]) -> Assignment:
    return Assignment(scope, principal, PrincipalType.GROUP, RoleRef(role))


def grant(scope: Scope, operation: str = DELETE, *, role: str = OWNER, data: bool = False) -> Grant:
    (found,) = grants([held(scope, role)], operation, LOOKUP, data=data)
    return found


def naive_scope(outer: Scope, inner: Scope) -> bool:
    """The oracle's inheritance: by the text of ids; everything here is below the management group."""
    above, below = outer.path.lower(), inner.path.lower()
    return above == MANAGEMENT.path.lower() or below == above or below.startswith(above + "/")


def naive(
    operation: str,
    place: Scope,
    own: list[tuple[Scope, RoleDefinition]],
    denials: list[DenyAssignment],
    principal: str,
    *,
    data: bool,
) -> bool:
    """The oracle: first is it denied, then is it granted; nothing shared with the code under test."""

    def any_of(patterns: tuple[str, ...]) -> bool:
        return any(fnmatchcase(operation.lower(), pattern.lower()) for pattern in patterns)

    for one in denials:
        everybody = {EVERYONE, principal} & set(one.principals)
        if not everybody or principal in one.excluded:
            continue
        here = one.scope.path.lower() == place.path.lower()
        if not here and not (one.inherited and naive_scope(one.scope, place)):
            continue
        for block in one.blocks:
            yes, no = (
                (block.data_actions, block.not_data_actions) if data else (block.actions, block.not_actions)
            )
            if any_of(yes) and not any_of(no):
                return False
    for scope, role in own:
        if naive_scope(scope, place):
            for permission in role.permissions:
                yes = permission.data_actions if data else permission.actions
                no = permission.not_data_actions if data else permission.not_actions
                if any_of(yes) and not any_of(no):
                    return True
    return False


def random_denial(chance: random.Random, operation: str, *, data: bool) -> DenyAssignment:
    parts = operation.split("/")
    pattern = chance.choice(
        ("*", f"*/{parts[-1]}", f"{parts[0]}/*", operation, "Microsoft.Other/*", f"{parts[0].upper()}/*/read")
    )
    spared = chance.choice(((), (), (operation,), (f"{parts[0]}/*",)))
    named = {"data": (pattern,)} if data else {}
    return deny(
        chance.choice(PLACES),
        *(() if data else (pattern,)),
        principals=chance.choice(((EVERYONE,), (WHO[0],), WHO, (WHO[1],))),
        excluded=chance.choice(((), (), (WHO[0],), (WHO[1],))),
        inherited=chance.random() < 0.7,
        sparing=() if data else spared,
        **named,
    )


def test_the_oracle_agrees_on_ten_thousand_sets_of_roles_and_denials() -> None:
    chance = random.Random(20261129)
    everything = list(roles())
    operations = {data: known_operations(data=data) for data in (False, True)}
    outcomes = {True: 0, False: 0}
    denied = 0
    for _ in range(10_000):
        data = chance.random() < 0.3
        principal = chance.choice(WHO)
        operation = chance.choice(operations[data])
        # Half of the time by those who may do almost everything: else almost all is refused by the roles.
        picked = chance.sample(everything, 2)
        if chance.random() < 0.8:
            picked.append(next(role for role in everything if role.guid == OWNER))
        own = [(chance.choice(PLACES[:3]), role) for role in picked]
        place = chance.choice(PLACES[2:6])
        if not operable(operation, place, data=data):
            place = GROUP
        denials = [random_denial(chance, operation, data=data) for _ in range(chance.randint(1, 3))]
        found = grants(
            [held(scope, role.guid, principal) for scope, role in own],
            operation,
            LOOKUP,
            data=data,
            on=place,
            placement=PLACEMENT,
        )
        left = [
            one
            for one in found
            if not denial_of(one, operation, denials, data=data, on=place, placement=PLACEMENT)
        ]
        if operable(operation, place, data=data):
            expected = naive(operation, place, own, denials, principal, data=data)
            assert bool(left) is expected, (operation, place, denials)
            outcomes[expected] += 1
            denied += bool(found) and not left
    assert min(outcomes.values()) > 1000
    assert denied > 500


def test_a_deny_assignment_wins_over_every_role() -> None:
    assert denial_of(grant(SUBSCRIPTION), DELETE, [deny(STORE, "*/delete")], on=STORE)
    assert denial_of(grant(STORE), DELETE, [deny(SUBSCRIPTION, "*/delete")], on=STORE)
    assert not denial_of(grant(STORE), DELETE, [deny(SUBSCRIPTION, "*/write")], on=STORE)


def test_not_actions_are_spared_and_data_actions_are_another_list() -> None:
    assert forbids(deny(STORE, "*"), DELETE)
    assert not forbids(deny(STORE, "*", sparing=(DELETE.upper(),)), DELETE)
    assert not forbids(deny(STORE, "*"), BLOB, data=True)
    assert forbids(deny(STORE, data=("Microsoft.Storage/*",)), BLOB, data=True)


def test_excluded_principals_are_spared_even_where_everybody_is_denied() -> None:
    assert concerns(deny(STORE, "*"), WHO[0].upper())
    assert not concerns(deny(STORE, "*", excluded=(WHO[0],)), WHO[0].upper())
    assert not concerns(deny(STORE, "*", principals=(WHO[1],)), WHO[0])


def test_without_child_scopes_it_holds_at_its_own_scope_only() -> None:
    alone = deny(GROUP, "*", inherited=False)
    assert covers(alone, GROUP, {})
    assert not covers(alone, STORE, {})
    assert covers(deny(MANAGEMENT, "*"), STORE, PLACEMENT)
    assert not covers(deny(MANAGEMENT, "*"), STORE, {})


@pytest.mark.parametrize(
    ("scope", "denial", "denied"),
    [
        (STORE, deny(STORE, "*", inherited=False), True),
        (GROUP, deny(GROUP, "*", inherited=False), False),
        (GROUP, deny(STORE, "*"), False),
        (GROUP, deny(SUBSCRIPTION, "*"), True),
    ],
)
def test_asked_for_anywhere_only_what_takes_everything_counts(
    scope: Scope, denial: DenyAssignment, *, denied: bool
) -> None:
    assert bool(denial_of(grant(scope), DELETE, [denial])) is denied


def test_what_is_denied_below_a_grant_is_told() -> None:
    below, beside = deny(STORE, "*/delete"), deny(ACCOUNT, "*/write")
    assert partial_denials(grant(GROUP), DELETE, [below, beside]) == (below,)
    assert partial_denials(grant(STORE), DELETE, [below]) == ()
