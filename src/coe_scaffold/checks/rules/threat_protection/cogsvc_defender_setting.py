"""AI account: its Defender for AI setting is enabled."""

from coe_scaffold.checks.operators import Equals
from coe_scaffold.checks.rule import Rule, Severity

RULE = Rule(
    id="cogsvc-defender-setting",
    title="AI account: its Defender for AI setting is enabled",
    severity=Severity.MEDIUM,
    category="threat-protection",
    owner="compliance-officer",
    resource_type="Microsoft.CognitiveServices/accounts/defenderForAISettings",
    path="properties.state",
    operator=Equals("Enabled"),
    profiles=("prod",),
    rationale="Defender sees jailbreaks and credential theft that no filter stops.",
    fix="Set properties.state to Enabled.",
    mcsb=("AI-6",),
    source=("azure-mgmt-cognitiveservices 14.1.0 models DefenderForAISetting",),
)
