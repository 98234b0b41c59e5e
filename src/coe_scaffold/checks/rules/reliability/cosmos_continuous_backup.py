"""Cosmos DB: continuous backup."""

from coe_scaffold.checks.operators import Equals
from coe_scaffold.checks.rule import Rule, Severity

RULE = Rule(
    id="cosmos-continuous-backup",
    title="Cosmos DB: continuous backup",
    severity=Severity.MEDIUM,
    category="reliability",
    owner="data-engineer",
    resource_type="Microsoft.DocumentDB/databaseAccounts",
    path="properties.backupPolicy.type",
    operator=Equals("Continuous"),
    profiles=("prod",),
    rationale="Periodic backup is restored by a support ticket, continuous backup by you, to the second.",
    fix="Set properties.backupPolicy.type to Continuous.",
    psrule=("Azure.Cosmos.ContinuousBackup",),
    mcsb=("BR-1",),
    source=("Azure/PSRule.Rules.Azure docs/en/baselines/Azure.GA_2026_03.md",),
)
