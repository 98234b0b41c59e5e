"""Subnet: it has a network security group."""

from coe_scaffold.checks.networks import TAKES_NSG
from coe_scaffold.checks.operators import Exists
from coe_scaffold.checks.rule import Inline, Rule, Severity

RULE = Rule(
    id="subnet-nsg",
    title="Subnet: it has a network security group",
    severity=Severity.HIGH,
    category="network",
    owner="compliance-officer",
    resource_type="Microsoft.Network/virtualNetworks/subnets",
    path="properties.networkSecurityGroup.id",
    operator=Exists(),
    when=(TAKES_NSG,),
    inline=Inline("Microsoft.Network/virtualNetworks", "properties.subnets[*]"),
    rationale=(
        "Without a network security group everything in the network may talk to everything in the subnet."
    ),
    fix="Set properties.networkSecurityGroup.id.",
    azure_policy=("e71308d3-144b-4262-b144-efdc3cc90517",),
    alz=("Deny-Subnet-Without-Nsg",),
    psrule=("Azure.VNET.UseNSGs",),
    mcsb=("NS-1",),
    source=(
        "Azure/azure-policy",
        "Azure/Azure-Landing-Zones-Library platform/alz",
        "Azure/PSRule.Rules.Azure docs/en/baselines/Azure.GA_2026_03.md",
        "Azure/AI-Landing-Zones docs/architecture/design-checklist.md N-R4",
    ),
)
