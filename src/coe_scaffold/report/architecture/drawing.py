"""What a diagram shows: zones inside zones, boxes in them, and links between any of these."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum

from coe_scaffold.report.architecture.lettering import shortened


class Category(StrEnum):
    """What a resource is for; decides its colour, and its place among others, in this order."""

    AI = "ai"
    COMPUTE = "compute"
    DATA = "data"
    SECURITY = "security"
    NETWORK = "network"
    OTHER = "other"
    MONITORING = "monitoring"
    IDENTITY = "identity"
    GOVERNANCE = "governance"


class ZoneKind(StrEnum):
    """What a zone stands for."""

    SUBSCRIPTION = "subscription"
    PROJECT = "project"
    GROUP = "group"
    NETWORK = "network"
    SUBNET = "subnet"


class LinkKind(StrEnum):
    """What a link says."""

    PRIVATE = "private endpoint"
    SUBNET = "in subnet"
    LOGS = "logs"
    DNS = "names"
    PEERING = "peering"
    EGRESS = "egress"


@dataclass(frozen=True)
class Tally:
    """How many verdicts of guardrails a thing has, by outcome."""

    held: int = 0
    failed: int = 0
    unknown: int = 0
    excepted: int = 0

    @property
    def judged(self) -> int:
        """How many there are."""
        return self.held + self.failed + self.unknown + self.excepted

    def __add__(self, other: Tally) -> Tally:
        return Tally(
            self.held + other.held,
            self.failed + other.failed,
            self.unknown + other.unknown,
            self.excepted + other.excepted,
        )

    def __str__(self) -> str:
        """Return it for people: ``14 guardrails hold``, ``1 fails, 13 hold``."""
        if self.judged == self.held:
            return f"{self.held} guardrail{'s hold' if self.held != 1 else ' holds'}" if self.held else ""
        words = (
            (self.failed, "fails" if self.failed == 1 else "fail"),
            (self.unknown, "unknown before apply"),
            (self.excepted, "excepted"),
            (self.held, "holds" if self.held == 1 else "hold"),
        )
        return ", ".join(f"{number} {word}" for number, word in words if number)


@dataclass(frozen=True)
class Part:
    """Something that lives inside a resource: a model deployment in an account, an app in its environment."""

    id: str
    title: str
    name: str


@dataclass(frozen=True)
class Box:
    """One resource, or several of one kind that are shown as one.

    ``id`` is a lower-case resource id (of the first one); ``title`` is what people call the kind;
    ``names`` are the resources'; ``facts`` are short sentences about them.
    """

    id: str
    title: str
    names: tuple[str, ...]
    category: Category
    facts: tuple[str, ...] = ()
    parts: tuple[Part, ...] = ()
    tally: Tally = Tally()

    @property
    def label(self) -> str:
        """The title, with the number where there are several."""
        return f"{self.title} × {len(self.names)}" if len(self.names) > 1 else self.title

    @property
    def short_names(self) -> tuple[str, ...]:
        """The names without what all of them have in common."""
        return shortened(self.names)


@dataclass(frozen=True)
class Zone:
    """An area that holds boxes and other zones; ``note`` says in a few words what is particular about it."""

    id: str
    kind: ZoneKind
    title: str
    note: str = ""
    boxes: tuple[Box, ...] = ()
    zones: tuple[Zone, ...] = ()

    def walk(self) -> Iterator[Zone]:
        """Yield this zone and all below it."""
        yield self
        for zone in self.zones:
            yield from zone.walk()

    @property
    def all_boxes(self) -> tuple[Box, ...]:
        """The boxes of this zone and of all below it."""
        return tuple(box for zone in self.walk() for box in zone.boxes)


@dataclass(frozen=True)
class Link:
    """A line from one box or zone to another, each by its id; ``label`` may be empty."""

    start: str
    end: str
    kind: LinkKind
    label: str = ""


@dataclass(frozen=True)
class Drawing:
    """One environment: its subscription, what lies outside and is used, and the links.

    ``topology`` is a phrase such as ``standalone network, egress through a NAT gateway``.
    """

    title: str
    topology: str
    subscription: Zone
    outside: tuple[Box, ...] = ()
    links: tuple[Link, ...] = ()

    @property
    def description(self) -> str:
        """What the picture shows, as text for those who do not see it."""
        projects = [zone.title for zone in self.subscription.walk() if zone.kind is ZoneKind.PROJECT]
        endpoints = sum(link.kind is LinkKind.PRIVATE for link in self.links)
        sentences = [
            f"{self.topology[:1].upper()}{self.topology[1:]}.",
            f"{', '.join(projects)}." if projects else "No project yet.",
            f"{endpoints} private endpoint{'s' if endpoints != 1 else ''}.",
        ]
        for zone in self.subscription.walk():
            if zone.kind is ZoneKind.GROUP and zone.all_boxes:
                sentences.append(f"{zone.title} holds {', '.join(box.label for box in zone.all_boxes)}.")
        if self.outside:
            sentences.append(f"Outside: {', '.join(box.label for box in self.outside)}.")
        return " ".join(sentences)
