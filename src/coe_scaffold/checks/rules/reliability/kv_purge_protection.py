"""Key Vault: purge protection is on."""

from coe_scaffold.checks.operators import Equals
from coe_scaffold.checks.rule import Rule, Severity

RULE = Rule(
    id="kv-purge-protection",
    title="Key Vault: purge protection is on",
    severity=Severity.HIGH,
    category="reliability",
    owner="compliance-officer",
    resource_type="Microsoft.KeyVault/vaults",
    path="properties.enablePurgeProtection",
    operator=Equals(value=True),
    rationale="Without it a deleted key can be destroyed at once, and all data encrypted with it.",
    fix="Set properties.enablePurgeProtection to true.",
    azure_policy=("0b60c0b2-2dc2-4e1c-b5c9-abbed971de53",),
    alz=("Enforce-Guardrails-KeyVault_20260203",),
    checkov=("CKV_AZURE_110", "CKV_AZURE_42"),
    psrule=("Azure.KeyVault.PurgeProtect",),
    mcsb=("DP-8",),
    source=("Azure/azure-policy", "Azure/PSRule.Rules.Azure docs/en/baselines/Azure.GA_2026_03.md"),
)
