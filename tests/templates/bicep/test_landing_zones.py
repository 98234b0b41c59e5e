"""What the shipped templates would create: the list, names, tags, references, guardrails."""

from __future__ import annotations

import os
import re
from collections.abc import Mapping
from itertools import pairwise, product
from pathlib import Path
from xml.etree import ElementTree

import pytest

from coe_scaffold.catalog import naming
from coe_scaffold.checks import context_for, run
from coe_scaffold.errors import CompileError, ProblemsError
from coe_scaffold.model.finding import Outcome
from coe_scaffold.model.json import Unknown, strings, unknowns
from coe_scaffold.model.resources import Resource, ResourceGraph
from coe_scaffold.scaffold.components import KINDS
from tests.fakes.workspace import TENANT, settings
from tests.templates.bicep.landing_zones import (
    ENVIRONMENTS,
    TEMPLATES,
    TODAY,
    TOPOLOGIES,
    combination,
    compiled,
    everything,
    graph,
    line,
    sample,
    values,
)

GOLDEN = Path(__file__).parents[2] / "golden" / "landing-zone"
ROLE_ASSIGNMENT = "Microsoft.Authorization/roleAssignments"
WITHOUT_TAGS = {
    "Microsoft.Authorization", "Microsoft.Consumption", "Microsoft.Security",
}  # fmt: skip
CHILDREN_WITH_TAGS = {
    "Microsoft.CognitiveServices/accounts/deployments",
    "Microsoft.CognitiveServices/accounts/projects",
    "Microsoft.CognitiveServices/accounts/raiPolicies",
    "Microsoft.KeyVault/vaults/keys",
    "Microsoft.Network/privateDnsZones/virtualNetworkLinks",
}


@pytest.mark.parametrize("environment", ENVIRONMENTS)
def test_list_of_resources(environment: str) -> None:
    """``COE_UPDATE_GOLDEN=1`` writes the list anew."""
    parts = [[f"# {name}", *map(line, graph(name, environment).resources)] for name in TEMPLATES]
    text = "\n\n".join("\n".join(part) for part in parts) + "\n"
    file = GOLDEN / f"{environment}.txt"
    if os.environ.get("COE_UPDATE_GOLDEN"):
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(text)
    assert text == file.read_text()


@pytest.mark.parametrize("topology", TOPOLOGIES)
@pytest.mark.parametrize("kind", KINDS)
def test_azure_would_take_every_name(kind: str, topology: str) -> None:
    rules = naming()
    found = [
        (resource.type, problem)
        for resource in combination("prod", kind, topology).resources
        for problem in rules.problems(resource.type, resource.name)
    ]
    assert not found


@pytest.mark.parametrize("topology", TOPOLOGIES)
@pytest.mark.parametrize("kind", KINDS)
def test_names_start_with_the_usual_abbreviation(kind: str, topology: str) -> None:
    rules = naming()
    found = []
    for resource in combination("prod", kind, topology).resources:
        short = rules.abbreviation(resource.type, str(resource.body.get("kind", "")))
        last = resource.name.rsplit("/", 1)[-1]
        if short and resource.type.count("/") == 1 and not last.startswith(short):
            found.append((resource.type, resource.name, short))
    assert not found


@pytest.mark.parametrize(
    "changed",
    [
        {"prefix": "abcdef", "environmentName": "longname", "location": "southafricanorth"},
        {"prefix": "ab", "environmentName": "qa", "location": "southafricanorth"},
        {"prefix": "ab", "environmentName": "qa", "location": "newregionofthefuture"},
    ],
)
def test_the_longest_and_shortest_names_fit(changed: dict[str, str]) -> None:
    rules = naming()
    for name, kind in product(("a" * 20, "a-b-c-d-e-f-g-h-i-10", "abc"), KINDS):
        application: object = {"image": "registry.example/app:1"}
        whole = ResourceGraph(
            graph(
                "project", "prod", kind, **{**changed, "projectName": name, "application": application}
            ).resources
            + graph("platform", "prod", **changed).resources
        )
        found = [
            (item.name, problem)
            for item in whole.resources
            for problem in rules.problems(item.type, item.name)
        ]
        assert not found


def test_projects_with_the_same_start_get_names_of_their_own() -> None:
    graphs = [graph("project", "dev", projectName=f"customer-service-{end}") for end in ("a", "b")]
    for kind in ("Microsoft.KeyVault/vaults", "Microsoft.Storage/storageAccounts"):
        (first,), (second,) = (found.of_type(kind) for found in graphs)
        assert first.name != second.name


def test_global_names_differ_between_environments_and_subscriptions() -> None:
    rules = naming()
    names: list[str] = []
    for environment in ENVIRONMENTS:
        for resource in everything(environment).resources:
            rule = rules.rule(resource.type)
            if rule is not None and rule.scope == "global":
                names.append(resource.name)
    assert len(names) == len(set(names)) >= 12


@pytest.mark.parametrize("environment", ENVIRONMENTS)
@pytest.mark.parametrize("template", TEMPLATES)
def test_everything_that_takes_tags_says_whose_it_is(template: str, environment: str) -> None:
    for resource in graph(template, environment).resources:
        tags = resource.body.get("tags")
        top = resource.type.count("/") == 1 and resource.type != "Microsoft.Insights/diagnosticSettings"
        takes = top and resource.type.split("/")[0] not in WITHOUT_TAGS
        assert (tags is not None) == (takes or resource.type in CHILDREN_WITH_TAGS), line(resource)
        if tags is None:
            continue
        assert tags["managed-by"] == "coe-scaffold"
        assert tags["coe-environment"] == tags["environment"] == environment
        assert tags["costCenter"] == "4711"
        assert tags.get("coe-project") == ("claims-chat" if template == "project" else None)


@pytest.mark.parametrize("environment", ENVIRONMENTS)
def test_resource_groups_follow_the_convention(environment: str) -> None:
    groups = everything(environment).of_type("Microsoft.Resources/resourceGroups")
    assert {(group.name, group.body["tags"]["coe-scope"]) for group in groups} == {
        (f"rg-cto-platform-{environment}-sdc", "platform"),
        (f"rg-cto-claims-chat-{environment}-sdc", "project"),
        (f"rg-cto-claims-chat-id-{environment}-sdc", "identity"),
    }


@pytest.mark.parametrize("topology", ["standalone", "closed", "hub"])
@pytest.mark.parametrize("kind", KINDS)
def test_everything_a_resource_points_to_exists(kind: str, topology: str) -> None:
    """Ids between the two templates are found by name; a typo there would be an unknown id here."""
    resources = combination("prod", kind, topology).resources
    known = {str(resource.id).lower() for resource in resources}
    for resource in resources:
        for subnet in (resource.body.get("properties") or {}).get("subnets", ()):
            known.add(f"{resource.id}/subnets/{subnet['name']}".lower())
    targets = [
        (line(resource), text)
        for resource in resources
        for text in map(str.lower, strings(resource.body))
        if text.startswith("/subscriptions/") and not re.search(r"/(sqlr|r)oledefinitions/", text)
    ]
    assert len(targets) > 40
    assert not [(place, target) for place, target in targets if target not in known]


@pytest.mark.parametrize("environment", ENVIRONMENTS)
def test_only_object_ids_of_identities_are_unknown_before_deployment(environment: str) -> None:
    found = {
        (resource.type, unknown.expression)
        for resource in everything(environment).resources
        for unknown in unknowns(resource.body)
    }
    assert {kind for kind, _ in found} == {ROLE_ASSIGNMENT}
    assert all("principalId" in expression for _, expression in found)


@pytest.mark.parametrize(
    ("topology", "hop", "rules"),
    [
        ("standalone", {"nextHopType": "Internet"}, {"AllowAzureMonitor", "DenyInternetOutbound"}),
        ("closed", {"nextHopType": "None"}, {"DenyInternetOutbound"}),
        ("hub", {"nextHopType": "VirtualAppliance", "nextHopIpAddress": "10.102.15.4"}, set()),
        ("spoke", {"nextHopType": "VirtualAppliance", "nextHopIpAddress": "10.0.15.4"}, set()),
    ],
)
def test_how_traffic_leaves(topology: str, hop: dict[str, str], rules: set[str]) -> None:
    whole = combination("prod", "rag", topology)
    (table,) = whole.of_type("Microsoft.Network/routeTables")
    assert table.properties["routes"][0]["properties"] == {"addressPrefix": "0.0.0.0/0", **hop}
    guard = next(
        item
        for item in whole.of_type("Microsoft.Network/networkSecurityGroups")
        if item.name.startswith("nsg-app-")
    )
    outbound = {
        item["name"]
        for item in guard.properties["securityRules"]
        if item["properties"]["direction"] == "Outbound"
    }
    assert rules <= outbound
    assert bool(rules) == bool(outbound)
    assert len(whole.of_type("Microsoft.Network/natGateways")) == (topology == "standalone")
    assert len(whole.of_type("Microsoft.Network/azureFirewalls")) == (topology == "hub")


def test_subnets_of_projects_are_halves_of_their_range() -> None:
    (network,) = graph("platform", "dev").of_type("Microsoft.Network/virtualNetworks")
    ranges = {item["name"]: item["properties"]["addressPrefix"] for item in network.properties["subnets"]}
    assert len(ranges) == 17
    assert ranges["snet-app-1"] == "10.100.4.0/26"
    assert ranges["snet-agents-1"] == "10.100.4.64/26"
    assert ranges["snet-agents-8"] == "10.100.7.192/26"


def test_policies_of_the_network_hold_on_private_endpoints_in_every_subnet_of_ours() -> None:
    """Azure landing zones deny subnets without; those of Azure's services are left out there too."""
    (network,) = combination("prod", "rag", "hub").of_type("Microsoft.Network/virtualNetworks")
    held = {
        item["name"]: item["properties"].get("privateEndpointNetworkPolicies")
        for item in network.properties["subnets"]
    }
    assert held.keys() > {"snet-gateway", "snet-endpoints", "snet-app-1", "snet-agents-8"}
    assert {name for name, value in held.items() if value != "Enabled"} == {
        "AzureFirewallSubnet", "AzureBastionSubnet",
    }  # fmt: skip


def test_bastion_has_the_flows_that_azure_demands_and_no_other() -> None:
    whole = combination("prod", "rag", "hub")
    (network,) = whole.of_type("Microsoft.Network/virtualNetworks")
    (subnet,) = (item for item in network.properties["subnets"] if item["name"] == "AzureBastionSubnet")
    (group,) = (
        item
        for item in whole.of_type("Microsoft.Network/networkSecurityGroups")
        if str(item.id) == subnet["properties"]["networkSecurityGroup"]["id"]
    )
    rules = [rule["properties"] for rule in group.properties["securityRules"]]
    assert [
        (
            rule["direction"],
            rule["sourceAddressPrefix"],
            rule["destinationAddressPrefix"],
            ports,
            rule["protocol"],
        )
        for rule in rules
        if rule["access"] == "Allow" and (ports := " ".join(rule["destinationPortRanges"]))
    ] == [
        ("Inbound", "Internet", "*", "443", "Tcp"),
        ("Inbound", "GatewayManager", "*", "443", "Tcp"),
        ("Inbound", "AzureLoadBalancer", "*", "443", "Tcp"),
        ("Inbound", "VirtualNetwork", "VirtualNetwork", "8080 5701", "*"),
        ("Outbound", "*", "VirtualNetwork", "22 3389", "*"),
        ("Outbound", "*", "AzureCloud", "443", "Tcp"),
        ("Outbound", "VirtualNetwork", "VirtualNetwork", "8080 5701", "*"),
        ("Outbound", "*", "Internet", "80", "*"),
    ]
    assert {rule["direction"] for rule in rules if rule["access"] == "Deny"} == {"Inbound", "Outbound"}


def test_bastion_may_be_reached_from_some_addresses_only() -> None:
    given = {**values("platform", "dev")["network"], "bastion": True, "bastionSources": ["203.0.113.0/24"]}
    groups = graph("platform", "dev", network=given).of_type("Microsoft.Network/networkSecurityGroups")
    (group,) = (item for item in groups if "bastion" in item.name)
    door = group.properties["securityRules"][0]["properties"]
    assert door["sourceAddressPrefixes"] == ["203.0.113.0/24"]
    assert "sourceAddressPrefix" not in door


def test_a_spoke_is_peered_in_both_directions_and_uses_the_zones_of_the_hub() -> None:
    whole = combination("prod", "rag", "spoke")
    peerings = whole.of_type("Microsoft.Network/virtualNetworks/virtualNetworkPeerings")
    assert {item.name for item in peerings} == {
        "vnet-cto-platform-prod-sdc/peer-vnet-hub", "vnet-hub/peer-vnet-cto-platform-prod-sdc",
    }  # fmt: skip
    assert not whole.of_type("Microsoft.Network/privateDnsZones")


def test_the_application_is_found_by_name_in_the_networks_that_resolve_its_zone() -> None:
    zone = {"domain": "sample.azurecontainerapps.example"}
    for given, networks in (
        (zone, ["vnet-cto-platform-prod-sdc"]),
        ({**zone, "networkIds": ["/x/h"]}, ["h"]),
    ):
        whole = graph("project", "prod", appZone=given)
        records = whole.of_type("Microsoft.Network/privateDnsZones/A")
        assert {item.name for item in records} == {f"{zone['domain']}/*", f"{zone['domain']}/@"}
        assert all(isinstance(item.properties["aRecords"][0]["ipv4Address"], Unknown) for item in records)
        links = whole.of_type("Microsoft.Network/privateDnsZones/virtualNetworkLinks")
        assert [str(item.properties["virtualNetwork"]["id"]).rpartition("/")[2] for item in links] == networks
    assert not graph("project", "prod", kind="ml", appZone=zone).of_type("Microsoft.Network/privateDnsZones")


def test_people_sign_in_before_the_application_and_the_smoke_test_need_not() -> None:
    kind, client = "Microsoft.App/containerApps/authConfigs", "70000000-0000-4000-8000-000000000001"
    image = {"image": "registry.example/app:1"}
    whole = graph("project", "prod", application=image, signIn={"clientId": client})
    (authentication,) = whole.of_type(kind)
    (app,) = whole.of_type("Microsoft.App/containerApps")
    assert str(authentication.id) == f"{app.id}/authConfigs/current"
    asked = authentication.properties["globalValidation"]
    assert asked["unauthenticatedClientAction"] == "RedirectToLoginPage"
    assert asked["excludedPaths"] == ["/healthz", "/readyz"]
    entra = authentication.properties["identityProviders"]["azureActiveDirectory"]
    issuer = f"https://login.microsoftonline.com/{TENANT}/v2.0"
    assert entra["registration"] == {"clientId": client, "openIdIssuer": issuer}
    assert entra["validation"] == {"allowedAudiences": [client]}
    assert "secret" not in str(authentication.properties).lower()
    assert not graph("project", "prod", application=image).of_type(kind)
    assert not graph("project", "prod", signIn={"clientId": client}).of_type(kind)


def test_what_exists_already_is_not_created() -> None:
    whole = combination("prod", "agent", "existing")
    for kind in ("virtualNetworks", "privateDnsZones", "networkSecurityGroups", "routeTables"):
        assert not whole.of_type(f"Microsoft.Network/{kind}")
    assert not whole.of_type("Microsoft.OperationalInsights/workspaces")
    (environment,) = whole.of_type("Microsoft.App/managedEnvironments")
    subnet = environment.properties["vnetConfiguration"]["infrastructureSubnetId"]
    assert subnet.endswith("/vnet-own/subnets/app")


def test_options_of_a_platform() -> None:
    without = graph("platform", "dev")
    added = combination("dev", "rag", "closed")
    for kind in (
        "Microsoft.Dashboard/grafana",
        "Microsoft.Insights/privateLinkScopes",
        "Microsoft.Network/bastionHosts",
    ):
        assert not without.of_type(kind)
        assert len(added.of_type(kind)) == 1


def test_the_gateway_limits_counts_and_filters_without_keys() -> None:
    whole = combination("prod", "rag", "hub")
    (service,) = whole.of_type("Microsoft.ApiManagement/service")
    assert service.properties["publicNetworkAccess"] == "Disabled"
    (api,) = whole.of_type("Microsoft.ApiManagement/service/apis")
    assert api.properties["subscriptionRequired"] is False
    (policy,) = whole.of_type("Microsoft.ApiManagement/service/apis/policies")
    inbound = ElementTree.fromstring(policy.properties["value"]).find("inbound")
    assert inbound is not None
    assert [element.tag for element in inbound] == [
        "base", "validate-azure-ad-token", "llm-token-limit", "llm-content-safety", "llm-emit-token-metric",
        "authentication-managed-identity", "set-backend-service",
    ]  # fmt: skip
    assert inbound.findtext(".//application-id") == "50000000-0000-4000-8000-000000000001"
    assert not graph("platform", "prod").of_type("Microsoft.ApiManagement/service")


def test_the_semantic_cache_is_a_choice() -> None:
    chosen = {**_gateway(), "semanticCache": {
        "embeddingsUrl": "https://e.example", "scoreThreshold": "0.05", "seconds": 60,
    }}  # fmt: skip
    whole = graph("platform", "prod", gateway=chosen)
    (policy,) = whole.of_type("Microsoft.ApiManagement/service/apis/policies")
    document = ElementTree.fromstring(policy.properties["value"])
    assert document.find("inbound/llm-semantic-cache-lookup") is not None
    assert document.find("outbound/llm-semantic-cache-store") is not None


def _gateway() -> Mapping[str, object]:
    chosen = TOPOLOGIES["hub"][1]["gateway"]
    assert isinstance(chosen, Mapping)
    return chosen


def test_every_function_with_an_address_has_an_action_group() -> None:
    groups = graph("platform", "dev").of_type("Microsoft.Insights/actionGroups")
    assert len(groups) == len(settings().functions) + 2
    told = {item.name: item.properties["emailReceivers"][0]["emailAddress"] for item in groups}
    assert told["ag-mlops-engineer-cto-platform-dev-sdc"] == "mlops-engineers@contoso.example"


@pytest.mark.parametrize(
    ("template", "parameter", "value"),
    [
        ("platform", "evidenceDays", 30),
        ("platform", "profile", "lax"),
        ("platform", "monitoring", {"retentionDays": 30, "dailyQuotaGb": 5}),
        ("platform", "monitoring", {"retentionDays": 180}),
        ("project", "models", [{"name": "chat", "model": "gpt-5.2"}]),
        ("project", "prefix", "a"),
    ],
)
def test_values_out_of_bounds_are_refused(template: str, parameter: str, value: object) -> None:
    with pytest.raises(CompileError):
        graph(template, "dev", "rag", **{parameter: value})


@pytest.mark.parametrize(
    ("changed", "named"),
    [
        ({"topology": "spoke", "firewallAddress": "10.0.15.4"}, "hubNetworkId"),
        ({"egress": "firewall"}, "firewallAddress"),
        ({"topology": "hub", "servicePrefix": None}, "servicePrefix"),
        ({"bastion": True, "servicePrefix": None}, "servicePrefix"),
    ],
)
def test_choices_that_do_not_go_together_are_refused(changed: dict[str, object], named: str) -> None:
    network = {**values("platform", "dev")["network"], **changed}
    given = {key: value for key, value in network.items() if value is not None}
    with pytest.raises(ProblemsError, match=named):
        graph("platform", "dev", network=given)
    assert graph("platform", "dev", network={**given, "existing": TOPOLOGIES["existing"][0]["existing"]})


@pytest.mark.parametrize("topology", TOPOLOGIES)
@pytest.mark.parametrize("kind", KINDS)
def test_guardrails_hold(kind: str, topology: str) -> None:
    chosen = sample(kind)
    for environment in chosen.environments.values():
        whole = combination(environment.name, kind, topology)
        findings = run(whole, context_for(chosen, environment, today=TODAY))
        bad = [
            (found.rule, found.subject, found.message)
            for found in findings
            if found.outcome is not Outcome.PASS
        ]
        assert not bad
        assert len({found.rule for found in findings}) > 40


def test_production_is_strict_and_development_is_not() -> None:
    for environment, strict in (("dev", False), ("prod", True)):
        whole = everything(environment)
        assert len(whole.of_type("Microsoft.Authorization/locks")) == (3 if strict else 0)
        assert len(whole.of_type("Microsoft.Security/pricings")) == (7 if strict else 1)
        (search,) = whole.of_type("Microsoft.Search/searchServices")
        assert search.properties["replicaCount"] == (3 if strict else 1)
        (account,) = whole.of_type("Microsoft.CognitiveServices/accounts")
        assert account.properties["restrictOutboundNetworkAccess"] is strict
        (registry,) = whole.of_type("Microsoft.ContainerRegistry/registries")
        assert registry.properties["zoneRedundancy"] == ("Enabled" if strict else "Disabled")
        skus = {item.body["sku"]["name"] for item in whole.of_type("Microsoft.Storage/storageAccounts")}
        assert skus == {"Standard_ZRS" if strict else "Standard_LRS"}


def test_every_resource_has_a_place_in_the_source() -> None:
    for template in TEMPLATES:
        locations = compiled(template).locations
        for resource in graph(template, "prod").resources:
            assert re.fullmatch(r"\S+\.bicep:\d+", locations[resource.source]), line(resource)


@pytest.mark.parametrize("environment", ENVIRONMENTS)
def test_children_of_the_foundry_account_follow_one_another(environment: str) -> None:
    """The account refuses a second change while one is under way."""
    resources = graph("project", environment, "agent").resources
    ids = {str(resource.id).lower(): resource for resource in resources}
    children = [
        resource
        for resource in resources
        if resource.type.startswith("Microsoft.CognitiveServices/accounts/")
    ]

    def before(resource: Resource) -> set[str]:
        direct = {name for name in resource.depends_on if name in ids}
        return direct | {name for one in direct for name in before(ids[one])}

    assert len(children) >= 4
    for earlier, later in pairwise(children):
        assert str(earlier.id).lower() in before(later), f"{line(later)} does not wait for {line(earlier)}"


@pytest.mark.parametrize("environment", ENVIRONMENTS)
def test_the_content_filter_is_what_the_assigned_initiative_asks_for(environment: str) -> None:
    """Defaults of the built-in: everything enabled and blocking, mode Default; the rest is a parameter."""
    whole = everything(environment)
    (policy,) = whole.of_type("Microsoft.CognitiveServices/accounts/raiPolicies")
    asked = next(
        item.properties["parameters"]
        for item in whole.of_type("Microsoft.Authorization/policyAssignments")
        if item.properties["policyDefinitionId"].endswith("5207647b-3e83-4e28-b836-c382cb5e2a2e")
    )
    assert policy.properties["mode"] == "Default"
    for filtered in policy.properties["contentFilters"]:
        name, source = filtered["name"].replace(" ", ""), filtered["source"]
        for member in ("enabled", "blocking"):
            allowed = asked.get(f"allowed{name}{member.title()}For{source}", {"value": ["true"]})["value"]
            assert str(filtered[member]).lower() in allowed, filtered
        if "severityThreshold" in filtered:
            allowed = asked[f"allowed{name}SeveritiesFor{source}"]["value"]
            assert filtered["severityThreshold"] in allowed, filtered
    assert len(policy.properties["contentFilters"]) == 14
