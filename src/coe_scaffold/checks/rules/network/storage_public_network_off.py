"""Storage: public network access is disabled."""

from coe_scaffold.checks.operators import Equals
from coe_scaffold.checks.rule import Rule, Severity

RULE = Rule(
    id="storage-public-network-off",
    title="Storage: public network access is disabled",
    severity=Severity.CRITICAL,
    category="network",
    owner="compliance-officer",
    resource_type="Microsoft.Storage/storageAccounts",
    path="properties.publicNetworkAccess",
    operator=Equals("Disabled"),
    rationale="Training, grounding and evaluation data must be reachable from the private network only.",
    fix="Set properties.publicNetworkAccess to Disabled and add a private endpoint (blob).",
    azure_policy=("b2982f36-99f2-4db5-8eff-283140c09693", "a06d0189-92e8-4dba-b0c4-08d7669fce7d"),
    alz=("Deny-PublicPaaSEndpoints",),
    checkov=("CKV_AZURE_59",),
    mcsb=("NS-2",),
    source=("Azure/azure-policy",),
)
