"""Subnet of a peered network: a route table leads to the firewall."""

from coe_scaffold.checks.networks import SERVICE_SUBNETS
from coe_scaffold.checks.operators import Demand, EndsWithNone, Exists, Link, Related
from coe_scaffold.checks.rule import Inline, Rule, Severity

RULE = Rule(
    id="subnet-udr-firewall",
    title="Subnet of a peered network: a route table leads to the firewall",
    severity=Severity.MEDIUM,
    category="network",
    owner="compliance-officer",
    resource_type="Microsoft.Network/virtualNetworks/subnets",
    path="properties.routeTable.id",
    operator=Exists(),
    when=(
        Demand("name", EndsWithNone(SERVICE_SUBNETS)),
        Demand("", Related("Microsoft.Network/virtualNetworks/virtualNetworkPeerings", Link.ANYWHERE)),
    ),
    inline=Inline("Microsoft.Network/virtualNetworks", "properties.subnets[*]"),
    profiles=("prod",),
    rationale=(
        "A network that is peered to a hub should leave through the hub's firewall, where calls are "
        "filtered and logged."
    ),
    fix="Set properties.routeTable.id to a table whose default route is the firewall.",
    azure_policy=("fc5e4038-4584-4632-8c85-c0448d374b2c",),
    alz=("Deny-Subnet-Without-Udr",),
    mcsb=("NS-3",),
    source=(
        "Azure/azure-policy",
        "Azure/Azure-Landing-Zones-Library platform/alz",
        "Azure/AI-Landing-Zones docs/architecture/design-checklist.md N-R7",
    ),
)
