"""What network guardrails share: subnets with names of Azure's, and the DNS names of an AI account."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from coe_scaffold.checks.judge import applies
from coe_scaffold.checks.operators import (
    All,
    Demand,
    EndsWithNone,
    Equals,
    Link,
    OneOf,
    Related,
    Subject,
    Verdict,
)
from coe_scaffold.checks.paths import resolve
from coe_scaffold.model.finding import Outcome
from coe_scaffold.model.json import Unknown, Value

BASTION_SUBNET = "AzureBastionSubnet"
"""Azure's name for the subnet of Bastion, which takes a network security group, but no route table."""

_UNGUARDED = ("AzureFirewallSubnet", "AzureFirewallManagementSubnet", "GatewaySubnet", "RouteServerSubnet")


TAKES_NSG = Demand("name", EndsWithNone(_UNGUARDED))
"""A subnet whose name is none of those where Azure supports no network security group."""

TAKES_ROUTES = Demand("name", EndsWithNone((*_UNGUARDED, BASTION_SUBNET)))
"""A subnet whose name is none of those whose routes Azure decides."""

_GROUP = "Microsoft.Network/networkSecurityGroups"
_AT = "properties.networkSecurityGroup.id"
_USERS = (
    Related("Microsoft.Network/virtualNetworks", Link.REFERENCE, each="properties.subnets[*]", at=_AT),
    Related("Microsoft.Network/virtualNetworks/subnets", Link.REFERENCE, at=_AT),
    Related("Microsoft.Network/networkInterfaces", Link.REFERENCE, at=_AT),
)
_HTTPS = All(
    (
        Demand("protocol", Equals("Tcp")),
        Demand("destinationPortRange", OneOf(("443", None))),
        Demand("destinationPortRanges[*]", OneOf(("443", None))),
    )
)

ZONES = (
    "privatelink.cognitiveservices.azure.com",
    "privatelink.openai.azure.com",
    "privatelink.services.ai.azure.com",
)
"""Private DNS zones of the three names an AI account answers on."""


def beside_bastion(subject: Subject, rule: Value) -> Iterator[Verdict]:
    """Yield FAIL for the one security rule by which a Bastion is reached, PASS for every other.

    That is HTTPS in a network security group that nothing uses but subnets named AzureBastionSubnet.
    ``rule`` holds the rule's properties.
    """
    own = subject.resource
    group = replace(own, type=_GROUP, name=own.name.partition("/")[0])
    users = [user for operator in _USERS for user in subject.relations.of(operator, group)]
    names = {_last_name(root) for root, _ in users}
    https = applies((Demand("", _HTTPS),), rule, subject)
    if https is Outcome.FAIL or names != {BASTION_SUBNET.lower()}:
        outcome = Outcome.PASS
    else:
        certain = https is Outcome.PASS and all(link is Outcome.PASS for _, link in users)
        outcome = Outcome.FAIL if certain else Outcome.UNKNOWN
    yield Verdict(outcome, "properties")


def _last_name(subnet: Value) -> str:
    (name,) = resolve(subnet, "name")
    return str(name.value).rpartition("/")[2].lower()


def three_zones(subject: Subject, configs: Value) -> Iterator[Verdict]:
    """Yield whether a DNS zone group registers an AI account's three names.

    ``configs`` is the group's ``privateDnsZoneConfigs``.
    """
    ids = [hit.value for hit in resolve(configs, "[*].properties.privateDnsZoneId")]
    named = {str(zone).rpartition("/")[2].lower() for zone in ids if not isinstance(zone, Unknown)}
    missing = [zone for zone in ZONES if zone not in named]
    unclear = any(isinstance(zone, Unknown) for zone in ids)
    outcome = Outcome.PASS if not missing else Outcome.UNKNOWN if unclear else Outcome.FAIL
    actual = "without " + ", ".join(missing) if missing else list(ZONES)
    yield Verdict(outcome, "properties.privateDnsZoneConfigs", actual, list(ZONES))
