"""AI gateway: it counts tokens per project."""

from coe_scaffold.checks.operators import HasElement
from coe_scaffold.checks.rule import Rule, Severity

RULE = Rule(
    id="apim-token-metrics",
    title="AI gateway: it counts tokens per project",
    severity=Severity.MEDIUM,
    category="monitoring",
    owner="ai-coe-lead",
    resource_type="Microsoft.ApiManagement/service/apis/policies",
    path="properties.value",
    operator=HasElement(("llm-emit-token-metric", "azure-openai-emit-token-metric")),
    profiles=("gateway",),
    rationale="Without token metrics nobody can say which project spent what.",
    fix="Add an <llm-emit-token-metric> element with a project dimension to the inbound section.",
    mcsb=("AI-6",),
    source=("learn: azure/api-management/genai-gateway-capabilities",),
)
