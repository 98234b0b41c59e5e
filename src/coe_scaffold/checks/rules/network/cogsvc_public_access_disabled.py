"""AI account: public network access is disabled."""

from coe_scaffold.checks.operators import Equals
from coe_scaffold.checks.rule import Rule, Severity

RULE = Rule(
    id="cogsvc-public-access-disabled",
    title="AI account: public network access is disabled",
    severity=Severity.CRITICAL,
    category="network",
    owner="compliance-officer",
    resource_type="Microsoft.CognitiveServices/accounts",
    path="properties.publicNetworkAccess",
    operator=Equals("Disabled"),
    rationale=(
        "Prompts and documents pass through this account; it must be reachable from the private network only."
    ),
    fix=("Set properties.publicNetworkAccess to Disabled and reach the account through a private endpoint."),
    azure_policy=("037eea7a-bd0a-46c5-9a66-03aea78705d3", "47ba1dd7-28d9-4b07-a8d5-9813bed64e0c"),
    alz=("Enforce-Guardrails-OpenAI",),
    checkov=("CKV_AZURE_134",),
    psrule=("Azure.AI.PublicAccess",),
    mcsb=("NS-2",),
    source=(
        "Azure/azure-policy",
        "Azure/PSRule.Rules.Azure docs/en/baselines/Azure.GA_2026_03.md",
        "Azure/Azure-Landing-Zones-Library platform/alz",
        "Azure/AI-Landing-Zones docs/architecture/design-checklist.md N-R3",
    ),
)
