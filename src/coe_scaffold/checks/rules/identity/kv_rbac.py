"""Key Vault: access is by Azure roles."""

from coe_scaffold.checks.operators import Equals
from coe_scaffold.checks.rule import Rule, Severity

RULE = Rule(
    id="kv-rbac",
    title="Key Vault: access is by Azure roles",
    severity=Severity.HIGH,
    category="identity",
    owner="compliance-officer",
    resource_type="Microsoft.KeyVault/vaults",
    path="properties.enableRbacAuthorization",
    operator=Equals(value=True),
    rationale=(
        "Access policies are outside role reviews, and who may write the vault may grant himself "
        "every secret."
    ),
    fix="Set properties.enableRbacAuthorization to true.",
    azure_policy=("12d4fa5e-1f9f-4c21-97a9-b99b3c6611b5",),
    alz=("Enforce-Guardrails-KeyVault_20260203",),
    psrule=("Azure.KeyVault.RBAC",),
    mcsb=("PA-7",),
    source=("Azure/azure-policy", "Azure/PSRule.Rules.Azure docs/en/baselines/Azure.GA_2026_03.md"),
)
