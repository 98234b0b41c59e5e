"""Storage: shared keys are disabled."""

from coe_scaffold.checks.operators import Equals
from coe_scaffold.checks.rule import Rule, Severity

RULE = Rule(
    id="storage-shared-key-off",
    title="Storage: shared keys are disabled",
    severity=Severity.HIGH,
    category="identity",
    owner="compliance-officer",
    resource_type="Microsoft.Storage/storageAccounts",
    path="properties.allowSharedKeyAccess",
    operator=Equals(value=False),
    rationale="An account key opens every container, past every role and condition.",
    fix="Set properties.allowSharedKeyAccess to false and use data roles.",
    azure_policy=("8c6a50c6-9ffd-4ae7-986f-5fa6111f9a54",),
    alz=("Enforce-Guardrails-Storage",),
    psrule=("Azure.Storage.LocalAuth",),
    mcsb=("IM-1",),
    source=("Azure/azure-policy", "Azure/PSRule.Rules.Azure docs/en/baselines/Azure.GA_2026_03.md"),
)
