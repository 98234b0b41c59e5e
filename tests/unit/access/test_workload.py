"""What templates give and define is named as people name it."""

from __future__ import annotations

from coe_scaffold.access.effective import role_lookup
from coe_scaffold.access.workload import ROLE_TYPE, defined_roles, template_assignments
from coe_scaffold.model.json import Value
from coe_scaffold.model.resources import Resource, ResourceGraph
from tests.fakes.plans import PROJECT

READER = "acdd72a7-3385-48ef-bd42-f606fba81ae7"
PUBLISHER = "b591dcbe-4df5-54e6-b111-fa9f5290e23d"
"""CoE Guardrail Publisher in the management group mg-ai: its GUID is made from both names."""
OWN = "11111111-0000-4000-8000-000000000001"


def made(kind: str, name: str, **properties: Value) -> Resource:
    return Resource(
        f"Microsoft.Authorization/{kind}", name, "2022-04-01", PROJECT, {"properties": properties}
    )


def named(*resources: Resource, management_group: str = "") -> list[str]:
    lookup = role_lookup(management_group) if management_group else None
    return [item.role.name for item in template_assignments(ResourceGraph(resources), lookup)]


def given(role: str) -> Resource:
    return made("roleAssignments", "a", roleDefinitionId=f"/providers/{ROLE_TYPE}/{role}", principalId="p")


def test_a_custom_role_is_named_by_the_template_that_defines_it() -> None:
    definition = made("roleDefinitions", OWN.upper(), roleName="Pipeline Operator")
    assert defined_roles(ResourceGraph((definition,))) == {OWN: "Pipeline Operator"}
    assert named(given(OWN), definition) == ["Pipeline Operator"]
    assert named(given(OWN)) == [OWN]


def test_a_custom_role_of_the_matrix_is_named_by_the_lookup() -> None:
    assert named(given(PUBLISHER), given(READER), management_group="mg-ai") == [
        "CoE Guardrail Publisher",
        "Reader",
    ]
    assert named(given(PUBLISHER)) == [PUBLISHER]
