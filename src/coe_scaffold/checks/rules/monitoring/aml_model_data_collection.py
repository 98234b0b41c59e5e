"""Online deployment: inputs and outputs are collected."""

from coe_scaffold.checks.operators import Exists
from coe_scaffold.checks.rule import Rule, Severity

RULE = Rule(
    id="aml-model-data-collection",
    title="Online deployment: inputs and outputs are collected",
    severity=Severity.MEDIUM,
    category="monitoring",
    owner="data-scientist",
    resource_type="Microsoft.MachineLearningServices/workspaces/onlineEndpoints/deployments",
    path="properties.dataCollector",
    operator=Exists(),
    profiles=("ml",),
    rationale="Drift cannot be seen without the data a model really gets.",
    fix="Set properties.dataCollector.",
    mcsb=("AI-6",),
    source=(
        "azure-ai-ml restclient arm_ml_service models",
        "Azure/AI-Landing-Zones docs/architecture/design-checklist.md M-R5",
    ),
)
