"""AI account: completions are not stored."""

from coe_scaffold.checks.operators import Equals
from coe_scaffold.checks.rule import Rule, Severity

RULE = Rule(
    id="cogsvc-stored-completions-disabled",
    title="AI account: completions are not stored",
    severity=Severity.MEDIUM,
    category="privacy",
    owner="compliance-officer",
    resource_type="Microsoft.CognitiveServices/accounts",
    path="properties.storedCompletionsDisabled",
    operator=Equals(value=True),
    profiles=("regulated",),
    rationale="Stored completions are a second copy of personal data that no retention rule covers.",
    fix="Set properties.storedCompletionsDisabled to true.",
    mcsb=("DP-2",),
    source=("azure-mgmt-cognitiveservices 14.1.0 models",),
)
