"""Content filter: hate, sexual, violence and self-harm are blocked in prompts and completions."""

from __future__ import annotations

from coe_scaffold.checks.operators import All, Demand, Equals, OneOf
from coe_scaffold.checks.rule import Rule, Severity

_CATEGORIES = ("Hate", "Sexual", "Violence", "Selfharm")
_BLOCKS = All(
    (
        Demand("enabled", Equals(value=True)),
        Demand("blocking", Equals(value=True)),
        Demand("severityThreshold", OneOf(("Low", "Medium"))),
    )
)
_FILTERS = tuple(
    Demand(f"properties.contentFilters[name={category},source={source}]", _BLOCKS)
    for category in _CATEGORIES
    for source in ("Prompt", "Completion")
)


RULE = Rule(
    id="rai-harm-categories",
    title="Content filter: hate, sexual, violence and self-harm are blocked in prompts and completions",
    severity=Severity.CRITICAL,
    category="responsible-ai",
    owner="ai-ethics-officer",
    resource_type="Microsoft.CognitiveServices/accounts/raiPolicies",
    operator=All(_FILTERS),
    rationale=(
        "These four harm categories are the service's own; the threshold High would let medium "
        "severity through."
    ),
    fix=(
        "Give each of the four categories an entry for Prompt and Completion: enabled, blocking, "
        "threshold Low or Medium."
    ),
    azure_policy=("930f48f9-f07e-427c-9494-52603581c6a9",),
    mcsb=("AI-2",),
    source=("Azure/azure-policy", "azure-mgmt-cognitiveservices 14.1.0 models"),
)
