"""API Management: it has a managed identity."""

from coe_scaffold.checks.operators import NotIn
from coe_scaffold.checks.rule import Rule, Severity

RULE = Rule(
    id="apim-managed-identity",
    title="API Management: it has a managed identity",
    severity=Severity.HIGH,
    category="identity",
    owner="compliance-officer",
    resource_type="Microsoft.ApiManagement/service",
    path="identity.type",
    operator=NotIn((None, "None")),
    profiles=("gateway",),
    rationale="With an identity the gateway calls models without an API key in a header.",
    fix="Set identity.type and use authentication-managed-identity in the backend policy.",
    azure_policy=("c15dcc82-b93c-4dcb-9332-fbf121685b54",),
    alz=("Enforce-Guardrails-APIM",),
    psrule=("Azure.APIM.ManagedIdentity",),
    mcsb=("IM-4",),
    source=(
        "Azure/azure-policy",
        "Azure/PSRule.Rules.Azure docs/en/baselines/Azure.GA_2026_03.md",
        "learn: azure/api-management/genai-gateway-capabilities",
    ),
)
