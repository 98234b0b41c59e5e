"""Content filter: the indirect-attack shield is enabled and blocking."""

from coe_scaffold.checks.operators import All, Demand, Equals
from coe_scaffold.checks.rule import Rule, Severity

RULE = Rule(
    id="rai-indirect-attack-shield",
    title="Content filter: the indirect-attack shield is enabled and blocking",
    severity=Severity.HIGH,
    category="responsible-ai",
    owner="ai-ethics-officer",
    resource_type="Microsoft.CognitiveServices/accounts/raiPolicies",
    path="properties.contentFilters[name=Indirect Attack,source=Prompt]",
    operator=All((Demand("enabled", Equals(value=True)), Demand("blocking", Equals(value=True)))),
    profiles=("rag", "agent", "docproc"),
    rationale="Documents and tool results can carry instructions; the model must not follow them.",
    fix=(
        "Add the filter {name: Indirect Attack, source: Prompt, enabled: true, blocking: true} to the "
        "RAI policy."
    ),
    azure_policy=("f3a9c2e0-7b4d-4d8f-9c3a-2e1f6b9a8d4e",),
    mcsb=("AI-2",),
    source=("Azure/azure-policy",),
)
