"""Cosmos DB: keys cannot change databases or containers."""

from coe_scaffold.checks.operators import Equals
from coe_scaffold.checks.rule import Rule, Severity

RULE = Rule(
    id="cosmos-metadata-write-off",
    title="Cosmos DB: keys cannot change databases or containers",
    severity=Severity.HIGH,
    category="identity",
    owner="compliance-officer",
    resource_type="Microsoft.DocumentDB/databaseAccounts",
    path="properties.disableKeyBasedMetadataWriteAccess",
    operator=Equals(value=True),
    rationale="Otherwise whoever has a key can drop a container, and no role stops it.",
    fix="Set properties.disableKeyBasedMetadataWriteAccess to true.",
    azure_policy=("4750c32b-89c0-46af-bfcb-2e4541a818d5",),
    alz=("Enforce-Guardrails-CosmosDb",),
    checkov=("CKV_AZURE_132",),
    psrule=("Azure.Cosmos.DisableMetadataWrite",),
    mcsb=("PA-7",),
    source=("Azure/azure-policy", "Azure/PSRule.Rules.Azure docs/en/baselines/Azure.GA_2026_03.md"),
)
