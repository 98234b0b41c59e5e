"""Subnet: no default outbound access."""

from coe_scaffold.checks.networks import TAKES_ROUTES
from coe_scaffold.checks.operators import Equals
from coe_scaffold.checks.rule import Inline, Rule, Severity

RULE = Rule(
    id="subnet-private-outbound",
    title="Subnet: no default outbound access",
    severity=Severity.HIGH,
    category="network",
    owner="compliance-officer",
    resource_type="Microsoft.Network/virtualNetworks/subnets",
    path="properties.defaultOutboundAccess",
    operator=Equals(value=False),
    when=(TAKES_ROUTES,),
    inline=Inline("Microsoft.Network/virtualNetworks", "properties.subnets[*]"),
    rationale="Default outbound access leaves through an address you neither own nor see.",
    fix="Set properties.defaultOutboundAccess to false and use a NAT gateway or a firewall.",
    azure_policy=("7bca8353-aa3b-429b-904a-9229c4385837",),
    psrule=("Azure.VNET.PrivateSubnet",),
    mcsb=("NS-3",),
    source=("Azure/azure-policy", "Azure/PSRule.Rules.Azure docs/en/baselines/Azure.GA_2026_03.md"),
)
