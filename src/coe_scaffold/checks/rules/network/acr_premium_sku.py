"""Container registry: Premium tier."""

from coe_scaffold.checks.operators import Equals
from coe_scaffold.checks.rule import Rule, Severity

RULE = Rule(
    id="acr-premium-sku",
    title="Container registry: Premium tier",
    severity=Severity.MEDIUM,
    category="network",
    owner="compliance-officer",
    resource_type="Microsoft.ContainerRegistry/registries",
    path="sku.name",
    operator=Equals("Premium"),
    profiles=("prod",),
    rationale="Only Premium has private endpoints, zone redundancy and an export policy.",
    fix="Set sku.name to Premium.",
    azure_policy=("bd560fc0-3c69-498a-ae9f-aa8eb7de0e13",),
    checkov=("CKV_AZURE_163", "CKV_AZURE_233"),
    psrule=("Azure.ACR.MinSku",),
    mcsb=("NS-2",),
    source=("Azure/azure-policy", "Azure/PSRule.Rules.Azure docs/en/baselines/Azure.GA_2026_03.md"),
)
