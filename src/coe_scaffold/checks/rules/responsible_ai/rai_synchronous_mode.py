"""Content filter: it runs before the user sees the answer."""

from coe_scaffold.checks.operators import OneOf
from coe_scaffold.checks.rule import Rule, Severity

RULE = Rule(
    id="rai-synchronous-mode",
    title="Content filter: it runs before the user sees the answer",
    severity=Severity.MEDIUM,
    category="responsible-ai",
    owner="ai-ethics-officer",
    resource_type="Microsoft.CognitiveServices/accounts/raiPolicies",
    path="properties.mode",
    operator=OneOf(("Default", "Blocking")),
    rationale="An asynchronous filter takes a sentence back after it was read.",
    fix="Set properties.mode to Default or Blocking.",
    azure_policy=("c1ad46c6-37f8-4af0-9c71-c208375c87dd",),
    mcsb=("AI-2",),
    source=(
        "Azure/azure-policy",
        (
            "azure-mgmt-cognitiveservices 14.1.0 models RaiPolicyMode (Default, Deferred, "
            "Blocking, Asynchronous_filter)"
        ),
    ),
)
