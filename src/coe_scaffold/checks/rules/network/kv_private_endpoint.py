"""Key Vault: a private endpoint leads to it."""

from coe_scaffold.checks.operators import private_endpoint
from coe_scaffold.checks.rule import Rule, Severity

RULE = Rule(
    id="kv-private-endpoint",
    title="Key Vault: a private endpoint leads to it",
    severity=Severity.HIGH,
    category="network",
    owner="compliance-officer",
    resource_type="Microsoft.KeyVault/vaults",
    operator=private_endpoint("vault"),
    rationale="With the public network closed a private endpoint is the only way to a secret.",
    fix="Add a private endpoint with groupIds [vault] that points at this resource.",
    azure_policy=("a6abeaec-4d90-4a02-805f-6b26c4d3fbe9", "9d4fad1f-5189-4a42-b29e-cf7929c6b6df"),
    mcsb=("DP-8", "NS-2"),
    source=("Azure/azure-policy",),
)
