"""AI Search: API keys are disabled."""

from coe_scaffold.checks.operators import Equals
from coe_scaffold.checks.rule import Rule, Severity

RULE = Rule(
    id="search-local-auth-disabled",
    title="AI Search: API keys are disabled",
    severity=Severity.CRITICAL,
    category="identity",
    owner="compliance-officer",
    resource_type="Microsoft.Search/searchServices",
    path="properties.disableLocalAuth",
    operator=Equals(value=True),
    rationale="A query key reads every document of every index, past any document-level permission.",
    fix="Set properties.disableLocalAuth to true and give callers a Search Index Data role.",
    azure_policy=("6300012e-e9a4-4649-b41f-a85f5c43be91", "4eb216f2-9dba-4979-86e6-5d7e63ce3b75"),
    alz=("Enforce-Guardrails-CognitiveServices",),
    mcsb=("IM-1",),
    source=("Azure/azure-policy",),
)
