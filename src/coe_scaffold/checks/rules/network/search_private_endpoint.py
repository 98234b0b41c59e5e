"""AI Search: a private endpoint leads to it."""

from coe_scaffold.checks.operators import private_endpoint
from coe_scaffold.checks.rule import Rule, Severity

RULE = Rule(
    id="search-private-endpoint",
    title="AI Search: a private endpoint leads to it",
    severity=Severity.HIGH,
    category="network",
    owner="compliance-officer",
    resource_type="Microsoft.Search/searchServices",
    operator=private_endpoint("searchService"),
    rationale="With the public network closed a private endpoint is the only way in for applications.",
    fix="Add a private endpoint with groupIds [searchService] that points at this resource.",
    azure_policy=("d6759c02-b87f-42b7-892e-71b3f471d782", "b698b005-b660-4837-b833-a7aaab26ddba"),
    mcsb=("NS-2",),
    source=("Azure/azure-policy",),
)
