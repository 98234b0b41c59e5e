"""Content filter: protected text and code are blocked in completions."""

from __future__ import annotations

from coe_scaffold.checks.operators import All, Demand, Equals
from coe_scaffold.checks.rule import Rule, Severity

_FILTER = "properties.contentFilters[name=Protected Material {},source=Completion]"
_BLOCKS = All((Demand("enabled", Equals(value=True)), Demand("blocking", Equals(value=True))))


RULE = Rule(
    id="rai-protected-material",
    title="Content filter: protected text and code are blocked in completions",
    severity=Severity.HIGH,
    category="responsible-ai",
    owner="ai-ethics-officer",
    resource_type="Microsoft.CognitiveServices/accounts/raiPolicies",
    operator=All((Demand(_FILTER.format("Text"), _BLOCKS), Demand(_FILTER.format("Code"), _BLOCKS))),
    rationale="Somebody else's text or code in an answer is a copyright claim waiting to be made.",
    fix=(
        "Add the filters Protected Material Text and Protected Material Code, source Completion, "
        "enabled and blocking."
    ),
    azure_policy=("af253d37-136a-42f8-a1fc-30010c083d41",),
    mcsb=("AI-2",),
    source=(
        "Azure/azure-policy",
        (
            "MicrosoftDocs/cloud-adoption-framework docs/scenarios/ai/platform/governance.md "
            "(Prevent copyright infringement)"
        ),
    ),
)
