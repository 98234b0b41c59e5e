"""AI account: key access is disabled."""

from coe_scaffold.checks.operators import Equals
from coe_scaffold.checks.rule import Rule, Severity

RULE = Rule(
    id="cogsvc-local-auth-disabled",
    title="AI account: key access is disabled",
    severity=Severity.CRITICAL,
    category="identity",
    owner="compliance-officer",
    resource_type="Microsoft.CognitiveServices/accounts",
    path="properties.disableLocalAuth",
    operator=Equals(value=True),
    rationale=(
        "An account key is a password that never expires, belongs to nobody and cannot be limited to a role."
    ),
    fix="Set properties.disableLocalAuth to true and let callers sign in with Microsoft Entra ID.",
    azure_policy=("71ef260a-8f18-47b7-abcb-62d0673d94dc", "14de9e63-1b31-492e-a5a3-c3f7fd57f555"),
    alz=("Enforce-Guardrails-OpenAI", "Enforce-Guardrails-CognitiveServices"),
    checkov=("CKV_AZURE_236",),
    psrule=("Azure.AI.DisableLocalAuth",),
    mcsb=("IM-1",),
    source=(
        "Azure/azure-policy",
        "Azure/PSRule.Rules.Azure docs/en/baselines/Azure.GA_2026_03.md",
        "Azure/Azure-Landing-Zones-Library platform/alz",
        "Azure/AI-Landing-Zones docs/architecture/design-checklist.md I-R3,I-R6",
    ),
)
