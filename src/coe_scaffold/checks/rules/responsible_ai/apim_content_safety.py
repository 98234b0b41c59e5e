"""AI gateway: prompts pass the content safety policy."""

from coe_scaffold.checks.operators import HasElement
from coe_scaffold.checks.rule import Rule, Severity

RULE = Rule(
    id="apim-content-safety",
    title="AI gateway: prompts pass the content safety policy",
    severity=Severity.MEDIUM,
    category="responsible-ai",
    owner="ai-ethics-officer",
    resource_type="Microsoft.ApiManagement/service/apis/policies",
    path="properties.value",
    operator=HasElement(("llm-content-safety",)),
    profiles=("gateway",),
    rationale="A filter in the gateway protects every model behind it, whatever its own policy says.",
    fix="Add an <llm-content-safety> element to the inbound section.",
    mcsb=("AI-2",),
    source=(
        "learn: azure/api-management/genai-gateway-capabilities",
        "skills.sh microsoft/azure-skills azure-aigateway",
    ),
)
