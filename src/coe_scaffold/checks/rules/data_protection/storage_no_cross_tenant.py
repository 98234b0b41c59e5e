"""Storage: nothing is copied to another tenant."""

from coe_scaffold.checks.operators import All, Demand, Equals, OneOf
from coe_scaffold.checks.rule import Rule, Severity

RULE = Rule(
    id="storage-no-cross-tenant",
    title="Storage: nothing is copied to another tenant",
    severity=Severity.MEDIUM,
    category="data-protection",
    owner="compliance-officer",
    resource_type="Microsoft.Storage/storageAccounts",
    path="properties",
    operator=All(
        (
            Demand("allowCrossTenantReplication", Equals(value=False)),
            Demand("allowedCopyScope", OneOf(("AAD", "PrivateLink"))),
        )
    ),
    rationale="Replication to a foreign tenant takes the data out of every control you have.",
    fix=("Set properties.allowCrossTenantReplication to false and allowedCopyScope to AAD or PrivateLink."),
    azure_policy=("92a89a79-6c52-4a7e-a03f-61306fc49312",),
    alz=("Deny-Storage-CopyScope",),
    mcsb=("DP-2",),
    source=("Azure/azure-policy", "Azure/Azure-Landing-Zones-Library platform/alz"),
)
