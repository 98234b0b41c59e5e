"""Where everything of a drawing goes: rectangles from a fixed width, in the order they are painted."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from coe_scaffold.report.architecture.drawing import (
    Box,
    Category,
    Drawing,
    Link,
    LinkKind,
    Zone,
    ZoneKind,
)
from coe_scaffold.report.architecture.lettering import wrapped

WIDTH = 1180
GUTTER = 26
HEAD = 32
LINE = 14
CHIP = 22
_PAD = 12
_GAP = 10
_STRIP = 46


@dataclass(frozen=True)
class Placed:
    """A thing at a place, in user units from the top left; a Link is a guest of a subnet, drawn as a chip."""

    item: Zone | Box | Link
    x: float
    y: float
    width: float
    height: float

    @property
    def right(self) -> float:
        """The right edge."""
        return self.x + self.width

    @property
    def bottom(self) -> float:
        """The lower edge."""
        return self.y + self.height


@dataclass(frozen=True)
class Layout:
    """All places, outer ones first, and the height of the whole."""

    places: tuple[Placed, ...]
    height: float

    def of(self, key: str) -> Placed | None:
        """Return the place of the zone or box with an id."""
        return next(
            (place for place in self.places if not isinstance(place.item, Link) and place.item.id == key),
            None,
        )


def arranged(drawing: Drawing) -> Layout:
    """Return the layout of a drawing: what lies outside on top, the subscription below."""
    guests = tuple(link for link in drawing.links if link.kind is LinkKind.SUBNET)
    top = _STRIP + 34 if drawing.outside else 0
    inside = list(_zone(drawing.subscription, 0.0, float(top), float(WIDTH), guests))
    outside = list(_outside(drawing.outside))
    return Layout((*outside, *inside), inside[0].bottom)


def box_lines(box: Box, width: float) -> tuple[tuple[str, str], ...]:
    """Return what is written below a box's title as (``name``, ``fact``, ``part`` or ``more``, text)."""
    inner = width - 26
    several = len(box.names) > 1
    names = wrapped(", ".join(box.short_names), inner) if several else box.names
    lines = [("fact" if several else "name", name) for name in names]
    for part in box.parts:
        first, *more = wrapped(f"{part.title} {part.name}", inner - 12)
        lines += [("part", first), *(("more", line) for line in more)]
    lines += [("fact", line) for line in wrapped(" · ".join(box.facts), inner) if box.facts]
    return tuple(lines)


def box_height(box: Box, width: float) -> float:
    """Return how high a box of a width is."""
    return 31 + LINE * len(box_lines(box, width)) + 7


def _outside(boxes: Iterable[Box]) -> Iterator[Placed]:
    """Yield the boxes on top from the middle to the right; logs kept elsewhere last, above their line."""
    width = 196.0
    logs = [box for box in boxes if box.category is Category.MONITORING]
    for number, box in enumerate(box for box in boxes if box not in logs):
        yield Placed(box, 300 + number * (width + 24), 0, width, _STRIP)
    for number, box in enumerate(logs):
        yield Placed(box, WIDTH - width - number * (width + _GAP), 0, width, _STRIP)


def _zone(zone: Zone, x: float, y: float, width: float, guests: tuple[Link, ...]) -> Iterator[Placed]:
    match zone.kind:
        case ZoneKind.SUBSCRIPTION:
            inside = _stacked(zone, x + GUTTER, y + HEAD, width - 2 * GUTTER, guests)
        case ZoneKind.PROJECT:
            inside = _stacked(zone, x + _PAD, y + HEAD, width - 2 * _PAD, guests)
        case ZoneKind.SUBNET:
            inside = _chips(zone, x + 8, y + 26, width - 16, guests)
        case ZoneKind.NETWORK:
            inside = _network(zone, x + _PAD, y + HEAD, width - 2 * _PAD, guests)
        case _:
            inside = _group(zone, x + _PAD, y + HEAD, width - 2 * _PAD, guests)
    places = tuple(inside)
    bottom = max((place.bottom for place in places), default=y + HEAD)
    yield Placed(zone, x, y, width, bottom + (8 if zone.kind is ZoneKind.SUBNET else _PAD) - y)
    yield from places


def _stacked(zone: Zone, x: float, y: float, width: float, guests: tuple[Link, ...]) -> Iterator[Placed]:
    for inner in zone.zones:
        places = tuple(_zone(inner, x, y, width, guests))
        yield from places
        y = places[0].bottom + _PAD
    yield from _flow(zone.boxes, x, y, width, _columns(len(zone.boxes)))


def _group(zone: Zone, x: float, y: float, width: float, guests: tuple[Link, ...]) -> Iterator[Placed]:
    if not zone.zones:
        yield from _flow(zone.boxes, x, y, width, _columns(len(zone.boxes)))
        return
    left = (width - _GAP) * 0.53
    below = y
    for inner in zone.zones:
        places = tuple(_zone(inner, x, below, left, guests))
        yield from places
        below = places[0].bottom + _GAP
    yield from _flow(zone.boxes, x + left + _GAP, y, width - left - _GAP, 2)


def _network(zone: Zone, x: float, y: float, width: float, guests: tuple[Link, ...]) -> Iterator[Placed]:
    columns = 2 if len(zone.zones) > 1 else 1
    own = (width - (columns - 1) * _GAP) / columns
    bottoms = [y] * columns
    for inner in zone.zones:
        column = bottoms.index(min(bottoms))
        places = tuple(_zone(inner, x + column * (own + _GAP), bottoms[column], own, guests))
        yield from places
        bottoms[column] = places[0].bottom + _GAP
    yield from _flow(zone.boxes, x, max(bottoms), width, columns)


def _chips(zone: Zone, x: float, y: float, width: float, guests: tuple[Link, ...]) -> Iterator[Placed]:
    columns = 2 if width > 380 else 1
    own = (width - (columns - 1) * 6) / columns
    items: list[Box | Link] = [*zone.boxes, *(link for link in guests if link.start == zone.id)]
    for number, item in enumerate(items):
        row, column = divmod(number, columns)
        yield Placed(item, x + column * (own + 6), y + row * (CHIP + 4), own, CHIP)


def _columns(number: int) -> int:
    """Return in how many columns boxes over the whole width look even: three or four."""
    return 3 if number in (1, 2, 3, 5, 6, 9) else 4


def _flow(boxes: Iterable[Box], x: float, y: float, width: float, columns: int) -> Iterator[Placed]:
    """Yield boxes in columns, each below the shortest; monitoring goes to the last one, where logs arrive."""
    own = (width - (columns - 1) * _GAP) / columns
    bottoms = [y] * columns
    for box in boxes:
        shortest = bottoms.index(min(bottoms))
        column = int(box.category is Category.MONITORING) if columns == 2 else shortest
        height = box_height(box, own)
        yield Placed(box, x + column * (own + _GAP), bottoms[column], own, height)
        bottoms[column] += height + _GAP
