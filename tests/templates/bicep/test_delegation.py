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

ADMINISTRATORS = {"f58310d9-a9f6-439a-9e8d-f62e7b41a168"}
# Given once by the person who sets the project up, before the deploy identity exists.
FIRST = {
    *ADMINISTRATORS,
    "b24988ac-6180-42a0-ab88-20f7382dd24c",  # Contributor
    "acdd72a7-3385-48ef-bd42-f606fba81ae7",  # Reader
    "f1a07417-d97a-45cb-824c-7a7467783830",  # Managed Identity Operator
}
# What the templates' condition allows besides the matrix's workload rows, and which component needs it.
BESIDES = {
    "b78c5d69-af96-48a3-bf8d-a8b4d589de94": "Machine Learning workspace",
    "b86a8fe4-44ce-4948-aee5-eccb2c155cd7": "Machine Learning workspace",
    "2a1e307c-b015-4ebd-883e-5b7698a07328": "Machine Learning workspace",
    "a97b65f3-24c7-4388-baec-2e87135dc908": "Document Intelligence",
    "3b03c2da-16b3-4a49-8834-0f8130efdd3b": "Grafana",
    "2a2b9908-6ea1-4ae2-8e65-a410df84e7d1": "Document Intelligence",
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
    assert ours - machines <= BESIDES.keys()
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
