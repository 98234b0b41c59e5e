"""Container App: it has a managed identity."""

from coe_scaffold.checks.operators import NotIn
from coe_scaffold.checks.rule import Rule, Severity

RULE = Rule(
    id="ca-managed-identity",
    title="Container App: it has a managed identity",
    severity=Severity.HIGH,
    category="identity",
    owner="compliance-officer",
    resource_type="Microsoft.App/containerApps",
    path="identity.type",
    operator=NotIn((None, "None")),
    profiles=("app",),
    rationale="With an identity the application pulls images and calls models without a secret.",
    fix="Set identity.type to UserAssigned and name the runtime identity.",
    azure_policy=("b874ab2d-72dd-47f1-8cb5-4a306478a4e7",),
    alz=("Enforce-Guardrails-ContainerApps",),
    psrule=("Azure.ContainerApp.ManagedIdentity",),
    mcsb=("IM-3",),
    source=("Azure/azure-policy", "Azure/PSRule.Rules.Azure docs/en/baselines/Azure.GA_2026_03.md"),
)
