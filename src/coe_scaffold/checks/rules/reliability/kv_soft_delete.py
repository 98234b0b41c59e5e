"""Key Vault: deleted vaults and secrets are kept for 90 days."""

from coe_scaffold.checks.operators import All, AtLeast, Default, Demand, NotIn
from coe_scaffold.checks.rule import Rule, Severity

RULE = Rule(
    id="kv-soft-delete",
    title="Key Vault: deleted vaults and secrets are kept for 90 days",
    severity=Severity.MEDIUM,
    category="reliability",
    owner="compliance-officer",
    resource_type="Microsoft.KeyVault/vaults",
    operator=All(
        (
            Demand("properties.softDeleteRetentionInDays", AtLeast(90), default=Default(90)),
            Demand("properties.enableSoftDelete", NotIn((False,))),
        )
    ),
    rationale=(
        "A deleted secret is often missed only at the next quarterly run. "
        "Azure keeps it for 90 days where nothing is said."
    ),
    fix="Set properties.softDeleteRetentionInDays to 90, and leave properties.enableSoftDelete on.",
    azure_policy=("1e66c121-a66a-4b1f-9b83-0fd99bf0fc2d",),
    checkov=("CKV_AZURE_111",),
    psrule=("Azure.KeyVault.SoftDelete",),
    mcsb=("DP-8",),
    source=("Azure/azure-policy", "Azure/PSRule.Rules.Azure docs/en/baselines/Azure.GA_2026_03.md"),
)
