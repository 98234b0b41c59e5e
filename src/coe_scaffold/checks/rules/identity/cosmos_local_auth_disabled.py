"""Cosmos DB: keys are disabled."""

from coe_scaffold.checks.operators import Equals
from coe_scaffold.checks.rule import Rule, Severity

RULE = Rule(
    id="cosmos-local-auth-disabled",
    title="Cosmos DB: keys are disabled",
    severity=Severity.CRITICAL,
    category="identity",
    owner="compliance-officer",
    resource_type="Microsoft.DocumentDB/databaseAccounts",
    path="properties.disableLocalAuth",
    operator=Equals(value=True),
    rationale=(
        "Chat history and agent threads are personal data; a key opens all of it, without a trace of who did."
    ),
    fix="Set properties.disableLocalAuth to true and assign Cosmos DB data-plane roles.",
    azure_policy=("5450f5bd-9c72-4390-a9c4-a7aba4edfdd2", "dc2d41d1-4ab1-4666-a3e1-3d51c43e0049"),
    alz=("Enforce-Guardrails-CosmosDb",),
    checkov=("CKV_AZURE_140",),
    psrule=("Azure.Cosmos.NoSQLLocalAuth",),
    mcsb=("IM-1",),
    source=("Azure/azure-policy", "Azure/PSRule.Rules.Azure docs/en/baselines/Azure.GA_2026_03.md"),
)
