"""What a review asks for at each gate, and which function approves it."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache

from coe_scaffold.catalog.shipped import read


@dataclass(frozen=True)
class EvidenceItem:
    """One piece of evidence. ``approver`` is a function id; ``tier`` the lowest risk tier that needs it;
    ``kinds`` the project kinds; ``check`` says what can be verified without a person.
    """

    id: str
    title: str
    files: str
    kinds: tuple[str, ...]
    gate: str
    approver: str
    tier: str
    check: str
    eu_ai_act: str
    nist_ai_rmf: str
    iso_42001: str
    source: tuple[str, ...]

    @property
    def rests_on(self) -> tuple[str, ...]:
        """What asks for it, each with its articles, functions or clauses."""
        named = (
            ("EU AI Act", self.eu_ai_act),
            ("NIST AI RMF", self.nist_ai_rmf),
            ("ISO/IEC 42001", self.iso_42001),
        )
        return tuple(f"{name} {where}" for name, where in named if where)


@dataclass(frozen=True)
class Evidence:
    """All items, the gates in their order, and the risk tiers from low to high."""

    date: str
    gates: tuple[str, ...]
    tiers: tuple[str, ...]
    items: tuple[EvidenceItem, ...]

    def item(self, id: str) -> EvidenceItem | None:  # noqa: A002
        """Return the item of an id, or None when there is none."""
        return next((item for item in self.items if item.id == id), None)

    def needed(self, kind: str, tier: str) -> tuple[EvidenceItem, ...]:
        """Return the items a project of a kind and risk tier needs; ValueError for an unknown tier."""
        rank = self.tiers.index(tier)
        return tuple(
            item for item in self.items if kind in item.kinds and self.tiers.index(item.tier) <= rank
        )


@cache
def evidence() -> Evidence:
    """Return the shipped evidence list."""
    document = read("evidence")
    return Evidence(
        date=document["date"],
        gates=tuple(document["gates"]),
        tiers=tuple(document["tiers"]),
        items=tuple(
            EvidenceItem(
                id=row["id"],
                title=row["title"],
                files=row["files"],
                kinds=tuple(row["kinds"]),
                gate=row["gate"],
                approver=row["approver"],
                tier=row["tier"],
                check=row["check"],
                eu_ai_act=row["euAiAct"],
                nist_ai_rmf=row["nistAiRmf"],
                iso_42001=row["iso42001"],
                source=tuple(row["source"]),
            )
            for row in document["items"]
        ),
    )
