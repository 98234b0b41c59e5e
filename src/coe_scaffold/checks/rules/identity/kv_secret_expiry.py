"""Key Vault secret: it expires and says what it is."""

from coe_scaffold.checks.operators import All, Demand, Exists
from coe_scaffold.checks.rule import Rule, Severity

RULE = Rule(
    id="kv-secret-expiry",
    title="Key Vault secret: it expires and says what it is",
    severity=Severity.MEDIUM,
    category="identity",
    owner="compliance-officer",
    resource_type="Microsoft.KeyVault/vaults/secrets",
    path="properties",
    operator=All((Demand("attributes.exp", Exists()), Demand("contentType", Exists()))),
    rationale="A secret without an end is never rotated; without a content type nobody knows how.",
    fix="Set properties.attributes.exp and properties.contentType.",
    azure_policy=("98728c90-32c7-4049-8429-847dc0f4fe37", "75262d3e-ba4a-4f43-85f8-9f72c090e5e3"),
    checkov=("CKV_AZURE_41", "CKV_AZURE_114"),
    mcsb=("DP-6",),
    source=("Azure/azure-policy",),
)
