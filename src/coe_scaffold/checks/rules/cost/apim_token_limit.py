"""AI gateway: tokens are limited per consumer."""

from coe_scaffold.checks.operators import HasElement
from coe_scaffold.checks.rule import Rule, Severity

RULE = Rule(
    id="apim-token-limit",
    title="AI gateway: tokens are limited per consumer",
    severity=Severity.HIGH,
    category="cost",
    owner="ai-coe-lead",
    resource_type="Microsoft.ApiManagement/service/apis/policies",
    path="properties.value",
    operator=HasElement(("llm-token-limit", "azure-openai-token-limit")),
    profiles=("gateway",),
    rationale="One consumer without a limit can use up the quota and the budget of all.",
    fix="Add an <llm-token-limit> element with a counter key per consumer to the inbound section.",
    source=(
        "learn: azure/api-management/genai-gateway-capabilities",
        "github/awesome-copilot instructions/azure-apim-ai-gateway.instructions.md",
        "MicrosoftDocs/cloud-adoption-framework docs/scenarios/ai/platform/governance.md",
    ),
)
