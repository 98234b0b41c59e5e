"""Storage: TLS 1.2 or newer."""

from coe_scaffold.checks.operators import OneOf
from coe_scaffold.checks.rule import Rule, Severity

RULE = Rule(
    id="storage-min-tls",
    title="Storage: TLS 1.2 or newer",
    severity=Severity.HIGH,
    category="encryption",
    owner="compliance-officer",
    resource_type="Microsoft.Storage/storageAccounts",
    path="properties.minimumTlsVersion",
    operator=OneOf(("TLS1_2", "TLS1_3")),
    rationale="Older versions of TLS can be broken on the way.",
    fix="Set properties.minimumTlsVersion to TLS1_2.",
    azure_policy=("fe83a0eb-a853-422d-aac2-1bffd182c5d0",),
    alz=("Enforce-EncryptTransit_20241211",),
    checkov=("CKV_AZURE_44",),
    psrule=("Azure.Storage.MinTLS",),
    mcsb=("DP-3",),
    source=("Azure/azure-policy", "Azure/PSRule.Rules.Azure docs/en/baselines/Azure.GA_2026_03.md"),
)
