"""Key Vault: public network access is disabled."""

from coe_scaffold.checks.operators import Equals
from coe_scaffold.checks.rule import Rule, Severity

RULE = Rule(
    id="kv-public-access-disabled",
    title="Key Vault: public network access is disabled",
    severity=Severity.CRITICAL,
    category="network",
    owner="compliance-officer",
    resource_type="Microsoft.KeyVault/vaults",
    path="properties.publicNetworkAccess",
    operator=Equals("Disabled"),
    rationale=(
        "A leaked token is worth little when the vault cannot be reached from where it was leaked to."
    ),
    fix="Set properties.publicNetworkAccess to Disabled and add a private endpoint (vault).",
    azure_policy=("405c5871-3e91-4644-8a63-58e19d68ff5b",),
    alz=("Deny-PublicPaaSEndpoints",),
    checkov=("CKV_AZURE_189",),
    mcsb=("NS-2",),
    source=("Azure/azure-policy",),
)
