"""AI Search: every index must be encrypted with your own key."""

from coe_scaffold.checks.operators import Equals
from coe_scaffold.checks.rule import Rule, Severity

RULE = Rule(
    id="search-cmk-enforced",
    title="AI Search: every index must be encrypted with your own key",
    severity=Severity.MEDIUM,
    category="encryption",
    owner="compliance-officer",
    resource_type="Microsoft.Search/searchServices",
    path="properties.encryptionWithCmk.enforcement",
    operator=Equals("Enabled"),
    profiles=("regulated",),
    rationale="Regulated data may need a key that you can take away; enforcement leaves no index out.",
    fix="Set properties.encryptionWithCmk.enforcement to Enabled.",
    azure_policy=("356da939-f20a-4bb9-86f8-5db445b0e354",),
    mcsb=("DP-5",),
    source=("Azure/azure-policy",),
)
