"""A drawing as a Mermaid flowchart, for Markdown pages and wikis."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping

from coe_scaffold.report.architecture.draw import drawn_ids
from coe_scaffold.report.architecture.drawing import Box, Category, Drawing, Link, LinkKind, Zone, ZoneKind

_LINES: Mapping[LinkKind, str] = {
    LinkKind.PRIVATE: "-->",
    LinkKind.SUBNET: "---",
    LinkKind.LOGS: "-.->",
    LinkKind.DNS: "-.-",
    LinkKind.PEERING: "<-->",
    LinkKind.EGRESS: "==>",
}
_FILL: Mapping[Category, str] = {
    Category.NETWORK: "#2f6fc4",
    Category.AI: "#7a4fc0",
    Category.DATA: "#0f7f83",
    Category.COMPUTE: "#b4560f",
    Category.SECURITY: "#2c7a3f",
    Category.MONITORING: "#b03a78",
    Category.IDENTITY: "#50637a",
    Category.GOVERNANCE: "#6b6a1f",
    Category.OTHER: "#66707c",
}


def mermaid(drawing: Drawing) -> str:
    """Return the flowchart, beginning with ``flowchart LR``; logs are one line for each zone."""
    names = {key: f"n{number}" for number, key in enumerate(_ids(drawing))}
    lines = ["flowchart LR", *_zone(drawing.subscription, names, "  ")]
    lines += [f"  {line}" for box in drawing.outside for line in _box(box, names)]
    lines += [f"  {line}" for line in _links(drawing, names)]
    zones = ",".join(names[zone.id] for zone in drawing.subscription.walk() if zone.zones or zone.boxes)
    lines += [
        f"  classDef {category.value} fill:none,stroke:{fill},stroke-width:2px"
        for category, fill in _FILL.items()
    ]
    lines += ["  classDef zone fill:none,stroke:#8a96a3", f"  class {zones} zone"]
    return "\n".join(lines) + "\n"


def _ids(drawing: Drawing) -> Iterator[str]:
    yield from drawn_ids(drawing.subscription)
    yield from (box.id for box in drawing.outside)


def _zone(zone: Zone, names: Mapping[str, str], indent: str) -> Iterator[str]:
    head = _escaped(f"{zone.title} ({zone.note})" if zone.note else zone.title)
    if not zone.zones and not zone.boxes:
        yield f'{indent}{names[zone.id]}["{head}"]:::network'
        return
    yield f'{indent}subgraph {names[zone.id]}["{head}"]'
    for inner in zone.zones:
        yield from _zone(inner, names, indent + "  ")
    for box in zone.boxes:
        for line in _box(box, names):
            yield f"{indent}  {line}"
    yield f"{indent}end"


def _box(box: Box, names: Mapping[str, str]) -> Iterator[str]:
    words = [f"<b>{_escaped(box.label)}</b>", _escaped(", ".join(box.short_names))]
    words += [_escaped(f"{part.title} {part.name}") for part in box.parts]
    words += [_escaped(fact) for fact in box.facts]
    if box.tally.judged:
        words.append(f"<i>{_escaped(str(box.tally))}</i>")
    yield f'{names[box.id]}["{"<br>".join(words)}"]:::{box.category.value}'


def _links(drawing: Drawing, names: Mapping[str, str]) -> Iterator[str]:
    seen: set[Link] = set()
    for link in drawing.links:
        bundled = _bundled(link, drawing) if link.kind is LinkKind.LOGS else link
        if bundled and bundled not in seen:
            seen.add(bundled)
            label = f'|"{_escaped(bundled.label)}"|' if bundled.label else ""
            yield f"{names[bundled.start]} {_LINES[bundled.kind]}{label} {names[bundled.end]}"


def _bundled(link: Link, drawing: Drawing) -> Link | None:
    """Return a line of logs as one from the whole zone; none from the zone where the logs are kept."""
    zones = [zone for zone in drawing.subscription.walk() if zone.kind is ZoneKind.GROUP]
    home = next((zone for zone in zones if link.start in drawn_ids(zone)), None)
    if home is None or link.end in drawn_ids(home):
        return None
    return Link(home.id, link.end, link.kind, "logs")


def _escaped(text: str) -> str:
    """Return text that Mermaid shows as it is, inside quotes: what it would read is told by number."""
    return re.sub(r'["#&<>;`{}\[\]|\\]', lambda found: f"#{ord(found[0])};", text)
