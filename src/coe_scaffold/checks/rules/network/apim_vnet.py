"""API Management: it is in a virtual network."""

from coe_scaffold.checks.operators import Demand, NotIn, OneOf
from coe_scaffold.checks.rule import Rule, Severity

RULE = Rule(
    id="apim-vnet",
    title="API Management: it is in a virtual network",
    severity=Severity.HIGH,
    category="network",
    owner="compliance-officer",
    resource_type="Microsoft.ApiManagement/service",
    path="properties.virtualNetworkType",
    operator=OneOf(("Internal", "External")),
    when=(Demand("sku.name", NotIn(("BasicV2", "StandardV2", "PremiumV2"))),),
    profiles=("gateway",),
    rationale="The gateway talks to private model endpoints and can only do so from inside the network.",
    fix="Set properties.virtualNetworkType to Internal (or External behind an application gateway).",
    azure_policy=("ef619a2c-cc4d-4d03-b2ba-8c94a834d85b",),
    alz=("Enforce-Guardrails-APIM",),
    checkov=("CKV_AZURE_107",),
    mcsb=("NS-2",),
    source=("Azure/azure-policy",),
)
