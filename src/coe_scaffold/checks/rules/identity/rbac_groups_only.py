"""Role assignment: people get roles through groups."""

from coe_scaffold.checks.operators import OneOf
from coe_scaffold.checks.rule import Rule, Severity

RULE = Rule(
    id="rbac-groups-only",
    title="Role assignment: people get roles through groups",
    severity=Severity.MEDIUM,
    category="identity",
    owner="compliance-officer",
    resource_type="Microsoft.Authorization/roleAssignments",
    path="properties.principalType",
    operator=OneOf(("Group", "ServicePrincipal")),
    rationale="A role given to a person stays when the person changes function.",
    fix="Assign the role to the group of the CoE function and set properties.principalType.",
    psrule=("Azure.RBAC.UseGroups", "Azure.RBAC.UseRGDelegation"),
    mcsb=("PA-1",),
    source=("Azure/PSRule.Rules.Azure docs/en/baselines/Azure.GA_2026_03.md",),
)
