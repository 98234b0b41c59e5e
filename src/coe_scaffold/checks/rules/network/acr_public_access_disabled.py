"""Container registry: public network access is disabled."""

from coe_scaffold.checks.operators import Equals
from coe_scaffold.checks.rule import Rule, Severity

RULE = Rule(
    id="acr-public-access-disabled",
    title="Container registry: public network access is disabled",
    severity=Severity.HIGH,
    category="network",
    owner="compliance-officer",
    resource_type="Microsoft.ContainerRegistry/registries",
    path="properties.publicNetworkAccess",
    operator=Equals("Disabled"),
    rationale="Images hold code, prompts and sometimes models; they need not be pulled from the internet.",
    fix="Set properties.publicNetworkAccess to Disabled and add a private endpoint (registry).",
    azure_policy=("0fdf0491-d080-4575-b627-ad0e843cba0f", "a3701552-92ea-433e-9d17-33b7f1208fc9"),
    alz=("Enforce-Guardrails-ContainerRegistry",),
    checkov=("CKV_AZURE_139",),
    psrule=("Azure.ACR.Firewall",),
    mcsb=("NS-2",),
    source=("Azure/azure-policy", "Azure/PSRule.Rules.Azure docs/en/baselines/Azure.GA_2026_03.md"),
)
