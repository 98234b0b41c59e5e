"""Blob container: no public access level."""

from coe_scaffold.checks.operators import OneOf
from coe_scaffold.checks.rule import Rule, Severity

RULE = Rule(
    id="storage-container-private",
    title="Blob container: no public access level",
    severity=Severity.CRITICAL,
    category="data-protection",
    owner="compliance-officer",
    resource_type="Microsoft.Storage/storageAccounts/blobServices/containers",
    path="properties.publicAccess",
    operator=OneOf((None, "None")),
    rationale="A public access level lets anybody read, or even list, what is in the container.",
    fix="Set properties.publicAccess to None or leave it out.",
    checkov=("CKV_AZURE_34",),
    psrule=("Azure.Storage.BlobAccessType",),
    mcsb=("NS-2",),
    source=("Azure/PSRule.Rules.Azure docs/en/baselines/Azure.GA_2026_03.md",),
)
