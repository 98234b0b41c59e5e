"""API Management: old TLS and SSL versions are off."""

from __future__ import annotations

from coe_scaffold.checks.operators import All, Demand, Equals, NotIn
from coe_scaffold.checks.rule import Rule, Severity

_SECURITY = "Microsoft.WindowsAzure.ApiManagement.Gateway.Security"
_OFF = tuple(
    Demand(f"['{_SECURITY}.{side}Protocols.{version}']", Equals("false"))
    for side in ("", "Backend.")
    for version in ("Tls10", "Tls11", "Ssl30")
)


RULE = Rule(
    id="apim-tls",
    title="API Management: old TLS and SSL versions are off",
    severity=Severity.HIGH,
    category="encryption",
    owner="compliance-officer",
    resource_type="Microsoft.ApiManagement/service",
    path="properties.customProperties",
    operator=All(_OFF),
    when=(Demand("sku.name", NotIn(("BasicV2", "StandardV2", "PremiumV2"))),),
    profiles=("gateway",),
    rationale="Older versions of TLS and SSL can be broken on the way.",
    fix=(
        'Set the six Protocols entries for Tls10, Tls11 and Ssl30 of properties.customProperties to "false".'
    ),
    alz=("Enforce-Guardrails-APIM",),
    checkov=("CKV_AZURE_173",),
    psrule=("Azure.APIM.Protocols", "Azure.APIM.Ciphers"),
    mcsb=("DP-3",),
    source=("Azure/PSRule.Rules.Azure docs/en/baselines/Azure.GA_2026_03.md",),
)
