"""Condition C1 in the templates against the one the matrix gives: evaluated, not compared as text."""

from __future__ import annotations

import pytest

from coe_scaffold.access import desired
from coe_scaffold.access.abac import may_assign
from coe_scaffold.access.conditions import delegation_problems, delegation_to_service_principals
from coe_scaffold.access.workload import template_assignments
from coe_scaffold.catalog import roles
from coe_scaffold.model.access import PrincipalType
from coe_scaffold.model.finding import Outcome
from coe_scaffold.operations.access import separation
from coe_scaffold.operations.delegation import refused_by
from coe_scaffold.planning.access import plan_access
from coe_scaffold.scaffold.components import KINDS
from tests.fakes.workspace import settings
from tests.templates.bicep.landing_zones import ENVIRONMENTS, everything
from tests.templates.bicep.test_workload_access import BESIDES

ADMINISTRATORS = {"f58310d9-a9f6-439a-9e8d-f62e7b41a168"}
# Key Vault Crypto Service Encryption User: for resources encrypted with a key of the customer.
CUSTOMER_KEY = "e147488a-f6f5-4113-8e2d-b22465e65bf6"
# Given once by the person who sets the project up, before the deploy identity exists.
FIRST = {
    *ADMINISTRATORS,
    "b24988ac-6180-42a0-ab88-20f7382dd24c",  # Contributor
    "acdd72a7-3385-48ef-bd42-f606fba81ae7",  # Reader
    "f1a07417-d97a-45cb-824c-7a7467783830",  # Managed Identity Operator
}


def allowed(condition: str, kind: PrincipalType, *, verb: str = "write") -> set[str]:
    return {
        role.guid
        for role in roles()
        if may_assign(condition, verb=verb, role=role.guid, principal="p", principal_type=kind)
    }


def in_templates(kind: str = "rag") -> str:
    found = {item.condition for item in template_assignments(everything("prod", kind)) if item.condition}
    (condition,) = found
    return condition


@pytest.mark.parametrize("verb", ["write", "delete"])
def test_the_templates_allow_the_matrix_and_nothing_unexplained(verb: str) -> None:
    machines = allowed(delegation_to_service_principals(), PrincipalType.SERVICE_PRINCIPAL, verb=verb)
    ours = allowed(in_templates(), PrincipalType.SERVICE_PRINCIPAL, verb=verb)
    assert machines - ours == set()
    assert ours - machines <= {CUSTOMER_KEY, *(role for _, _, role in BESIDES)}
    assert not allowed(in_templates(), PrincipalType.GROUP, verb=verb)
    assert not allowed(in_templates(), PrincipalType.USER, verb=verb)


def test_the_condition_stands_the_check_of_conditions() -> None:
    assert delegation_problems(in_templates()) == ()


@pytest.mark.parametrize("kind", KINDS)
def test_a_deploy_identity_can_make_every_assignment_of_its_templates(kind: str) -> None:
    made = [item for item in template_assignments(everything("prod", kind)) if item.role.guid not in FIRST]
    known = [item for item in made if roles().get(item.role.guid)]
    assert known
    assert refused_by(in_templates(kind), known) == ()


def test_nobody_can_make_an_administrator() -> None:
    refused = [item for item in template_assignments(everything("prod")) if item.role.guid in ADMINISTRATORS]
    assert len(refused_by(in_templates(), refused)) == len(refused) == 1


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("environment", ENVIRONMENTS)
def test_no_kind_of_project_breaks_a_rule_on_separation_of_duties(environment: str, kind: str) -> None:
    base = settings()
    whole = everything(environment, kind)
    failed = [item for item in separation(base, environment, whole) if item.outcome is Outcome.FAIL]
    assert failed == []
    wanted = desired(base, environment, whole)
    assert plan_access(wanted, (), (), within=[base.environments[environment].scope])
