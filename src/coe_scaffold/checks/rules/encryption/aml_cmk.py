"""Machine Learning workspace: it is encrypted with your own key."""

from coe_scaffold.checks.operators import Equals
from coe_scaffold.checks.rule import Rule, Severity

RULE = Rule(
    id="aml-cmk",
    title="Machine Learning workspace: it is encrypted with your own key",
    severity=Severity.MEDIUM,
    category="encryption",
    owner="compliance-officer",
    resource_type="Microsoft.MachineLearningServices/workspaces",
    path="properties.encryption.status",
    operator=Equals("Enabled"),
    profiles=("regulated",),
    rationale="Regulated data may need a key that you can take away.",
    fix="Set properties.encryption.status to Enabled and name the key.",
    azure_policy=("ba769a63-b8cc-4b2d-abf6-ac33c7204be8",),
    alz=("Enforce-Encryption-CMK_20250218",),
    mcsb=("DP-5",),
    source=("Azure/azure-policy",),
)
