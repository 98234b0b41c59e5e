"""Storage: anonymous access to blobs is off."""

from coe_scaffold.checks.operators import Equals
from coe_scaffold.checks.rule import Rule, Severity

RULE = Rule(
    id="storage-blob-anonymous-off",
    title="Storage: anonymous access to blobs is off",
    severity=Severity.CRITICAL,
    category="data-protection",
    owner="compliance-officer",
    resource_type="Microsoft.Storage/storageAccounts",
    path="properties.allowBlobPublicAccess",
    operator=Equals(value=False),
    rationale="One container set to public by mistake publishes its files to everybody.",
    fix="Set properties.allowBlobPublicAccess to false.",
    azure_policy=("4fa4b6c0-31ca-4c0d-b10d-24b96f62a751", "13502221-8df0-4414-9937-de9c5c4e396b"),
    alz=("Enforce-Guardrails-Storage",),
    psrule=("Azure.Storage.BlobPublicAccess",),
    mcsb=("NS-2",),
    source=("Azure/azure-policy", "Azure/PSRule.Rules.Azure docs/en/baselines/Azure.GA_2026_03.md"),
)
