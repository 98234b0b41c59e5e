"""API Management: public access to its configuration endpoints is disabled."""

from coe_scaffold.checks.operators import Equals
from coe_scaffold.checks.rule import Rule, Severity

RULE = Rule(
    id="apim-public-access-disabled",
    title="API Management: public access to its configuration endpoints is disabled",
    severity=Severity.MEDIUM,
    category="network",
    owner="compliance-officer",
    resource_type="Microsoft.ApiManagement/service",
    path="properties.publicNetworkAccess",
    operator=Equals("Disabled"),
    profiles=("gateway",),
    rationale="The configuration endpoints hold every backend and policy of the AI gateway.",
    fix="Set properties.publicNetworkAccess to Disabled once a private endpoint exists.",
    azure_policy=("df73bd95-24da-4a4f-96b9-4e8b94b402bd",),
    checkov=("CKV_AZURE_174",),
    mcsb=("NS-2",),
    source=("Azure/azure-policy",),
)
