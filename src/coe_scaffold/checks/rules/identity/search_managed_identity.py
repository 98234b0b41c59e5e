"""AI Search: it has a managed identity."""

from coe_scaffold.checks.operators import NotIn
from coe_scaffold.checks.rule import Rule, Severity

RULE = Rule(
    id="search-managed-identity",
    title="AI Search: it has a managed identity",
    severity=Severity.HIGH,
    category="identity",
    owner="compliance-officer",
    resource_type="Microsoft.Search/searchServices",
    path="identity.type",
    operator=NotIn((None, "None")),
    rationale="With an identity indexers read data sources and models without a secret.",
    fix="Set identity.type to SystemAssigned or UserAssigned.",
    psrule=("Azure.Search.ManagedIdentity",),
    mcsb=("IM-3",),
    source=("Azure/PSRule.Rules.Azure docs/en/baselines/Azure.GA_2026_03.md",),
)
