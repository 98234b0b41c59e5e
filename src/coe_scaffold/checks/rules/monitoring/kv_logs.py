"""Key Vault: audit logs go to Log Analytics."""

from coe_scaffold.checks.operators import diagnostics
from coe_scaffold.checks.rule import Rule, Severity

RULE = Rule(
    id="kv-logs",
    title="Key Vault: audit logs go to Log Analytics",
    severity=Severity.HIGH,
    category="monitoring",
    owner="compliance-officer",
    resource_type="Microsoft.KeyVault/vaults",
    operator=diagnostics(),
    rationale="Who read a secret is the first question after it was misused.",
    fix="Add a diagnostic setting that sends the logs to the Log Analytics workspace.",
    azure_policy=("cf820ca0-f99e-4f3e-84fb-66e913812d21", "6b359d8f-f88d-4052-aa7c-32015963ecc1"),
    psrule=("Azure.KeyVault.Logs",),
    mcsb=("DP-8", "LT-3"),
    source=("Azure/azure-policy", "Azure/PSRule.Rules.Azure docs/en/baselines/Azure.GA_2026_03.md"),
)
