"""AI account: the state of abuse monitoring is on record."""

from coe_scaffold.checks.rule import Rule, Severity, Where

RULE = Rule(
    id="cogsvc-abuse-monitoring-recorded",
    title="AI account: the state of abuse monitoring is on record",
    severity=Severity.MEDIUM,
    category="responsible-ai",
    owner="ai-ethics-officer",
    resource_type="Microsoft.CognitiveServices/accounts",
    where=Where.RUNTIME,
    judged_at=(
        "The account as Azure reports it: properties.capabilities is set by Microsoft after approval "
        "and is in no template."
    ),
    rationale="Switched-off abuse monitoring moves the duty to watch for misuse to you.",
    fix="Record the approval as an exception, or ask Microsoft to switch monitoring on again.",
    mcsb=("AI-6",),
    source=("azure-mgmt-cognitiveservices 14.1.0 models (AccountProperties.capabilities: [SkuCapability])",),
)
