"""Model deployment: a content filter policy is bound."""

from coe_scaffold.checks.operators import Exists
from coe_scaffold.checks.rule import Rule, Severity

RULE = Rule(
    id="deploy-rai-policy-bound",
    title="Model deployment: a content filter policy is bound",
    severity=Severity.CRITICAL,
    category="responsible-ai",
    owner="ai-ethics-officer",
    resource_type="Microsoft.CognitiveServices/accounts/deployments",
    path="properties.raiPolicyName",
    operator=Exists(),
    rationale=(
        "Without a policy of its own a deployment runs with whatever default the service has that day."
    ),
    fix="Set properties.raiPolicyName to the RAI policy of the account.",
    azure_policy=("930f48f9-f07e-427c-9494-52603581c6a9",),
    mcsb=("AI-2",),
    source=(
        "azure-mgmt-cognitiveservices 14.1.0 models",
        "Azure/azure-policy",
        "MicrosoftDocs/cloud-adoption-framework docs/scenarios/ai/platform/governance.md",
    ),
)
