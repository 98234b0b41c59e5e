"""Cosmos DB: total throughput is limited."""

from coe_scaffold.checks.context import Setting
from coe_scaffold.checks.operators import All, AtLeast, AtMost, Demand
from coe_scaffold.checks.rule import Rule, Severity

RULE = Rule(
    id="cosmos-throughput-limit",
    title="Cosmos DB: total throughput is limited",
    severity=Severity.LOW,
    category="cost",
    owner="ai-coe-lead",
    resource_type="Microsoft.DocumentDB/databaseAccounts",
    path="properties.capacity.totalThroughputLimit",
    operator=All((Demand("", AtLeast(1)), Demand("", AtMost(Setting.MAX_THROUGHPUT)))),
    profiles=("nonprod",),
    rationale="A container with a mistaken throughput can cost a month's budget in a night.",
    fix="Set properties.capacity.totalThroughputLimit to limits.throughput of coe.yaml or less.",
    azure_policy=("0b7ef78e-a035-4f23-b9bd-aff122a1b1cf",),
    alz=("Enforce-Guardrails-CosmosDb",),
    source=("Azure/azure-policy",),
)
