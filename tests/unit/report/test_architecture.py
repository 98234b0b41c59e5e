"""Architecture diagrams: everything is drawn, nothing overlaps, and both renderings show the same."""

from __future__ import annotations

import re
from dataclasses import replace
from itertools import combinations
from typing import Any
from xml.etree import ElementTree as ET

import pytest
from hypothesis import given
from hypothesis import strategies as st

from coe_scaffold.checks import context_for, run
from coe_scaffold.model.json import Unknown
from coe_scaffold.model.resources import Resource, ResourceGraph
from coe_scaffold.report.architecture import Drawing, draw, figure, markdown, mermaid, svg
from coe_scaffold.report.architecture.draw import drawn_ids
from coe_scaffold.report.architecture.drawing import Box, LinkKind, Zone, ZoneKind
from coe_scaffold.report.architecture.kinds import kind_of
from coe_scaffold.report.architecture.layout import Placed, arranged
from coe_scaffold.report.architecture.lettering import fitted, shortened, wide
from coe_scaffold.report.architecture.modules import modules
from coe_scaffold.scaffold.components import KINDS
from tests.fakes.report import report_data
from tests.templates.bicep.landing_zones import TODAY, TOPOLOGIES, combination, sample

NAMESPACE = "{http://www.w3.org/2000/svg}"
CASES = [(topology, "agent") for topology in TOPOLOGIES] + [("spoke", kind) for kind in KINDS]
SCOPE = sample().environments["prod"].scope


def drawing(topology: str, kind: str = "agent") -> Drawing:
    return draw("prod", SCOPE, combination("prod", kind, topology))


def boxes(made: Drawing) -> tuple[Box, ...]:
    return (*made.subscription.all_boxes, *made.outside)


def box(made: Drawing, title: str) -> Box:
    return next(item for item in boxes(made) if item.title == title)


@pytest.mark.parametrize(("topology", "kind"), CASES)
def test_every_resource_that_has_a_box_is_drawn_once(topology: str, kind: str) -> None:
    resources = combination("prod", kind, topology).resources
    expected = [item for item in resources if kind_of(item.type)]
    assert sum(len(item.names) for item in drawing(topology, kind).subscription.all_boxes) == len(expected)


@pytest.mark.parametrize(("topology", "kind"), CASES)
def test_links_join_what_is_drawn_and_every_private_endpoint_leads_somewhere(
    topology: str, kind: str
) -> None:
    made = drawing(topology, kind)
    known = {*drawn_ids(made.subscription), *(item.id for item in made.outside)}
    assert {end for link in made.links for end in (link.start, link.end)} <= known
    endpoints = {item.id for item in boxes(made) if item.title == "Private endpoint"}
    assert endpoints == {link.start for link in made.links if link.kind is LinkKind.PRIVATE}


def test_the_topology_is_told() -> None:
    phrases = {topology: drawing(topology).topology for topology in TOPOLOGIES}
    assert phrases == {
        "standalone": "a network of its own, egress through a NAT gateway",
        "closed": "a network of its own, without egress",
        "hub": "a hub network with a firewall, egress through it",
        "spoke": "a spoke network, peered with vnet-hub",
        "existing": "an existing network, vnet-own",
    }


def test_what_is_used_but_made_elsewhere_is_outside() -> None:
    assert [item.title for item in drawing("spoke").outside] == ["Peered network", "Private DNS zones"]
    assert [item.title for item in drawing("existing").outside] == ["Log Analytics", "Private DNS zones"]
    assert drawing("closed").outside == ()


def test_subnets_hold_their_guests_and_the_others_are_counted() -> None:
    made = drawing("hub")
    (network,) = (zone for zone in made.subscription.walk() if zone.kind is ZoneKind.NETWORK)
    assert {zone.title for zone in network.zones} == {
        "snet-endpoints", "snet-app-1", "snet-agents-1", "AzureFirewallSubnet", "AzureBastionSubnet",
        "snet-gateway",
    }  # fmt: skip
    assert network.note.endswith("14 more subnets kept")
    guests = {link.label for link in made.links if link.kind is LinkKind.SUBNET}
    assert guests == {"applications", "agents", "gateway"}


def test_facts_tell_what_matters() -> None:
    made = drawing("hub")
    foundry = box(made, "Foundry account")
    assert [part.name for part in foundry.parts] == [
        "gpt-5.2, 2026-01-15, DataZoneStandard 50K",
        "proj-claims-chat",
    ]
    assert foundry.facts == ("content filter coe-baseline", "agents run in the network")
    assert box(made, "Log Analytics").facts == ("kept 365 days",)
    assert "contoso/claims-chat, environment prod-plan" in {
        fact for item in boxes(made) for fact in item.facts
    }
    assert "openai.azure.com" in box(made, "DNS zone").short_names


def test_a_type_nobody_knows_is_drawn_by_its_name_and_unknown_values_are_left_out() -> None:
    group = SCOPE.group("rg-own")
    cache = Resource("Microsoft.Cache/redisEnterprise", "r", "1", group, {"sku": {"name": Unknown("x")}})
    made = draw("prod", SCOPE, ResourceGraph((cache,)))
    assert box(made, "Redis Enterprise").facts == ()
    assert made.topology == "no network"
    assert "Redis Enterprise" in svg(made, prefix="a")
    assert "Redis Enterprise" in mermaid(made)


def test_verdicts_are_counted_at_the_resource_they_are_about() -> None:
    chosen = sample("agent")
    whole = combination("prod", "agent", "hub")
    findings = run(whole, context_for(chosen, chosen.environments["prod"], today=TODAY))
    made = draw("prod", SCOPE, whole, findings)
    tally = box(made, "Foundry account").tally
    assert tally.held == tally.judged > 20
    assert f"✓ {tally.held}" in svg(made, prefix="a")
    placed = [replace(finding, location="m/foundry/main.bicep:3") for finding in findings]
    assert [row.name for row in modules(placed)] == ["foundry"]


def test_a_failed_guardrail_is_seen_in_the_picture_and_at_its_module() -> None:
    report = report_data().environments[1]
    shown = figure(report)
    assert "✗ 1" in shown.svg
    (foundry,) = (row for row in shown.modules if row.name == "foundry")
    assert foundry.open
    text = markdown(report)
    assert "1 fails" in text
    assert f"| foundry | {foundry.resources} |" in text
    assert "```mermaid\nflowchart LR\n" in text


@pytest.mark.parametrize(("topology", "kind"), CASES)
def test_nothing_overlaps_and_everything_is_inside_its_zone(topology: str, kind: str) -> None:
    made = drawing(topology, kind)
    layout = arranged(made)
    for zone in made.subscription.walk():
        outer = layout.of(zone.id)
        assert outer is not None
        inner = [layout.of(key) for key in [z.id for z in zone.zones] + [b.id for b in zone.boxes]]
        places = [place for place in inner if place is not None]
        assert len(places) == len(zone.zones) + len(zone.boxes)
        assert all(_holds(outer, place) for place in places)
        assert not [(one, other) for one, other in combinations(places, 2) if _meet(one, other)]
    assert max(place.bottom for place in layout.places) <= layout.height


def _holds(outer: Placed, inner: Placed) -> bool:
    across = outer.x <= inner.x and inner.right <= outer.right + 0.01
    return across and outer.y <= inner.y and inner.bottom <= outer.bottom + 0.01


def _meet(one: Placed, other: Placed) -> bool:
    apart = one.right <= other.x + 0.01 or other.right <= one.x + 0.01
    return not apart and one.y < other.bottom - 0.01 and other.y < one.bottom - 0.01


@pytest.mark.parametrize("topology", TOPOLOGIES)
def test_the_picture_is_a_file_of_its_own_that_loads_nothing(topology: str) -> None:
    made = drawing(topology)
    text = svg(made, prefix="a", standalone=True)
    root = ET.fromstring(text)
    assert root.tag == f"{NAMESPACE}svg"
    assert root.get("aria-labelledby") == "a-title a-desc"
    names = {element.get("id"): element.text for element in root if element.get("id")}
    assert names == {"a-title": "Architecture of prod", "a-desc": made.description}
    assert not re.search(r"href|url\(|<script|<image|@import", text)
    shown = {element.text for element in root.iter(f"{NAMESPACE}title")}
    for item in boxes(made):
        assert any(name and item.names[0] in name for name in shown)
    assert text == svg(made, prefix="a", standalone=True)


@pytest.mark.parametrize("topology", TOPOLOGIES)
def test_mermaid_defines_every_node_it_joins_and_closes_every_subgraph(topology: str) -> None:
    made = drawing(topology)
    lines = mermaid(made).splitlines()
    assert lines[0] == "flowchart LR"
    defined = set(re.findall(r"^\s*(?:subgraph )?(n\d+)\[", "\n".join(lines), re.M))
    joined = [re.fullmatch(r'\s*(n\d+) \S+?(?:\|".*"\|)? (n\d+)', line) for line in lines]
    ends = {name for found in joined if found for name in found.groups()}
    assert ends
    assert ends <= defined
    opened = sum(line.lstrip().startswith("subgraph ") for line in lines)
    assert opened == sum(line.strip() == "end" for line in lines)
    for item in boxes(made):
        assert item.label in mermaid(made)


@pytest.mark.parametrize("text", ['<b>"x"</b>', "a]b", "#35;", "`${x}`|"])
def test_names_cannot_break_out(text: str) -> None:
    group = SCOPE.group("rg")
    item = Resource("Microsoft.X/things", text.replace("/", ""), "1", group, {"sku": {"name": text}})
    made = draw(text, SCOPE, ResourceGraph((item,)))
    ET.fromstring(svg(made, prefix="a", standalone=True))
    inside = re.findall(r'\["(.*)"\]', mermaid(made))
    assert inside
    for words in inside:
        assert not re.search(r'["`{}|\]\[]', words)
        assert set(re.findall(r"<[^>]*>", words)) <= {"<b>", "</b>", "<br>", "<i>", "</i>"}


def test_several_projects_stand_below_each_other_each_with_its_lines() -> None:
    whole = combination("prod", "rag", "standalone")
    second = [
        replace(
            item,
            name=item.name.replace("claims-chat", "second"),
            scope=replace(item.scope, path=item.scope.path.replace("claims-chat", "second")),
            body=_renamed(item.body),
        )
        for item in whole.resources
        if "claims-chat" in item.id.path
    ]
    made = draw("prod", SCOPE, ResourceGraph((*whole.resources, *second)))
    projects = [zone for zone in made.subscription.zones if zone.kind is ZoneKind.PROJECT]
    assert [zone.title for zone in projects] == ["Project claims-chat", "Project second"]
    picture = svg(made, prefix="a")
    assert picture.count("5 private endpoints") == 2


def _renamed(value: Any) -> Any:
    if isinstance(value, dict):
        return {_renamed(key): _renamed(item) for key, item in value.items()}
    if isinstance(value, list):
        return [_renamed(item) for item in value]
    return value.replace("claims-chat", "second") if isinstance(value, str) else value


@given(st.text(max_size=80), st.floats(20, 400), st.sampled_from(["sans", "bold", "mono"]))
def test_fitted_text_fits(text: str, width: float, face: str) -> None:
    shown = fitted(text, width, 11, face)
    assert wide(shown, 11, face) <= width
    assert shown == text or (shown.endswith("…") and text.startswith(shown[:-1]))


@given(st.lists(st.text("ab-.", min_size=1, max_size=12), min_size=1, max_size=6, unique=True))
def test_shortened_names_stay_apart_and_are_parts_of_the_names(names: list[str]) -> None:
    short = shortened(tuple(names))
    assert len(set(short)) == len(names)
    assert all(part and part in name for part, name in zip(short, names, strict=True))


def test_an_empty_environment_is_drawn_too() -> None:
    made = draw("dev", SCOPE, ResourceGraph(()))
    assert isinstance(made.subscription, Zone)
    assert "No project yet." in made.description
    ET.fromstring(svg(made, prefix="a", standalone=True))
    assert mermaid(made).startswith("flowchart LR\n")
