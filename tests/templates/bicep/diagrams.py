"""Architecture diagrams of the landing zone, one page per topology, drawn from what the templates create.

``python -m tests.templates.bicep.readmes`` writes them; a test compares them.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Iterator
from pathlib import Path

from coe_scaffold.model.resources import Resource, ResourceGraph
from tests.templates.bicep.landing_zones import TOPOLOGIES, combination

PAGES = Path(__file__).parents[3] / "docs" / "reference" / "landing-zone"
KIND = "agent"
ENVIRONMENT = "prod"

TITLES = {
    "standalone": "A network of its own; what applications need of Azure leaves through one address.",
    "closed": "A network of its own that nothing leaves; with Grafana, Bastion, a shared registry and a "
    "private link scope.",
    "hub": "A network with the firewall that others go through, with an AI gateway; spokes are peered.",
    "spoke": "A network peered with a hub, whose firewall and private DNS zones it uses.",
    "existing": "A network, private DNS zones and a Log Analytics workspace that exist already.",
}
# Types that are drawn, with what people call them; several of one type in a group are one box.
DRAWN = {
    "Microsoft.ApiManagement/service": "AI gateway",
    "Microsoft.App/containerApps": "Container App",
    "Microsoft.App/managedEnvironments": "Container Apps environment",
    "Microsoft.CognitiveServices/accounts": "Foundry account",
    "Microsoft.CognitiveServices/accounts/deployments": "Model deployment",
    "Microsoft.CognitiveServices/accounts/projects": "Foundry project",
    "Microsoft.ContainerRegistry/registries": "Container registry",
    "Microsoft.Dashboard/grafana": "Grafana",
    "Microsoft.DocumentDB/databaseAccounts": "Cosmos DB",
    "Microsoft.Insights/actionGroups": "Action group",
    "Microsoft.Insights/components": "Application Insights",
    "Microsoft.Insights/privateLinkScopes": "Private link scope",
    "Microsoft.KeyVault/vaults": "Key vault",
    "Microsoft.ManagedIdentity/userAssignedIdentities": "Managed identity",
    "Microsoft.Network/azureFirewalls": "Firewall",
    "Microsoft.Network/bastionHosts": "Bastion",
    "Microsoft.Network/natGateways": "NAT gateway",
    "Microsoft.Network/privateDnsZones": "Private DNS zone",
    "Microsoft.Network/privateEndpoints": "Private endpoint",
    "Microsoft.Network/virtualNetworks": "Virtual network",
    "Microsoft.OperationalInsights/workspaces": "Log Analytics",
    "Microsoft.Search/searchServices": "AI Search",
    "Microsoft.Storage/storageAccounts": "Storage",
}


def render(topology: str) -> str:
    """Return the page of a topology: what it is, the diagram, and the resources by type."""
    whole = combination(ENVIRONMENT, KIND, topology)
    counted = sorted(Counter(resource.type for resource in whole.resources).items())
    return "\n".join(
        [
            f"# Landing zone, topology {topology}",
            "",
            TITLES[topology],
            "",
            f"Drawn from the templates, for a project of kind {KIND} in a strict environment; several",
            "resources of one type are one box.",
            "",
            "```mermaid",
            "flowchart LR",
            *_diagram(whole),
            "```",
            "",
            "| Resource type | Number |",
            "| --- | --- |",
            *(f"| `{name}` | {number} |" for name, number in counted),
            "",
        ]
    )


def _diagram(whole: ResourceGraph) -> Iterator[str]:
    drawn = [resource for resource in whole.resources if resource.type in DRAWN]
    for group in sorted({_group(resource) for resource in drawn}):
        yield f'  subgraph {_name(group)}["{group}"]'
        kinds = Counter(resource.type for resource in drawn if _group(resource) == group)
        for kind, number in sorted(kinds.items()):
            yield f'    {_box(group, kind)}["{DRAWN[kind]}{f" × {number}" if number > 1 else ""}"]'
        yield "  end"
    boxes = {resource.id.key: _box(_group(resource), resource.type) for resource in drawn}
    yield from sorted({f"  {edge}" for resource in whole.resources for edge in _edges(resource, boxes)})


def _edges(resource: Resource, boxes: dict[str, str]) -> Iterator[str]:
    own = boxes.get(resource.id.key, "")
    properties = resource.body.get("properties") or {}
    match resource.type:
        case "Microsoft.Network/privateEndpoints":
            target = properties["privateLinkServiceConnections"][0]["properties"]["privateLinkServiceId"]
            yield from _edge(own, boxes.get(str(target).lower()), "-->")
            yield from _edge(_network(properties["subnet"]["id"], boxes), own, "---")
        case "Microsoft.Network/virtualNetworks/virtualNetworkPeerings":
            start = boxes.get(str(resource.id).lower().partition("/virtualnetworkpeerings/")[0], "hub[Hub]")
            end = boxes.get(str(properties["remoteVirtualNetwork"]["id"]).lower(), "hub[Hub]")
            yield from _edge(start, end, "-- peering -->")
        case "Microsoft.App/managedEnvironments":
            subnet = properties["vnetConfiguration"]["infrastructureSubnetId"]
            yield from _edge(_network(subnet, boxes), own, "---")
        case "Microsoft.CognitiveServices/accounts":
            for injected in properties.get("networkInjections", ()):
                yield from _edge(_network(injected["subnetArmId"], boxes), own, "-- agents ---")
        case "Microsoft.Network/privateDnsZones/virtualNetworkLinks":
            zone = boxes.get(str(resource.id).lower().partition("/virtualnetworklinks/")[0])
            yield from _edge(zone, boxes.get(str(properties["virtualNetwork"]["id"]).lower()), "---")
        case "Microsoft.Insights/diagnosticSettings":
            observed = str(resource.id).lower().partition("/providers/microsoft.insights/diagnostic")[0]
            logs = boxes.get(str(properties["workspaceId"]).lower(), "logs[Log Analytics]")
            if boxes.get(observed) != logs:
                yield from _edge(boxes.get(observed), logs, "-. logs .->")
        case "Microsoft.Network/azureFirewalls" | "Microsoft.Network/bastionHosts":
            subnet = properties["ipConfigurations"][0]["properties"]["subnet"]["id"]
            yield from _edge(_network(subnet, boxes), own, "---")


def _network(subnet: str, boxes: dict[str, str]) -> str:
    return boxes.get(subnet.lower().partition("/subnets/")[0], "network[Virtual network]")


def _edge(start: str | None, end: str | None, line: str) -> Iterable[str]:
    return (f"{start} {line} {end}",) if start and end else ()


def _group(resource: Resource) -> str:
    return resource.id.resource_group or "subscription"


def _box(group: str, kind: str) -> str:
    return f"{_name(group)}_{_name(kind.rpartition('/')[2])}"


def _name(text: str) -> str:
    return re.sub(r"\W", "_", text)


def write() -> None:
    """Write the page of every topology."""
    PAGES.mkdir(parents=True, exist_ok=True)
    for topology in TOPOLOGIES:
        (PAGES / f"{topology}.md").write_text(render(topology))
