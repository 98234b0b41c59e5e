"""Container registry: anonymous pull is off."""

from coe_scaffold.checks.operators import Default, Equals
from coe_scaffold.checks.rule import Rule, Severity

RULE = Rule(
    id="acr-anonymous-pull-off",
    title="Container registry: anonymous pull is off",
    severity=Severity.HIGH,
    category="identity",
    owner="compliance-officer",
    resource_type="Microsoft.ContainerRegistry/registries",
    path="properties.anonymousPullEnabled",
    operator=Equals(value=False),
    default=Default(value=False),
    rationale="Anonymous pull publishes every image to everybody who finds the name.",
    fix="Set properties.anonymousPullEnabled to false.",
    azure_policy=("9f2dea28-e834-476c-99c5-3507b4728395", "cced2946-b08a-44fe-9fd9-e4ed8a779897"),
    alz=("Enforce-Guardrails-ContainerRegistry",),
    checkov=("CKV_AZURE_138",),
    psrule=("Azure.ACR.AnonymousAccess",),
    mcsb=("IM-1",),
    source=("Azure/azure-policy", "Azure/PSRule.Rules.Azure docs/en/baselines/Azure.GA_2026_03.md"),
)
