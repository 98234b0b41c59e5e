from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from coe_scaffold.access.abac import ConditionError, holds, may_assign, parse, why_not
from coe_scaffold.access.conditions import (
    delegation,
    delegation_to_groups,
    delegation_to_service_principals,
    repository_prefix,
)
from coe_scaffold.catalog import roles
from coe_scaffold.model.access import PrincipalType

READER = "acdd72a7-3385-48ef-bd42-f606fba81ae7"
OWNER = "8e3af657-a8ff-443c-a75c-2fe8c4bcb635"
CONTRIBUTOR = "b24988ac-6180-42a0-ab88-20f7382dd24c"
SEARCH = "1407120a-92aa-4202-b7e9-c0e197c71c8f"
PUSH = "Microsoft.ContainerRegistry/registries/repositories/content/write"
NAME = "request[microsoft.containerregistry/registries/repositories:name]"


def test_every_condition_in_the_role_catalogue_can_be_read() -> None:
    conditions = [block.condition for role in roles() for block in role.permissions if block.condition]
    assert len(conditions) == 31
    for condition in conditions:
        parse(condition)


@pytest.mark.parametrize("verb", ["write", "delete"])
def test_a_delegate_assigns_listed_roles_to_the_listed_type_only(verb: str) -> None:
    groups, machines = delegation_to_groups("mg-ai"), delegation_to_service_principals()

    def may(condition: str, role: str, kind: PrincipalType) -> bool:
        return may_assign(condition, verb=verb, role=role, principal="p", principal_type=kind)

    assert may(groups, READER.upper(), PrincipalType.GROUP)
    assert not may(groups, READER, PrincipalType.USER)
    assert not may(groups, OWNER, PrincipalType.GROUP)
    assert may(machines, SEARCH, PrincipalType.SERVICE_PRINCIPAL)
    assert not may(machines, SEARCH, PrincipalType.GROUP)
    assert not may(machines, READER, PrincipalType.SERVICE_PRINCIPAL)
    assert may("", OWNER, PrincipalType.USER)


def test_a_foundry_project_manager_assigns_two_roles() -> None:
    manager = roles().named("Foundry Project Manager")[0]
    condition = next(block.condition for block in manager.permissions if block.condition)
    given_roles = [
        role.name
        for role in roles()
        if may_assign(
            condition, verb="write", role=role.guid, principal="p", principal_type=PrincipalType.USER
        )
    ]
    assert sorted(given_roles) == ["Foundry Agent Consumer", "Foundry User"]


def test_a_repository_prefix_confines_pushes_and_nothing_else() -> None:
    condition = repository_prefix(["claims-chat", "fraud"])
    assert holds(condition, PUSH, {NAME: ("claims-chat/api",)})
    assert holds(condition, PUSH.upper(), {NAME: ("FRAUD/api",)})
    assert not holds(condition, PUSH, {NAME: ("claims-chat-2/api",)})
    assert not holds(condition, PUSH, {})
    assert holds(condition, "Microsoft.ContainerRegistry/registries/read", {})


@pytest.mark.parametrize(
    ("condition", "expected"),
    [
        ("@Resource[a] StringEquals 'x'", True),
        ("@Resource[a] StringEquals 'X'", False),
        ("@Resource[a] StringEqualsIgnoreCase 'X'", True),
        ("@Resource[a] StringNotEquals 'y'", True),
        ("@Resource[missing] StringNotEquals 'y'", False),
        ("@Resource[a] StringLike 'x*' AND NOT @Resource[n] NumericLessThan 5", True),
        ("@Resource[n] NumericGreaterThanEquals 10", True),
        ("@Resource[n] NumericGreaterThan 9", True),
        ("@Resource[many] ForAllOfAnyValues:StringEquals {'p', 'q', 'r'}", True),
        ("@Resource[many] ForAllOfAnyValues:StringEquals {'p'}", False),
        ("@Resource[many] ForAnyOfAnyValues:StringEquals {'p'}", True),
        ("@Resource[many] ForAnyOfAllValues:StringEquals {'p', 'q'}", False),
        ("Exists @Resource[a] && NotExists @Resource[b]", True),
        ("@Resource[a] StringEquals @Resource[same]", True),
        ("@Resource[flag] BoolEquals TRUE", True),
        ("@Resource[t] DateTimeLessThan '2026-11-24T00:00:00Z'", True),
        ("@Resource[quote] StringEquals 'it''s'", True),
        # and binds tighter than or, not tighter than and
        (
            "@Resource[a] StringEquals 'x' OR Exists @Resource[a] AND @Resource[a] StringEquals 'y'",
            True,
        ),
        (
            "(@Resource[a] StringEquals 'x' OR Exists @Resource[a]) AND @Resource[a] StringEquals 'y'",
            False,
        ),
        ("!@Resource[a] StringEquals 'y' AND @Resource[a] StringEquals 'y'", False),
        ("ActionMatches{'Microsoft.A/*'}", True),
        ("SubOperationMatches{'Blob.List'}", False),
    ],
)
def test_operators_quantifiers_and_precedence(condition: str, *, expected: bool) -> None:
    attributes = {
        "resource[a]": ("x",),
        "resource[same]": ("x",),
        "resource[n]": ("10",),
        "resource[many]": ("p", "q"),
        "resource[flag]": ("true",),
        "resource[t]": ("2026-01-01T00:00:00Z",),
        "resource[quote]": ("it's",),
    }
    assert holds(condition, "Microsoft.A/b/read", attributes) is expected


@pytest.mark.parametrize(
    ("condition", "column"),
    [
        ("", 1),
        ("(ActionMatches{'a'}", 20),
        ("ActionMatches{'a'} ActionMatches{'b'}", 20),
        ("@Resource[a] StringIs 'x'", 14),
        ("@Resource[a] StringEquals", 26),
        ("@Resource[a] StringEquals {'x'", 31),
        ("'x' StringEquals 'x'", 1),
        ("ActionMatches{'a", 15),
    ],
)
def test_what_cannot_be_read_names_the_column(condition: str, column: int) -> None:
    with pytest.raises(ConditionError) as caught:
        parse(condition)
    assert caught.value.detail.startswith(f"column {column}:")


@given(st.text(alphabet="@RA[]{}()'!,& xyz:|StringEquals", max_size=60))
def test_any_text_is_read_or_refused(text: str) -> None:
    try:
        tree = parse(text)
    except ConditionError:
        return
    assert parse(text + " ") == tree


def test_why_a_condition_is_not_met_is_told_comparison_by_comparison() -> None:
    condition = delegation([READER, OWNER], PrincipalType.GROUP)

    def why(role: str, kind: PrincipalType, verb: str = "write") -> tuple[str, ...]:
        return why_not(condition, verb=verb, role=role, principal="p", principal_type=kind)

    assert why(READER, PrincipalType.GROUP) == ()
    assert why(CONTRIBUTOR, PrincipalType.GROUP) == (
        f"RoleDefinitionId {CONTRIBUTOR} is not among the 2 it lists",
    )
    assert why(READER, PrincipalType.USER) == ("PrincipalType User is not Group",)
    assert len(why(CONTRIBUTOR, PrincipalType.USER, "delete")) == 2
    one = delegation([READER], PrincipalType.GROUP)
    assert why_not(one, verb="write", role=OWNER, principal="p", principal_type=PrincipalType.GROUP) == (
        f"RoleDefinitionId {OWNER} is not {READER}",
    )
