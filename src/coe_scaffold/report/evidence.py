"""The evidence that reviews ask for, made from the catalogue: one Markdown page, or one item."""

from __future__ import annotations

from collections.abc import Iterator

from coe_scaffold.catalog.evidence import Evidence, EvidenceItem
from coe_scaffold.catalog.functions import function
from coe_scaffold.model.json import JsonObject


def page(evidence: Evidence) -> str:
    """Return every item by gate: which file, who approves it, what is checked, what asks for it."""
    lines = [
        "# Evidence",
        "",
        "Made from the catalogue by `make docs`; do not edit.",
        "",
        f"{len(evidence.items)} items, as of {evidence.date}. `coe review` tells which of them a project "
        "owes for its kind and risk tier, and what lacks. Paths of pipelines are those of GitHub; with Azure "
        "DevOps they are in `.azuredevops/`.",
        "",
    ]
    for gate in evidence.gates:
        lines += [f"## {gate.capitalize()}", ""]
        for item in evidence.items:
            if item.gate == gate:
                lines += [f"### {item.id}", "", f"{item.title}.", ""]
                lines += [f"- {label}: {_escaped(text)}" for label, text in _facts(item)]
                lines += [""]
    return "\n".join(lines)


def as_text(item: EvidenceItem) -> str:
    """Return an item for a terminal."""
    lines = [f"  {label}: {text.replace('`', '')}" for label, text in _facts(item)]
    return "\n".join([f"{item.id}  {item.title}", *lines])


def as_json(item: EvidenceItem) -> JsonObject:
    """Return an item with every field."""
    return {
        "id": item.id,
        "title": item.title,
        "gate": item.gate,
        "approver": item.approver,
        "tier": item.tier,
        "kinds": list(item.kinds),
        "files": item.files,
        "check": item.check,
        "euAiAct": item.eu_ai_act,
        "nistAiRmf": item.nist_ai_rmf,
        "iso42001": item.iso_42001,
        "source": list(item.source),
    }


def _facts(item: EvidenceItem) -> Iterator[tuple[str, str]]:
    """Yield what is known of an item besides its title: labels, and Markdown."""
    yield "Gate", f"{item.gate}; approver: {function(item.approver).title}"
    yield "Files", f"`{item.files}`"
    yield "Owed by", f"{', '.join(item.kinds)}; from risk tier {item.tier} on"
    yield "Checked", item.check
    yield "Asked for by", "; ".join(item.rests_on)
    yield "Source", ", ".join(item.source)


def _escaped(text: str) -> str:
    return text if "`" in text else text.replace("<", "&lt;").replace("*", "\\*").replace("[", "\\[")
