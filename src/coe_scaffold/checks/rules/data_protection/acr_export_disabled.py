"""Container registry: images cannot be exported."""

from coe_scaffold.checks.operators import Equals
from coe_scaffold.checks.rule import Rule, Severity

RULE = Rule(
    id="acr-export-disabled",
    title="Container registry: images cannot be exported",
    severity=Severity.MEDIUM,
    category="data-protection",
    owner="compliance-officer",
    resource_type="Microsoft.ContainerRegistry/registries",
    path="properties.policies.exportPolicy.status",
    operator=Equals("disabled"),
    profiles=("prod",),
    rationale="Images hold models and prompts; export copies them out past the network rules.",
    fix="Set properties.policies.exportPolicy.status to disabled.",
    azure_policy=("524b0254-c285-4903-bee6-bb8126cde579",),
    alz=("Enforce-Guardrails-ContainerRegistry",),
    psrule=("Azure.ACR.ExportPolicy",),
    mcsb=("DP-2",),
    source=("Azure/azure-policy", "Azure/PSRule.Rules.Azure docs/en/baselines/Azure.GA_2026_03.md"),
)
