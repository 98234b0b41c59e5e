"""Key Vault: the firewall denies by default."""

from coe_scaffold.checks.operators import Equals
from coe_scaffold.checks.rule import Rule, Severity

RULE = Rule(
    id="kv-firewall-deny",
    title="Key Vault: the firewall denies by default",
    severity=Severity.HIGH,
    category="network",
    owner="compliance-officer",
    resource_type="Microsoft.KeyVault/vaults",
    path="properties.networkAcls.defaultAction",
    operator=Equals("Deny"),
    rationale="Should the public network be opened one day, nobody is let in who is not named.",
    fix="Set properties.networkAcls.defaultAction to Deny.",
    azure_policy=("55615ac9-af46-4a59-874e-391cc3dfb490",),
    checkov=("CKV_AZURE_109",),
    psrule=("Azure.KeyVault.Firewall",),
    mcsb=("DP-8", "NS-2"),
    source=("Azure/azure-policy", "Azure/PSRule.Rules.Azure docs/en/baselines/Azure.GA_2026_03.md"),
)
