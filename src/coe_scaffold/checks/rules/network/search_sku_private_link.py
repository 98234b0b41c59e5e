"""AI Search: the tier supports private endpoints."""

from coe_scaffold.checks.operators import NotIn
from coe_scaffold.checks.rule import Rule, Severity

RULE = Rule(
    id="search-sku-private-link",
    title="AI Search: the tier supports private endpoints",
    severity=Severity.HIGH,
    category="network",
    owner="compliance-officer",
    resource_type="Microsoft.Search/searchServices",
    path="sku.name",
    operator=NotIn((None, "free")),
    rationale="The free tier has no private endpoint, no identity and no service level.",
    fix="Set sku.name to basic or higher.",
    azure_policy=("a049bf77-880b-470f-ba6d-9f21c530cf83",),
    alz=("Enforce-Guardrails-CognitiveServices",),
    psrule=("Azure.Search.SKU",),
    mcsb=("NS-2",),
    source=("Azure/azure-policy", "Azure/PSRule.Rules.Azure docs/en/baselines/Azure.GA_2026_03.md"),
)
