"""AI account: it is encrypted with your own key."""

from coe_scaffold.checks.operators import Equals
from coe_scaffold.checks.rule import Rule, Severity

RULE = Rule(
    id="cogsvc-cmk",
    title="AI account: it is encrypted with your own key",
    severity=Severity.MEDIUM,
    category="encryption",
    owner="compliance-officer",
    resource_type="Microsoft.CognitiveServices/accounts",
    path="properties.encryption.keySource",
    operator=Equals("Microsoft.KeyVault"),
    profiles=("regulated",),
    rationale="Regulated data may need a key that you can take away.",
    fix="Set properties.encryption.keySource to Microsoft.KeyVault and name the key.",
    azure_policy=("67121cc7-ff39-4ab8-b7e3-95b84dab487d",),
    alz=("Enforce-Encryption-CMK_20250218",),
    mcsb=("DP-5",),
    source=("Azure/azure-policy",),
)
