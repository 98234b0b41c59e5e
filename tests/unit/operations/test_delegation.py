"""Conditions C1 and C2 evaluated for what we assign."""

from __future__ import annotations

from dataclasses import replace

import pytest

from coe_scaffold.access import desired
from coe_scaffold.model.access import PrincipalType
from coe_scaffold.operations.delegation import delegations
from tests.fakes.landing import graph
from tests.fakes.workspace import settings

BASE = settings()


@pytest.mark.parametrize("environment", ["dev", "test", "prod"])
def test_whoever_gives_peoples_roles_can_do_so_under_c2(environment: str) -> None:
    standing = desired(BASE, environment, graph(BASE, environment)).assignments
    _, people = delegations(BASE, standing, ())
    assert (people.allowed, people.refused, people.problems) == (len(standing), (), ())
    assert len(people.text.encode()) < 8192


def test_what_c2_refuses_is_named() -> None:
    one = desired(BASE, "dev", graph(BASE)).assignments[0]
    owner = replace(one, role=replace(one.role, guid="8e3af657-a8ff-443c-a75c-2fe8c4bcb635", name="Owner"))
    user = replace(one, principal_type=PrincipalType.USER)
    _, people = delegations(BASE, [one, owner, user], ())
    assert people.allowed == 1
    assert people.refused[0].startswith("Owner to a Group")
    assert "to a User" in people.refused[1]
