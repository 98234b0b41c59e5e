"""Content filter: the jailbreak shield is enabled and blocking."""

from coe_scaffold.checks.operators import All, Demand, Equals
from coe_scaffold.checks.rule import Rule, Severity

RULE = Rule(
    id="rai-jailbreak-shield",
    title="Content filter: the jailbreak shield is enabled and blocking",
    severity=Severity.CRITICAL,
    category="responsible-ai",
    owner="ai-ethics-officer",
    resource_type="Microsoft.CognitiveServices/accounts/raiPolicies",
    path="properties.contentFilters[name=Jailbreak,source=Prompt]",
    operator=All((Demand("enabled", Equals(value=True)), Demand("blocking", Equals(value=True)))),
    rationale="Users who talk a model out of its instructions bypass every rule the application has.",
    fix=(
        "Add the filter {name: Jailbreak, source: Prompt, enabled: true, blocking: true} to the RAI policy."
    ),
    azure_policy=("f3a9c2e0-7b4d-4d8f-9c3a-2e1f6b9a8d4e",),
    mcsb=("AI-2",),
    source=("Azure/azure-policy", "Azure/AI-Landing-Zones docs/architecture/design-checklist.md S-R5"),
)
