"""Architecture diagrams of the landing zone, one page per topology, drawn from what the templates create.

``python -m tests.templates.bicep.readmes`` writes them; a test compares them.
"""

from __future__ import annotations

from collections import Counter
from pathlib import Path

from coe_scaffold.report.architecture import draw, mermaid
from tests.templates.bicep.landing_zones import TOPOLOGIES, combination, sample

PAGES = Path(__file__).parents[3] / "docs" / "reference" / "landing-zone"
KIND = "agent"
ENVIRONMENT = "prod"

TITLES = {
    "standalone": "A network of its own; what applications need of Azure leaves through one address.",
    "closed": "A network of its own that nothing leaves; with Grafana, Bastion, a shared registry and a "
    "private link scope.",
    "hub": "A network with the firewall that others go through, with an AI gateway; spokes are peered.",
    "spoke": "A network peered with a hub, whose firewall and private DNS zones it uses.",
    "existing": "A network, private DNS zones and a Log Analytics workspace that exist already.",
}


def render(topology: str) -> str:
    """Return the page of a topology: what it is, the diagram, and the resources by type."""
    whole = combination(ENVIRONMENT, KIND, topology)
    counted = sorted(Counter(resource.type for resource in whole.resources).items())
    drawing = draw(ENVIRONMENT, sample(KIND).environments[ENVIRONMENT].scope, whole)
    return "\n".join(
        [
            f"# Landing zone, topology {topology}",
            "",
            TITLES[topology],
            "",
            f"Drawn from the templates, for a project of kind {KIND} in a strict environment. The same of a",
            "workspace of yours: `coe diagram --env prod`, or `coe report`.",
            "",
            "```mermaid",
            mermaid(drawing).rstrip(),
            "```",
            "",
            "| Resource type | Number |",
            "| --- | --- |",
            *(f"| `{name}` | {number} |" for name, number in counted),
            "",
        ]
    )


def write() -> None:
    """Write the page of every topology."""
    PAGES.mkdir(parents=True, exist_ok=True)
    for topology in TOPOLOGIES:
        (PAGES / f"{topology}.md").write_text(render(topology))
