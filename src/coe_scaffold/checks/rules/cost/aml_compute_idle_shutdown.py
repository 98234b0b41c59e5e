"""Compute instance: it shuts down when idle."""

from coe_scaffold.checks.operators import Demand, Equals, Matches
from coe_scaffold.checks.rule import Rule, Severity

RULE = Rule(
    id="aml-compute-idle-shutdown",
    title="Compute instance: it shuts down when idle",
    severity=Severity.HIGH,
    category="cost",
    owner="ai-coe-lead",
    resource_type="Microsoft.MachineLearningServices/workspaces/computes",
    path="properties.properties.idleTimeBeforeShutdown",
    operator=Matches(r"PT(?=\d)(\d+H)?(\d+M)?"),
    when=(Demand("properties.computeType", Equals("ComputeInstance")),),
    profiles=("ml",),
    rationale="A forgotten instance with a GPU costs as much as a used one.",
    fix="Set properties.properties.idleTimeBeforeShutdown, for example to PT60M.",
    azure_policy=("679ddf89-ab8f-48a5-9029-e76054077449",),
    alz=("Enforce-Guardrails-MachineLearning",),
    psrule=("Azure.ML.ComputeIdleShutdown",),
    source=(
        "Azure/azure-policy",
        "Azure/PSRule.Rules.Azure docs/en/baselines/Azure.GA_2026_03.md",
        "Azure/AI-Landing-Zones docs/architecture/design-checklist.md CO-R4",
        "MicrosoftDocs/cloud-adoption-framework docs/scenarios/ai/platform/governance.md",
    ),
)
