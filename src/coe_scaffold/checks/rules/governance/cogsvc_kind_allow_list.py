"""AI account: the kind is approved."""

from coe_scaffold.checks.operators import OneOf
from coe_scaffold.checks.rule import Rule, Severity

RULE = Rule(
    id="cogsvc-kind-allow-list",
    title="AI account: the kind is approved",
    severity=Severity.MEDIUM,
    category="governance",
    owner="ai-coe-lead",
    resource_type="Microsoft.CognitiveServices/accounts",
    path="kind",
    operator=OneOf(
        ("AIServices", "OpenAI", "ContentSafety", "FormRecognizer", "TextAnalytics", "SpeechServices")
    ),
    rationale="Each kind has its own terms and its own uses that must be reviewed.",
    fix="Use an approved kind, or have the AI CoE Lead grant an exception.",
    alz=("Deny-CognitiveServices-Resource-Kinds",),
    mcsb=("AM-2",),
    source=("Azure/Azure-Landing-Zones-Library platform/alz",),
)
