"""AI account: it has a managed identity."""

from coe_scaffold.checks.operators import NotIn
from coe_scaffold.checks.rule import Rule, Severity

RULE = Rule(
    id="cogsvc-managed-identity",
    title="AI account: it has a managed identity",
    severity=Severity.HIGH,
    category="identity",
    owner="compliance-officer",
    resource_type="Microsoft.CognitiveServices/accounts",
    path="identity.type",
    operator=NotIn((None, "None")),
    rationale="With an identity the account reads storage, search and keys without a secret.",
    fix="Set identity.type to SystemAssigned or UserAssigned.",
    azure_policy=("fe3fd216-4f83-4fc1-8984-2bbec80a3418",),
    alz=("Enforce-Guardrails-OpenAI",),
    checkov=("CKV_AZURE_238",),
    psrule=("Azure.AI.ManagedIdentity",),
    mcsb=("IM-3",),
    source=(
        "Azure/azure-policy",
        "Azure/PSRule.Rules.Azure docs/en/baselines/Azure.GA_2026_03.md",
        "Azure/AI-Landing-Zones docs/architecture/design-checklist.md I-R1",
    ),
)
