"""A drawing as SVG: one picture without scripts, fonts or anything loaded, readable aloud."""

from __future__ import annotations

from collections.abc import Iterable
from xml.etree import ElementTree as ET

from coe_scaffold.report.architecture.drawing import Box, Drawing, Link, LinkKind, Tally, Zone, ZoneKind
from coe_scaffold.report.architecture.icons import ICONS
from coe_scaffold.report.architecture.layout import (
    CHIP,
    LINE,
    WIDTH,
    Layout,
    Placed,
    arranged,
    box_lines,
)
from coe_scaffold.report.architecture.lettering import fitted, wide
from coe_scaffold.report.architecture.style import style
from coe_scaffold.report.architecture.wires import counted, wires

_LEGEND = 34
_MARGIN = 4


def svg(drawing: Drawing, *, prefix: str, standalone: bool = False) -> str:
    """Return the picture. ``prefix`` begins the ids of its title and description, unique in a page.

    ``standalone`` makes it a file of its own: with its namespace and style sheet, which a page that
    shows several holds once.
    """
    layout = arranged(drawing)
    height = layout.height + _LEGEND + 2 * _MARGIN
    root = ET.Element(
        "svg",
        {
            "class": "arch",
            "role": "img",
            "viewBox": f"{-_MARGIN} {-_MARGIN} {WIDTH + 2 * _MARGIN} {height:g}",
            "aria-labelledby": f"{prefix}-title {prefix}-desc",
        },
    )
    ET.SubElement(root, "title", id=f"{prefix}-title").text = f"Architecture of {drawing.title}"
    ET.SubElement(root, "desc", id=f"{prefix}-desc").text = drawing.description
    if standalone:
        root.set("xmlns", "http://www.w3.org/2000/svg")
        ET.SubElement(root, "style").text = style()
    for place in layout.places:
        _paint(root, place, drawing, layout)
    for kind, points, tips in wires(drawing, layout):
        _wire(root, kind, points, tips)
    _legend(root, layout.height + 22)
    return ET.tostring(root, encoding="unicode") + ("\n" if standalone else "")


def _paint(root: ET.Element, place: Placed, drawing: Drawing, layout: Layout) -> None:
    item = place.item
    if isinstance(item, Zone):
        _zone(root, place, item, drawing)
    elif isinstance(item, Link):
        box = layout.of(item.end)
        _chip(root, place, box.item if box and isinstance(box.item, Box) else None, item.label)
    elif place.height == CHIP:
        shown = _reached(item, drawing, layout) or item
        _chip(root, place, shown, shown.names[0], told=_told(item))
    else:
        _box(root, place, item, outside=item in drawing.outside)


def _reached(endpoint: Box, drawing: Drawing, layout: Layout) -> Box | None:
    """Return what a private endpoint leads to, if it is drawn."""
    for link in drawing.links:
        if link.start == endpoint.id and link.kind is LinkKind.PRIVATE:
            place = layout.of(link.end)
            return place.item if place and isinstance(place.item, Box) else None
    return None


_HEADS = {ZoneKind.SUBSCRIPTION: ("big", 15.0, 14, 21), ZoneKind.SUBNET: ("title", 12.5, 9, 17)}
"""Style and size of a zone's head, and where it begins."""


def _zone(root: ET.Element, place: Placed, zone: Zone, drawing: Drawing) -> None:
    _rectangle(root, place, f"zone {zone.kind.value}", 10 if zone.kind is not ZoneKind.SUBNET else 6)
    style, size, right, down = _HEADS.get(zone.kind, ("head", 13.0, 14, 21))
    left, line = place.x + right, place.y + down
    title = fitted(zone.title, place.width - 28, size, "bold")
    _text(root, left, line, title, style)
    after = left + wide(title, size, "bold") + 8
    if zone.kind is ZoneKind.PROJECT:
        _summary(root, place, zone, drawing)
        return
    if zone.note and place.right - after > 60:
        _text(root, after, line, fitted(zone.note, place.right - after - 8, 11), "note")
    if zone.kind is ZoneKind.SUBSCRIPTION:
        _text(root, place.right - 14, line, drawing.topology, "note end")


def _summary(root: ET.Element, place: Placed, zone: Zone, drawing: Drawing) -> None:
    """Say at the right of a project's head how it is connected, with the colour of each line."""
    right = place.right - 16
    for kind, words in reversed(counted(drawing, zone)):
        right -= wide(words, 11) + 2
        _text(root, right, place.y + 21, words, "note")
        right -= 14
        _coloured(ET.SubElement(root, "circle", cx=f"{right + 6:g}", cy=f"{place.y + 17:g}", r="4"), kind)
        right -= 14


def _box(root: ET.Element, place: Placed, box: Box, *, outside: bool) -> None:
    group = ET.SubElement(root, "g", style=f"color:var(--a-{box.category.value})")
    ET.SubElement(group, "title").text = _told(box)
    _rectangle(group, place, "box outside" if outside else "box", 7)
    bar = {"x": f"{place.x:g}", "y": f"{place.y + 8:g}", "width": "3", "height": f"{place.height - 16:g}"}
    ET.SubElement(group, "rect", {"class": "bar", "rx": "1.5", **bar})
    _icon(group, box, place.x + 12, place.y + 8)
    room = place.width - 34 - (_tally(group, place, box.tally) if box.tally.judged else 8)
    _text(group, place.x + 34, place.y + 20, fitted(box.label, room, 12.5, "bold"), "title")
    line = place.y + 35.0
    for kind, words in box_lines(box, place.width):
        line += _line(group, place, line, kind, words)


def _line(group: ET.Element, place: Placed, y: float, kind: str, words: str) -> float:
    """Paint one line of a box; return how high it is."""
    if kind in ("part", "more"):
        mark = {
            "class": "bar",
            "points": f"{place.x + 13:g} {y - 7:g} {place.x + 18:g} {y - 3.5:g} {place.x + 13:g} {y:g}",
        }
        if kind == "part":
            ET.SubElement(group, "polygon", mark)
        _text(group, place.x + 23, y, fitted(words, place.width - 30, 11), "")
        return LINE
    size, face = (10.5, "mono") if kind == "name" else (11, "sans")
    _text(group, place.x + 13, y, fitted(words, place.width - 22, size, face), kind)
    return LINE


def _chip(root: ET.Element, place: Placed, box: Box | None, note: str, told: str = "") -> None:
    if box is None:
        return
    group = ET.SubElement(root, "g", style=f"color:var(--a-{box.category.value})")
    ET.SubElement(group, "title").text = told or _told(box)
    _rectangle(group, place, "chip", 5)
    _icon(group, box, place.x + 6, place.y + 4.5, scale=0.8)
    title = fitted(box.title, place.width - 30, 11)
    _text(group, place.x + 25, place.y + 15, title, "")
    after = place.x + 25 + wide(title, 11) + 8
    if note and place.right - after > 40:
        _text(group, after, place.y + 15, fitted(note, place.right - after - 6, 10.5), "note")


def _told(box: Box) -> str:
    words = [
        box.label,
        *box.names,
        *(f"{part.title} {part.name}" for part in box.parts),
        *box.facts,
        str(box.tally),
    ]
    return "\n".join(word for word in words if word)


def _tally(root: ET.Element, place: Placed, tally: Tally) -> float:
    """Paint the verdicts of guardrails at the right of a box's head; return the room that takes."""
    tone, words = "good", f"✓ {tally.held}"
    if tally.failed:
        tone, words = "bad", f"✗ {tally.failed}"
    elif tally.unknown or tally.excepted:
        tone, words = "open", f"? {tally.unknown}" if tally.unknown else f"! {tally.excepted}"
    width = wide(words, 10.5) + 16
    area = Placed(place.item, place.right - width - 8, place.y + 7, width, 17)
    _rectangle(root, area, tone, 8.5)
    _text(root, area.x + 8, area.y + 12.5, words, f"tally {tone}")
    return width + 14


def _legend(root: ET.Element, y: float) -> None:
    x = 4.0
    for kind, words in (
        (LinkKind.PRIVATE, "private network"),
        (LinkKind.LOGS, "diagnostics and traces"),
        (LinkKind.EGRESS, "to the internet, or to another network"),
    ):
        line = ET.SubElement(root, "path", {"class": _class(kind), "d": f"M{x:g} {y - 4:g}h26"})
        _coloured(line, kind)
        _text(root, x + 33, y, words, "note")
        x += 33 + wide(words, 11) + 26
    for tone, mark, words in (
        ("good", "✓ n", "guardrails hold"),
        ("bad", "✗ n", "guardrails fail"),
        ("open", "? n", "known after apply"),
    ):
        _rectangle(root, Placed(Link("", "", LinkKind.LOGS), x, y - 13, 32, 17), tone, 8.5)
        _text(root, x + 7, y - 0.5, mark, f"tally {tone}")
        _text(root, x + 39, y, words, "note")
        x += 39 + wide(words, 11) + 22


def _wire(root: ET.Element, kind: LinkKind, points: Iterable[tuple[float, float]], tips: str) -> None:
    """Paint a line through points and an arrow head at its ``start``, ``end`` or both."""
    way = list(points)
    path = "M" + "L".join(f"{x:g} {y:g}" for x, y in way)
    _coloured(ET.SubElement(root, "path", {"class": _class(kind), "d": path}), kind)
    ends = {"end": [(way[-2], way[-1])], "start": [(way[1], way[0])]}
    ends["both"] = ends["end"] + ends["start"]
    for (x0, y0), (x, y) in ends.get(tips, []):
        dx, dy = (x > x0) - (x < x0), (y > y0) - (y < y0)
        sides = (
            f"{x - 7 * dx - 4 * dy:g} {y - 7 * dy - 4 * dx:g} {x - 7 * dx + 4 * dy:g} {y - 7 * dy + 4 * dx:g}"
        )
        _coloured(ET.SubElement(root, "polygon", {"class": "tip", "points": f"{x:g} {y:g} {sides}"}), kind)


def _class(kind: LinkKind) -> str:
    return "wire dashed" if kind in (LinkKind.LOGS, LinkKind.DNS) else "wire"


def _coloured(element: ET.Element, kind: LinkKind) -> None:
    names = {LinkKind.LOGS: "monitoring", LinkKind.EGRESS: "compute", LinkKind.PEERING: "compute"}
    colour = f"var(--a-{names.get(kind, 'network')})"
    element.set("style", f"color:{colour}" if element.tag != "circle" else f"fill:{colour}")


def _icon(root: ET.Element, box: Box, x: float, y: float, scale: float = 1.0) -> None:
    moved = f"translate({x:g} {y:g})" + (f" scale({scale:g})" if scale != 1.0 else "")
    ET.SubElement(root, "path", {"class": "icon", "d": ICONS[box.category], "transform": moved})


def _rectangle(root: ET.Element, place: Placed, style: str, radius: float) -> None:
    area = {"x": place.x, "y": place.y, "width": place.width, "height": place.height, "rx": radius}
    ET.SubElement(root, "rect", {"class": style, **{name: f"{value:g}" for name, value in area.items()}})


def _text(root: ET.Element, x: float, y: float, words: str, style: str) -> None:
    given = {"x": f"{x:g}", "y": f"{y:g}", **({"class": style} if style else {})}
    ET.SubElement(root, "text", given).text = words
