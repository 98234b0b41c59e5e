"""Azure Policy in a plan: a deny blocks and names everything, the rest are notes, nothing is raised."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Any

from coe_scaffold.access.desired import DesiredAccess
from coe_scaffold.errors import CloudError
from coe_scaffold.model.json import JsonObject
from coe_scaffold.model.plan import Plan
from coe_scaffold.model.preflight import Verdict
from coe_scaffold.model.resources import Resource, ResourceGraph
from coe_scaffold.model.scope import Scope
from coe_scaffold.operations.plan import Planned
from coe_scaffold.operations.predict import Target
from coe_scaffold.operations.preflight import preflight
from coe_scaffold.operations.tenant_policies import NOTE, with_policies
from coe_scaffold.ports import CompiledTemplate
from tests.fakes.clock import FakeClock
from tests.fakes.plans import GROUP, STORAGE, SUBSCRIPTION, deployment, sample
from tests.fakes.workspace import settings
from tests.unit.operations.test_preflight import Cloud

TOP = "/providers/Microsoft.Authorization"
ACCOUNT = Resource(
    STORAGE.resource_type,
    STORAGE.name,
    "2025-01-01",
    STORAGE.group(STORAGE.resource_group),
    {"location": "swedencentral", "properties": {"minimumTlsVersion": "TLS1_0"}},
)


def policy(
    name: str, effect: str, field: str = "", value: str = "TLS1_2", **details: Any
) -> list[JsonObject]:
    tested = {"field": field or "Microsoft.Storage/storageAccounts/minimumTlsVersion", "notEquals": value}
    kind = "Microsoft.Authorization/roleAssignments" if "roleAss" in field else STORAGE.resource_type
    rule = {
        "if": {"allOf": [{"field": "type", "equals": kind}, tested]},
        "then": {"effect": effect, **({"details": details} if details else {})},
    }
    definition = f"{TOP}/policyDefinitions/{name}"
    return [
        {"id": definition, "properties": {"displayName": f"Rule {name}", "policyRule": rule, "mode": "All"}},
        {
            "id": f"{SUBSCRIPTION}{TOP}/policyAssignments/{name}",
            "properties": {"displayName": f"Given {name}", "policyDefinitionId": definition},
        },
    ]


class Tenant(Cloud):
    """An inspector with policies."""

    given: tuple[JsonObject, ...] = ()
    refused: bool = False

    def policies(self, subscription: Scope) -> tuple[JsonObject, ...]:
        if self.refused:
            raise CloudError("you may not read policies", code="AuthorizationFailed")
        return self.given


def planned(plan: Plan | None = None) -> Planned:
    template = CompiledTemplate(Path("main.bicep"), {})
    graph = ResourceGraph((ACCOUNT,))
    target = Target("x", None, deployment("x", STORAGE), template, Path("dev.bicepparam"), graph)
    return Planned(plan or sample(), (target,), DesiredAccess((), ()), ())


def judged(*documents: list[JsonObject], refused: bool = False) -> Planned:
    tenant = Tenant()
    tenant.given = tuple(one for document in documents for one in document)
    tenant.refused = refused
    return with_policies(settings(), planned(), tenant, FakeClock())


def test_a_deny_blocks_and_names_assignment_definition_resource_and_field() -> None:
    made = judged(policy("tls", "deny"))
    (finding,) = [one for one in made.plan.blocking if one.rule == "policy/tls"]
    assert finding.subject == STORAGE.path
    for word in ("Rule tls", "Given tls", 'minimumTlsVersion = "TLS1_0"', STORAGE.name, SUBSCRIPTION.path):
        assert word in finding.message
    checks = preflight(settings(), "dev", made.plan, ResourceGraph((ACCOUNT,)), Tenant())
    (check,) = [one for one in checks if one.name == "policy" and one.verdict is Verdict.PROBLEM]
    assert finding.message in check.message


def test_role_assignments_of_the_plan_are_judged() -> None:
    field = "Microsoft.Authorization/roleAssignments/principalType"
    made = judged(policy("people", "deny", field, "User"))
    assert GROUP
    assert {one.rule for one in made.plan.blocking if one.rule.startswith("policy/")} == {"policy/people"}


def test_what_does_not_deny_is_noted() -> None:
    change = {"operation": "addOrReplace", "field": "tags.team", "value": "ai"}
    made = judged(
        policy("seen", "audit"),
        policy("set", "modify", operations=[change], roleDefinitionIds=[]),
        policy("beside", "deployIfNotExists", type="Microsoft.Insights/diagnosticSettings"),
        policy("off", "disabled"),
        policy("manual", "manual"),
        policy("met", "deny", value="TLS1_0"),
    )
    assert not [one for one in made.plan.findings if one.rule.startswith("policy/")]
    notes = [note.removeprefix(NOTE) for note in made.plan.notes if note.startswith(NOTE)]
    assert any("0 of them denied" in note for note in notes)
    assert any("'Given seen' would mark it as not compliant (1 resource" in note for note in notes)
    assert any("'Given set' would change it" in note for note in notes)
    assert any("'Given beside' would deploy what is missing beside it" in note for note in notes)
    assert any(note.startswith("not judged, because its effect manual is not evaluated") for note in notes)
    assert not any("Given off" in note for note in notes)


def test_policies_that_cannot_be_read_are_a_note() -> None:
    made = judged(refused=True)
    assert f"{NOTE}not judged, because it cannot be read: you may not read policies" in made.plan.notes


def test_nothing_to_write_or_no_policy_changes_nothing() -> None:
    assert judged() == planned()
    idle = planned(replace(sample(), steps=()))
    tenant = Tenant()
    tenant.refused = True
    assert with_policies(settings(), idle, tenant, FakeClock()) == idle
