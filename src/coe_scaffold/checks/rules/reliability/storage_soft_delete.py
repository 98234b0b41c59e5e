"""Storage: deleted blobs and containers can be restored."""

from coe_scaffold.checks.operators import All, Demand, Equals
from coe_scaffold.checks.rule import Rule, Severity

RULE = Rule(
    id="storage-soft-delete",
    title="Storage: deleted blobs and containers can be restored",
    severity=Severity.MEDIUM,
    category="reliability",
    owner="data-engineer",
    resource_type="Microsoft.Storage/storageAccounts/blobServices",
    path="properties",
    operator=All(
        (
            Demand("deleteRetentionPolicy.enabled", Equals(value=True)),
            Demand("containerDeleteRetentionPolicy.enabled", Equals(value=True)),
        )
    ),
    rationale="A wrong clean-up job deletes faster than anybody notices.",
    fix="Enable deleteRetentionPolicy and containerDeleteRetentionPolicy of the blob service.",
    azure_policy=("9fbd64e3-67b8-489b-98e5-fa0007d17e76",),
    psrule=("Azure.Storage.SoftDelete", "Azure.Storage.ContainerSoftDelete"),
    mcsb=("BR-2",),
    source=("Azure/azure-policy", "Azure/PSRule.Rules.Azure docs/en/baselines/Azure.GA_2026_03.md"),
)
