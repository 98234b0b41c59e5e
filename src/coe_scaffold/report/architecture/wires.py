"""Lines of a picture: bundled between zones, around everything that stands in between."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator

from coe_scaffold.report.architecture.drawing import Category, Drawing, LinkKind, Zone, ZoneKind
from coe_scaffold.report.architecture.layout import GUTTER, WIDTH, Layout, Placed

Wire = tuple[LinkKind, tuple[tuple[float, float], ...], str]


def wires(drawing: Drawing, layout: Layout) -> Iterator[Wire]:
    """Yield (kind, points, where arrow heads are: ``start``, ``end``, ``both`` or empty) of every line.

    Lines of private networks run at the left, those of logs at the right, those to the outside on top.
    """
    yield from _private(drawing, layout)
    yield from _logs(drawing, layout)
    yield from _outward(drawing, layout)


def counted(drawing: Drawing, zone: Zone) -> list[tuple[LinkKind, str]]:
    """Return how a project is connected: by which kind of line, and in a few words."""
    inside = {box.id for box in zone.all_boxes}
    private = [link for link in drawing.links if link.kind is LinkKind.PRIVATE and link.end in inside]
    guests = Counter(
        f"{link.label or 'resources'} in {link.start.rpartition('/')[2]}"
        for link in drawing.links
        if link.kind is LinkKind.SUBNET and link.end in inside
    )
    logs = {link.start for link in drawing.links if link.kind is LinkKind.LOGS and link.start in inside}
    found = []
    if private:
        found.append((LinkKind.PRIVATE, f"{len(private)} private endpoint{'s' if len(private) != 1 else ''}"))
    found += [(LinkKind.SUBNET, words) for words in guests]
    if logs:
        found.append((LinkKind.LOGS, f"logs of {len(logs)} resource{'s' if len(logs) != 1 else ''}"))
    return found


def _framed(drawing: Drawing, layout: Layout) -> Iterator[tuple[Zone, Placed]]:
    """Yield the top zones that hold no network, with their places."""
    for zone in drawing.subscription.zones:
        place = layout.of(zone.id)
        if place and not any(inner.kind is ZoneKind.NETWORK for inner in zone.walk()):
            yield zone, place


def _private(drawing: Drawing, layout: Layout) -> Iterator[Wire]:
    networks = [zone for zone in drawing.subscription.walk() if zone.kind is ZoneKind.NETWORK]
    start = layout.of(networks[0].id) if networks else None
    if start is None:
        return
    level = start.y + min(start.height / 2, 90)
    rail = GUTTER / 2
    for zone, place in _framed(drawing, layout):
        kinds = {kind for kind, _ in counted(drawing, zone)}
        if kinds & {LinkKind.PRIVATE, LinkKind.SUBNET}:
            y = place.y + 17
            yield LinkKind.PRIVATE, ((start.x, level), (rail, level), (rail, y), (place.x, y)), "end"


def _logs(drawing: Drawing, layout: Layout) -> Iterator[Wire]:
    target = next((link.end for link in drawing.links if link.kind is LinkKind.LOGS), "")
    end = layout.of(target)
    if end is None:
        return
    rail = WIDTH - GUTTER / 2
    for zone, place in _framed(drawing, layout):
        if LinkKind.LOGS in {kind for kind, _ in counted(drawing, zone)}:
            y = place.y + 17
            first = ((place.right, y), (rail, y))
            if any(box.id == target for box in drawing.outside):
                yield LinkKind.LOGS, (*first, (rail, end.bottom)), "end"
            else:
                level = end.y + end.height / 2
                yield LinkKind.LOGS, (*first, (rail, level), (end.right, level)), "end"


def _outward(drawing: Drawing, layout: Layout) -> Iterator[Wire]:
    """Yield a line from each box outside to the first network, beside each other."""
    networks = [zone for zone in drawing.subscription.walk() if zone.kind is ZoneKind.NETWORK]
    place = layout.of(networks[0].id) if networks else None
    ways = [box for box in drawing.outside if box.category is not Category.MONITORING]
    if place is None:
        return
    for number, box in enumerate(ways):
        top = layout.of(box.id)
        if top is None:
            continue
        kind = next((link.kind for link in drawing.links if box.id in (link.start, link.end)), LinkKind.DNS)
        x = place.right - 24 - 26 * (len(ways) - 1 - number)
        middle = top.x + top.width / 2
        turn = top.bottom + 8 + 7 * (len(ways) - number)
        tips = {LinkKind.EGRESS: "start", LinkKind.PEERING: "both"}.get(kind, "")
        yield kind, ((middle, top.bottom), (middle, turn), (x, turn), (x, place.y)), tips
