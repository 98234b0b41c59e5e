from __future__ import annotations

import re

import pytest

from coe_scaffold.access.conditions import (
    NEVER_DELEGATED,
    delegation,
    delegation_problems,
    delegation_to_groups,
    delegation_to_service_principals,
    problems,
    repository_prefix,
)
from coe_scaffold.catalog import custom_role_guid, matrix
from coe_scaffold.model.access import PrincipalType

GUID = re.compile(r"[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}")


def test_built_conditions_have_nothing_wrong() -> None:
    for condition in (delegation_to_groups("mg-ai"), delegation_to_service_principals()):
        assert delegation_problems(condition) == ()
    assert problems(repository_prefix(["claims-chat", "fraud"])) == ()


def test_delegation_to_groups_lists_the_matrix_but_not_what_must_stay_eligible() -> None:
    listed = set(GUID.findall(delegation_to_groups("mg-ai")))
    for row in matrix().human:
        assert (row.role_in("mg-ai").guid in listed) is (row.role.name not in NEVER_DELEGATED)
    assert custom_role_guid("mg-ai", "CoE RAI Reviewer") in listed
    assert "'Group'" in delegation_to_groups("mg-ai")


def test_delegation_to_service_principals_lists_no_role_that_administers_access() -> None:
    listed = set(GUID.findall(delegation_to_service_principals()))
    assert "f58310d9-a9f6-439a-9e8d-f62e7b41a168" not in listed
    assert "b24988ac-6180-42a0-ab88-20f7382dd24c" not in listed
    assert "5e0bd9bd-7b93-4f28-af87-19fc36ad61bd" in listed


def test_prefixes_are_sorted_unique_and_end_in_a_slash() -> None:
    assert repository_prefix(["b", "a", "b"]) == repository_prefix(["a", "b"])
    assert "'a/' OR" in repository_prefix(["b", "a"])


@pytest.mark.parametrize(
    ("condition", "word"),
    [
        ("((!(ActionMatches{'x'}))", "')' is expected"),
        ("(!(ActionMatches{'x}))", "unexpected character"),
        ("@Resource[a:b] StringEquals 'c'", "ActionMatches"),
        ("(!(ActionMatches{'" + "x" * 9000 + "'}))", "bytes"),
        ("(!(ActionMatches{'('}))", ""),
    ],
)
def test_a_broken_condition_is_found(condition: str, word: str) -> None:
    found = problems(condition)
    assert any(word in text for text in found) if word else not found


def test_a_delegation_needs_both_clauses_both_attributes() -> None:
    whole = delegation(["5e0bd9bd-7b93-4f28-af87-19fc36ad61bd"], PrincipalType.SERVICE_PRINCIPAL)
    write, delete = whole.split(" AND ((!", 1)
    assert delegation_problems(write) != ()
    assert any("roleAssignments/write" in text for text in delegation_problems("((!" + delete))
    assert any("PrincipalType" in text for text in delegation_problems(whole.replace("PrincipalType", "X")))
