"""Which resource belongs where, and which uses which: read from properties, ends told as resource ids."""

from __future__ import annotations

from collections.abc import Iterator

from coe_scaffold.model.resources import Resource
from coe_scaffold.report.architecture.drawing import Link, LinkKind
from coe_scaffold.report.architecture.facts import items_at, text_at

INTERNET = "internet"
"""End of a link that leaves for the internet."""

_LIVES = (
    "microsoft.network/privateendpoints",
    "microsoft.network/azurefirewalls",
    "microsoft.network/bastionhosts",
)


def subnet_of(resource: Resource) -> str:
    """Return the id, in lower case, of the subnet an endpoint, firewall or Bastion lives in, or empty."""
    if resource.type.lower() not in _LIVES:
        return ""
    own = text_at(resource.properties, "subnet", "id")
    inner = text_at(resource.properties, "ipConfigurations", 0, "properties", "subnet", "id")
    return (own or inner).lower()


def links_of(resource: Resource) -> Iterator[Link]:
    """Yield what a resource uses or reaches, by ids in lower case, whether they are drawn or not."""
    for end, kind, label in _uses(resource):
        if end:
            yield Link(_start(resource), end.lower(), kind, label)
    for subnet, label in _subnets(resource):
        if subnet:
            yield Link(subnet.lower(), resource.id.key, LinkKind.SUBNET, label)


def _start(resource: Resource) -> str:
    match resource.type.lower():
        case "microsoft.insights/diagnosticsettings":
            return resource.scope.key
        case "microsoft.network/virtualnetworks/virtualnetworkpeerings":
            return resource.id.key.rpartition("/virtualnetworkpeerings/")[0]
        case _:
            return resource.id.key


def _uses(resource: Resource) -> Iterator[tuple[str, LinkKind, str]]:
    properties = resource.properties
    match resource.type.lower():
        case "microsoft.network/privateendpoints":
            for member in ("privateLinkServiceConnections", "manualPrivateLinkServiceConnections"):
                for connection in items_at(properties, member):
                    label = text_at(connection, "properties", "groupIds", 0)
                    yield text_at(connection, "properties", "privateLinkServiceId"), LinkKind.PRIVATE, label
        case "microsoft.network/privateendpoints/privatednszonegroups":
            for item in items_at(properties, "privateDnsZoneConfigs"):
                yield text_at(item, "properties", "privateDnsZoneId"), LinkKind.DNS, ""
        case "microsoft.network/privatednszones/virtualnetworklinks":
            yield text_at(properties, "virtualNetwork", "id"), LinkKind.DNS, ""
        case "microsoft.network/virtualnetworks/virtualnetworkpeerings":
            yield text_at(properties, "remoteVirtualNetwork", "id"), LinkKind.PEERING, "peering"
        case "microsoft.network/natgateways" | "microsoft.network/azurefirewalls":
            yield INTERNET, LinkKind.EGRESS, "egress"
        case "microsoft.insights/diagnosticsettings":
            yield text_at(properties, "workspaceId"), LinkKind.LOGS, ""
        case "microsoft.insights/components":
            yield text_at(properties, "WorkspaceResourceId"), LinkKind.LOGS, ""


def _subnets(resource: Resource) -> Iterator[tuple[str, str]]:
    properties = resource.properties
    match resource.type.lower():
        case "microsoft.app/managedenvironments":
            yield text_at(properties, "vnetConfiguration", "infrastructureSubnetId"), "applications"
        case "microsoft.cognitiveservices/accounts":
            for injected in items_at(properties, "networkInjections"):
                yield text_at(injected, "subnetArmId"), "agents"
        case "microsoft.apimanagement/service":
            yield text_at(properties, "virtualNetworkConfiguration", "subnetResourceId"), "gateway"
