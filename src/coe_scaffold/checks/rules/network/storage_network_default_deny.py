"""Storage: the firewall denies by default."""

from coe_scaffold.checks.operators import Equals
from coe_scaffold.checks.rule import Rule, Severity

RULE = Rule(
    id="storage-network-default-deny",
    title="Storage: the firewall denies by default",
    severity=Severity.HIGH,
    category="network",
    owner="compliance-officer",
    resource_type="Microsoft.Storage/storageAccounts",
    path="properties.networkAcls.defaultAction",
    operator=Equals("Deny"),
    rationale="Should the public network be opened one day, nobody is let in who is not named.",
    fix="Set properties.networkAcls.defaultAction to Deny.",
    azure_policy=("34c877ad-507e-4c82-993e-3452a6e0ad3c",),
    alz=("Enforce-Guardrails-Storage",),
    checkov=("CKV_AZURE_35", "CKV_AZURE_36"),
    psrule=("Azure.Storage.Firewall",),
    mcsb=("NS-2",),
    source=("Azure/azure-policy", "Azure/PSRule.Rules.Azure docs/en/baselines/Azure.GA_2026_03.md"),
)
