"""Network security group: no inbound rule allows any source."""

from __future__ import annotations

from coe_scaffold.checks.networks import beside_bastion
from coe_scaffold.checks.operators import All, Demand, EndsWithNone, Equals, Exists, Judged, NotIn
from coe_scaffold.checks.rule import Inline, Rule, Severity

_NOT_ANY = NotIn(("*", "0.0.0.0/0", "::/0", "Internet", "Any"))
_NOT_HALF = EndsWithNone(("/0", "/1"))
_SOURCES = ("sourceAddressPrefix", "sourceAddressPrefixes[*]")


RULE = Rule(
    id="nsg-no-any-inbound",
    title="Network security group: no inbound rule allows any source",
    severity=Severity.CRITICAL,
    category="network",
    owner="compliance-officer",
    resource_type="Microsoft.Network/networkSecurityGroups/securityRules",
    path="properties",
    operator=All(
        (
            *(Demand(source, _NOT_ANY) for source in _SOURCES),
            *(
                Demand(source, _NOT_HALF, when=(Demand(source, _NOT_ANY), Demand(source, Exists())))
                for source in _SOURCES
            ),
        )
    ),
    when=(
        Demand("properties.access", Equals("Allow")),
        Demand("properties.direction", Equals("Inbound")),
        Demand("properties", Judged(beside_bastion, "not the HTTPS by which Bastion is reached")),
    ),
    inline=Inline("Microsoft.Network/networkSecurityGroups", "properties.securityRules[*]"),
    rationale=(
        "An allow rule from anywhere puts whatever listens in the subnet on the internet. "
        "Bastion is reached so: its subnet, and no other, may answer HTTPS."
    ),
    fix="Name the source: an address range, a service tag or an application security group.",
    checkov=("CKV_AZURE_9", "CKV_AZURE_10", "CKV_AZURE_160"),
    psrule=("Azure.NSG.AnyInboundSource",),
    mcsb=("NS-1",),
    source=(
        "Azure/PSRule.Rules.Azure docs/en/baselines/Azure.GA_2026_03.md",
        "learn: azure/bastion/bastion-nsg",
    ),
)
