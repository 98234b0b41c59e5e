"""Network security group: no inbound rule allows any source."""

from __future__ import annotations

from coe_scaffold.checks.operators import All, Demand, Equals, NotIn
from coe_scaffold.checks.rule import Inline, Rule, Severity

_NOT_ANY = NotIn(("*", "0.0.0.0/0", "::/0", "Internet", "Any"))


RULE = Rule(
    id="nsg-no-any-inbound",
    title="Network security group: no inbound rule allows any source",
    severity=Severity.CRITICAL,
    category="network",
    owner="compliance-officer",
    resource_type="Microsoft.Network/networkSecurityGroups/securityRules",
    path="properties",
    operator=All((Demand("sourceAddressPrefix", _NOT_ANY), Demand("sourceAddressPrefixes[*]", _NOT_ANY))),
    when=(Demand("properties.access", Equals("Allow")), Demand("properties.direction", Equals("Inbound"))),
    inline=Inline("Microsoft.Network/networkSecurityGroups", "properties.securityRules[*]"),
    rationale="An allow rule from anywhere puts whatever listens in the subnet on the internet.",
    fix="Name the source: an address range, a service tag or an application security group.",
    checkov=("CKV_AZURE_9", "CKV_AZURE_10", "CKV_AZURE_160"),
    psrule=("Azure.NSG.AnyInboundSource",),
    mcsb=("NS-1",),
    source=("Azure/PSRule.Rules.Azure docs/en/baselines/Azure.GA_2026_03.md",),
)
