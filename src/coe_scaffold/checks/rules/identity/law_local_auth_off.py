"""Log Analytics: only Entra ID may send and read."""

from coe_scaffold.checks.operators import Equals
from coe_scaffold.checks.rule import Rule, Severity

RULE = Rule(
    id="law-local-auth-off",
    title="Log Analytics: only Entra ID may send and read",
    severity=Severity.MEDIUM,
    category="identity",
    owner="compliance-officer",
    resource_type="Microsoft.OperationalInsights/workspaces",
    path="properties.features.disableLocalAuth",
    operator=Equals(value=True),
    rationale="A workspace key lets anybody write false logs.",
    fix="Set properties.features.disableLocalAuth to true.",
    azure_policy=("e15effd4-2278-4c65-a0da-4d6f6d1890e2",),
    mcsb=("IM-1",),
    source=("Azure/azure-policy",),
)
