"""Storage: it is replicated beyond one datacentre."""

from coe_scaffold.checks.operators import OneOf
from coe_scaffold.checks.rule import Rule, Severity

RULE = Rule(
    id="storage-replication",
    title="Storage: it is replicated beyond one datacentre",
    severity=Severity.LOW,
    category="reliability",
    owner="data-engineer",
    resource_type="Microsoft.Storage/storageAccounts",
    path="sku.name",
    operator=OneOf(("Standard_ZRS", "Standard_GZRS", "Standard_RAGZRS", "Standard_GRS", "Standard_RAGRS")),
    profiles=("prod",),
    rationale="Local replication loses everything with its datacentre.",
    fix="Set sku.name to Standard_ZRS, or a geo-redundant one where residency allows.",
    azure_policy=("bf045164-79ba-4215-8f95-f8048dc1780b",),
    checkov=("CKV_AZURE_206",),
    psrule=("Azure.Storage.UseReplication",),
    mcsb=("BR-1",),
    source=("Azure/azure-policy", "Azure/PSRule.Rules.Azure docs/en/baselines/Azure.GA_2026_03.md"),
)
