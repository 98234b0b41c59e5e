"""From the resources of one environment, and what the guardrails say of them, to a drawing."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace

from coe_scaffold.model.finding import Finding, Outcome
from coe_scaffold.model.resources import Resource, ResourceGraph
from coe_scaffold.model.scope import Scope
from coe_scaffold.report.architecture.drawing import (
    Box,
    Category,
    Drawing,
    Link,
    LinkKind,
    Part,
    Tally,
    Zone,
    ZoneKind,
)
from coe_scaffold.report.architecture.facts import at, facts_of, items_at, part_name, text_at
from coe_scaffold.report.architecture.kinds import PARTS, TOGETHER, kind_of
from coe_scaffold.report.architecture.links import INTERNET, links_of, subnet_of

_NETWORK = "microsoft.network/virtualnetworks"
_OUTSIDE: Mapping[str, tuple[str, Category]] = {
    _NETWORK: ("Peered network", Category.NETWORK),
    "microsoft.network/privatednszones": ("Private DNS zones", Category.NETWORK),
    "microsoft.operationalinsights/workspaces": ("Log Analytics", Category.MONITORING),
}
_PHRASES = {
    "hub": "a hub network with a firewall, egress through it",
    "spoke": "a spoke network, peered with {names}",
    "existing": "an existing network, {names}",
    "nat": "a network of its own, egress through a NAT gateway",
    "closed": "a network of its own, without egress",
    "none": "no network",
}


def draw(title: str, subscription: Scope, graph: ResourceGraph, findings: Iterable[Finding] = ()) -> Drawing:
    """Return the drawing of what a graph makes in a subscription.

    ``title`` names the environment. What is used but made elsewhere is drawn outside; resources known
    only by a placeholder are drawn like others.
    """
    resources = tuple({item.id.key: item for item in graph.resources if not item.existing}.values())
    raw = [link for item in resources for link in links_of(item)]
    boxes = _boxes(resources, _tallies(resources, findings))
    zones = _zones(subscription, resources, boxes, raw)
    root = Zone(
        subscription.key,
        ZoneKind.SUBSCRIPTION,
        title,
        f"subscription {subscription.subscription}",
        tuple(box for place, box in boxes if place == subscription.key),
        zones,
    )
    ends = _Ends(root)
    links = _resolved(raw, ends)
    drawing = Drawing(title, _topology(resources, root), root, ends.outside, links)
    return replace(drawing, outside=tuple(sorted(drawing.outside, key=lambda box: box.title)))


def _boxes(resources: tuple[Resource, ...], tallies: Mapping[str, Tally]) -> list[tuple[str, Box]]:
    """Return (id of the subnet, group or subscription it is in, box) in the order of the resources."""
    made: dict[tuple[str, str], tuple[str, Box]] = {}
    for item in resources:
        kind = kind_of(item.type, text_at(item.body, "kind"))
        if kind is None:
            continue
        place = subnet_of(item) or _place(item)
        lower = item.type.lower()
        key = (place, lower if lower in TOGETHER else item.id.key)
        name = text_at(item.properties, "displayName") if "policyassignments" in lower else ""
        own = (name or item.name,)
        if key in made:
            box = made[key][1]
            grown = replace(box, names=box.names + own, tally=box.tally + tallies.get(item.id.key, Tally()))
            made[key] = (place, grown)
            continue
        below = [other for other in resources if other.id.key.startswith(f"{item.id.key}/")]
        parts = tuple(
            Part(other.id.key, PARTS[other.type.lower()], part_name(other))
            for other in resources
            if other.type.lower() in PARTS and _parent(other) == item.id.key
        )
        facts = facts_of(item, below)
        tally = tallies.get(item.id.key, Tally())
        made[key] = (place, Box(item.id.key, kind[0], own, kind[1], facts, parts, tally))
    order = list(Category)
    return sorted(made.values(), key=lambda entry: order.index(entry[1].category))


def _place(resource: Resource) -> str:
    group = resource.id.resource_group
    return (
        resource.id.key.partition("/providers/")[0] if group else f"/subscriptions/{resource.id.subscription}"
    )


def _parent(part: Resource) -> str:
    environment = text_at(part.properties, "environmentId") or text_at(
        part.properties, "managedEnvironmentId"
    )
    return environment.lower() if environment else part.id.key.rsplit("/", 2)[0]


def _tallies(resources: tuple[Resource, ...], findings: Iterable[Finding]) -> Mapping[str, Tally]:
    """Return the verdicts about each drawn resource, those about what lies below it included."""
    drawn = {item.id.key for item in resources if kind_of(item.type)}
    drawn |= {_parent(item) for item in resources if item.type.lower() in PARTS}
    counts: dict[str, Counter[Outcome]] = defaultdict(Counter)
    for finding in findings:
        subject = finding.subject.lower()
        while subject and subject not in drawn:
            subject = subject.rpartition("/")[0]
        if subject:
            counts[subject][finding.outcome] += 1
    order = (Outcome.PASS, Outcome.FAIL, Outcome.UNKNOWN, Outcome.EXCEPTED)
    return {key: Tally(*(count[outcome] for outcome in order)) for key, count in counts.items()}


def _zones(
    subscription: Scope, resources: tuple[Resource, ...], boxes: list[tuple[str, Box]], links: list[Link]
) -> tuple[Zone, ...]:
    """Return existing networks, then groups that hold a network, other groups, and projects."""
    used = {link.start for link in links if link.kind is LinkKind.SUBNET}
    used |= {place for place, _ in boxes if "/subnets/" in place}
    made = [item for item in resources if item.type.lower() == _NETWORK]
    networks = {item.id.key: _network(item, used, boxes) for item in made}
    strange = sorted({subnet.partition("/subnets/")[0] for subnet in used} - set(networks))
    outer = [_foreign(network, used, boxes) for network in strange]
    groups = [item for item in resources if item.type.lower() == "microsoft.resources/resourcegroups"]
    named = {item.id.key: item for item in groups}
    ids = list(named) + sorted(
        {place for place, _ in boxes if "/resourcegroups/" in place and "/subnets/" not in place} - set(named)
    )
    projects: dict[str, list[Zone]] = defaultdict(list)
    for key in ids:
        inner = tuple(zone for network, zone in networks.items() if network.startswith(f"{key}/"))
        title = named[key].name if key in named else key.rpartition("/")[2]
        gone = {box.id for network in inner for box in network.boxes}
        own = tuple(box for place, box in boxes if place == key and box.id not in gone)
        zone = Zone(key, ZoneKind.GROUP, title, _group_note(key, resources, subscription), own, inner)
        if own or inner:
            projects[text_at(named[key].body, "tags", "coe-project") if key in named else ""].append(zone)
    plain = sorted(projects.pop("", []), key=lambda zone: not zone.zones)
    framed = [
        Zone(f"project-{name}", ZoneKind.PROJECT, f"Project {name}", zones=tuple(inside))
        for name, inside in projects.items()
    ]
    return (*outer, *plain, *framed)


def _group_note(key: str, resources: Iterable[Resource], subscription: Scope) -> str:
    locked = any(item.type.lower().endswith("/locks") and item.scope.key == key for item in resources)
    other = Scope(key).subscription
    notes = ["locked against deletion" if locked else ""]
    notes.append("" if other == subscription.subscription.lower() else f"subscription {other}")
    return ", ".join(note for note in notes if note)


def _network(network: Resource, used: set[str], boxes: list[tuple[str, Box]]) -> Zone:
    subnets = []
    spare = 0
    gates = set()
    for subnet in items_at(network.properties, "subnets"):
        name = text_at(subnet, "name")
        gates.add(text_at(subnet, "properties", "natGateway", "id").lower())
        key = f"{network.id.key}/subnets/{name.lower()}"
        ranges = text_at(subnet, "properties", "addressPrefix")
        if key in used:
            subnets.append(_subnet(key, name, ranges, boxes))
        else:
            spare += 1
    ranges = ", ".join(map(str, items_at(network.properties, "addressSpace", "addressPrefixes")))
    note = ", ".join(word for word in (ranges, f"{spare} more subnets kept" if spare else "") if word)
    own = tuple(box for _, box in boxes if box.id in gates)
    return Zone(network.id.key, ZoneKind.NETWORK, network.name, note, own, tuple(subnets))


def _foreign(key: str, used: set[str], boxes: list[tuple[str, Box]]) -> Zone:
    inside = sorted(subnet for subnet in used if subnet.startswith(f"{key}/"))
    subnets = tuple(_subnet(subnet, subnet.rpartition("/")[2], "", boxes) for subnet in inside)
    return Zone(key, ZoneKind.NETWORK, key.rpartition("/")[2], "exists already", (), subnets)


def _subnet(key: str, name: str, ranges: str, boxes: list[tuple[str, Box]]) -> Zone:
    return Zone(key, ZoneKind.SUBNET, name, ranges, tuple(box for place, box in boxes if place == key))


class _Ends:
    """Finds what is drawn for a resource id; remembers what had to be drawn outside.

    ``networks`` tells in which network a box is: names are looked up for all of it.
    """

    def __init__(self, root: Zone) -> None:
        self._known = {zone.id: zone.id for zone in root.walk()}
        self._known |= {box.id: box.id for box in root.all_boxes}
        self._known |= {part.id: box.id for box in root.all_boxes for part in box.parts}
        self._groups = {
            zone.id: next((box.id for box in zone.boxes if box.title == "DNS zone"), "")
            for zone in root.walk()
        }
        self._outside: dict[str, Box] = {}
        self.networks = {
            box.id: zone.id for zone in root.walk() if zone.kind is ZoneKind.NETWORK for box in zone.all_boxes
        }

    @property
    def outside(self) -> tuple[Box, ...]:
        return tuple(self._outside.values())

    def find(self, key: str) -> str:
        if key == INTERNET:
            return self._add(key, "Internet", "what egress lets through", Category.OTHER)
        place, _, rest = key.partition("/providers/")
        if rest.startswith("microsoft.network/privatednszones/") and self._groups.get(place):
            return self._groups[place]
        inner = key
        while inner and inner not in self._known:
            inner = inner.rpartition("/")[0]
        resource_type = Scope(key).resource_type
        if inner in self._known and inner not in (place, place.partition("/resourcegroups/")[0]):
            return self._known[inner]
        if resource_type not in _OUTSIDE:
            return ""
        title, category = _OUTSIDE[resource_type]
        if "privatednszones" in resource_type:
            return self._add(f"{place}/dns", title, place.rpartition("/")[2], category)
        return self._add(key, title, key.rpartition("/")[2], category)

    def _add(self, key: str, title: str, name: str, category: Category) -> str:
        self._outside.setdefault(key, Box(key, title, (name,), category))
        return key


def _resolved(links: Iterable[Link], ends: _Ends) -> tuple[Link, ...]:
    """Return the links between what is drawn, each once."""
    kept: dict[Link, None] = {}
    for link in links:
        start, end = ends.find(link.start), ends.find(link.end)
        if link.kind is LinkKind.DNS:
            start = ends.networks.get(start, start)
        if start and end and start != end and Link(end, start, link.kind, link.label) not in kept:
            kept[replace(link, start=start, end=end)] = None
    return tuple(kept)


def _topology(resources: Iterable[Resource], root: Zone) -> str:
    networks = [zone for zone in root.walk() if zone.kind is ZoneKind.NETWORK]
    own = tuple(item for item in resources if item.id.subscription == root.id.rpartition("/")[2])
    types = {item.type.lower() for item in own}
    peered = [
        at(item.properties, "remoteVirtualNetwork", "id")
        for item in own
        if item.type.lower() == f"{_NETWORK}/virtualnetworkpeerings"
    ]
    names = ", ".join(sorted({str(network).rpartition("/")[2] for network in peered if network}))
    foreign = [zone.title for zone in networks if zone.note == "exists already"]
    if "microsoft.network/azurefirewalls" in types:
        return _PHRASES["hub"]
    if names:
        return _PHRASES["spoke"].format(names=names)
    if foreign:
        return _PHRASES["existing"].format(names=", ".join(foreign))
    if not networks:
        return _PHRASES["none"]
    return _PHRASES["nat" if "microsoft.network/natgateways" in types else "closed"]


def drawn_ids(zone: Zone) -> Iterator[str]:
    """Yield the id of a zone, of the zones below it, and of every box in them."""
    for inner in zone.walk():
        yield inner.id
        yield from (box.id for box in inner.boxes)
