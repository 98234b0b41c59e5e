"""Cosmos DB: a private endpoint leads to it."""

from coe_scaffold.checks.operators import private_endpoint
from coe_scaffold.checks.rule import Rule, Severity

RULE = Rule(
    id="cosmos-private-endpoint",
    title="Cosmos DB: a private endpoint leads to it",
    severity=Severity.HIGH,
    category="network",
    owner="compliance-officer",
    resource_type="Microsoft.DocumentDB/databaseAccounts",
    operator=private_endpoint("Sql"),
    rationale="With the public network closed a private endpoint is the only way to the data.",
    fix="Add a private endpoint with groupIds [Sql] that points at this resource.",
    azure_policy=("58440f8a-10c5-4151-bdce-dfbaad4a20b7", "b609e813-3156-4079-91fa-a8494c1471c4"),
    mcsb=("NS-2",),
    source=("Azure/azure-policy",),
)
