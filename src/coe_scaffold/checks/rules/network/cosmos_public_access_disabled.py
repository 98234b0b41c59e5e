"""Cosmos DB: public network access is disabled."""

from coe_scaffold.checks.operators import Equals
from coe_scaffold.checks.rule import Rule, Severity

RULE = Rule(
    id="cosmos-public-access-disabled",
    title="Cosmos DB: public network access is disabled",
    severity=Severity.CRITICAL,
    category="network",
    owner="compliance-officer",
    resource_type="Microsoft.DocumentDB/databaseAccounts",
    path="properties.publicNetworkAccess",
    operator=Equals("Disabled"),
    rationale="Chat history and agent threads must be reachable from the private network only.",
    fix="Set properties.publicNetworkAccess to Disabled and add a private endpoint (Sql).",
    azure_policy=("797b37f7-06b8-444c-b1ad-fc62867f335a", "da69ba51-aaf1-41e5-8651-607cd0b37088"),
    alz=("Enforce-Guardrails-CosmosDb",),
    checkov=("CKV_AZURE_101", "CKV_AZURE_99"),
    psrule=("Azure.Cosmos.PublicAccess",),
    mcsb=("NS-2",),
    source=("Azure/azure-policy", "Azure/PSRule.Rules.Azure docs/en/baselines/Azure.GA_2026_03.md"),
)
