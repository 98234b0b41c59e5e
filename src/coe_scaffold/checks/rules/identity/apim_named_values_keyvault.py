"""API Management: secret named values come from Key Vault."""

from coe_scaffold.checks.operators import Demand, Equals, Exists
from coe_scaffold.checks.rule import Rule, Severity

RULE = Rule(
    id="apim-named-values-keyvault",
    title="API Management: secret named values come from Key Vault",
    severity=Severity.HIGH,
    category="identity",
    owner="compliance-officer",
    resource_type="Microsoft.ApiManagement/service/namedValues",
    path="properties.keyVault.secretIdentifier",
    operator=Exists(),
    when=(Demand("properties.secret", Equals(value=True)),),
    profiles=("gateway",),
    rationale="A secret kept in the gateway is rotated by hand, or not at all.",
    fix="Set properties.keyVault.secretIdentifier instead of properties.value.",
    azure_policy=("f1cc7827-022c-473e-836e-5a51cae0b249",),
    alz=("Enforce-Guardrails-APIM",),
    psrule=("Azure.APIM.EncryptValues",),
    mcsb=("DP-6", "IM-8"),
    source=("Azure/azure-policy", "Azure/PSRule.Rules.Azure docs/en/baselines/Azure.GA_2026_03.md"),
)
