"""AI Search: public network access is disabled."""

from coe_scaffold.checks.operators import Equals
from coe_scaffold.checks.rule import Rule, Severity

RULE = Rule(
    id="search-public-access-disabled",
    title="AI Search: public network access is disabled",
    severity=Severity.CRITICAL,
    category="network",
    owner="compliance-officer",
    resource_type="Microsoft.Search/searchServices",
    path="properties.publicNetworkAccess",
    operator=Equals("Disabled"),
    rationale=("The index holds a copy of the grounding documents and needs the same protection as they do."),
    fix="Set properties.publicNetworkAccess to Disabled and add a private endpoint (searchService).",
    azure_policy=("ee980b6d-0eca-4501-8d54-f6290fd512c3", "9cee519f-d9c1-4fd9-9f79-24ec3449ed30"),
    alz=("Enforce-Guardrails-CognitiveServices",),
    mcsb=("NS-2",),
    source=("Azure/azure-policy",),
)
