"""AI Search: three replicas."""

from coe_scaffold.checks.operators import AtLeast
from coe_scaffold.checks.rule import Rule, Severity

RULE = Rule(
    id="search-replicas",
    title="AI Search: three replicas",
    severity=Severity.MEDIUM,
    category="reliability",
    owner="mlops-engineer",
    resource_type="Microsoft.Search/searchServices",
    path="properties.replicaCount",
    operator=AtLeast(3),
    profiles=("prod",),
    rationale="The service level covers queries from two replicas and index updates from three.",
    fix="Set properties.replicaCount to 3.",
    azure_policy=("90bc8109-d21a-4692-88fc-51419391da3d",),
    checkov=("CKV_AZURE_208", "CKV_AZURE_209"),
    psrule=("Azure.Search.IndexSLA", "Azure.Search.QuerySLA"),
    mcsb=("BR-1",),
    source=("Azure/PSRule.Rules.Azure docs/en/baselines/Azure.GA_2026_03.md", "Azure/azure-policy"),
)
