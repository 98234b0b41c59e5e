"""Storage: HTTPS only."""

from coe_scaffold.checks.operators import Default, Equals
from coe_scaffold.checks.rule import Rule, Severity

RULE = Rule(
    id="storage-https-only",
    title="Storage: HTTPS only",
    severity=Severity.HIGH,
    category="encryption",
    owner="compliance-officer",
    resource_type="Microsoft.Storage/storageAccounts",
    path="properties.supportsHttpsTrafficOnly",
    operator=Equals(value=True),
    default=Default(value=True, since="2019-04-01"),
    rationale="Plain HTTP shows data and tokens to everybody on the way.",
    fix="Set properties.supportsHttpsTrafficOnly to true.",
    azure_policy=("404c3081-a854-4457-ae30-26a93ef643f9",),
    alz=("Enforce-EncryptTransit_20241211",),
    checkov=("CKV_AZURE_3",),
    psrule=("Azure.Storage.SecureTransfer",),
    mcsb=("DP-3",),
    source=("Azure/azure-policy", "Azure/PSRule.Rules.Azure docs/en/baselines/Azure.GA_2026_03.md"),
)
