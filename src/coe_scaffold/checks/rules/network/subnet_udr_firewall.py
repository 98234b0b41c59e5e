"""Subnet: a route table decides where traffic leaves."""

from coe_scaffold.checks.networks import TAKES_ROUTES
from coe_scaffold.checks.operators import Exists
from coe_scaffold.checks.rule import Inline, Rule, Severity

RULE = Rule(
    id="subnet-udr-firewall",
    title="Subnet: a route table decides where traffic leaves",
    severity=Severity.MEDIUM,
    category="network",
    owner="compliance-officer",
    resource_type="Microsoft.Network/virtualNetworks/subnets",
    path="properties.routeTable.id",
    operator=Exists(),
    when=(TAKES_ROUTES,),
    inline=Inline("Microsoft.Network/virtualNetworks", "properties.subnets[*]"),
    profiles=("prod",),
    rationale=(
        "Without a route of its own a subnet leaves through the internet, past the firewall and its logs."
    ),
    fix="Set properties.routeTable.id to a table whose default route is the firewall, or none.",
    azure_policy=("fc5e4038-4584-4632-8c85-c0448d374b2c",),
    alz=("Deny-Subnet-Without-Udr",),
    mcsb=("NS-3",),
    source=(
        "Azure/azure-policy",
        "Azure/Azure-Landing-Zones-Library platform/alz",
        "Azure/AI-Landing-Zones docs/architecture/design-checklist.md N-R7",
    ),
)
