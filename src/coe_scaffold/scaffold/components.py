"""What a project is made of: the components that its landing zone creates, by kind and by its own choice."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

from coe_scaffold.model.settings import Project

COMPONENTS = (
    "foundry",
    "search",
    "agents",
    "app",
    "machineLearning",
    "dataFactory",
    "documentIntelligence",
)
"""Members of the template's type ``componentsType``, in its order."""

KINDS: Mapping[str, frozenset[str]] = MappingProxyType(
    {
        "rag": frozenset({"foundry", "search", "app"}),
        "agent": frozenset({"foundry", "search", "agents", "app"}),
        "ml": frozenset({"machineLearning"}),
        "finetune": frozenset({"foundry", "machineLearning"}),
        "docproc": frozenset({"foundry", "app", "documentIntelligence"}),
    }
)
"""Kind of project → components; every kind has identities, storage, key vault, registry and insights.

Agents of Foundry's standard setup keep threads, files and vectors in stores of the project, so that they need
search although no tool of the kind searches. ``components`` in project.yaml adds to it or takes from it.
"""

SETTINGS: Mapping[str, Mapping[str, str]] = MappingProxyType(
    {"agent": {"BUSINESS_API_ENDPOINT": "sample", "BUSINESS_API_SCOPE": "sample"}}
)
"""Kind of project → settings of its application that only its people know, with what they start from."""

TOOL_IDENTITIES: Mapping[str, tuple[str, ...]] = MappingProxyType(
    {
        "agent": (
            "orders-reader",
            "orders-writer",
            "policies-reader",
            "refunds-writer",
            "tickets-writer",
        )
    }
)
"""Kind of project → the identities its ``agents/tools.yaml`` names."""


def made_of(project: Project) -> frozenset[str]:
    """Return the components of a project: those of its kind, unless its project.yaml says otherwise.

    A kind that is not packaged has only what project.yaml names.
    """
    of_kind = KINDS.get(project.kind, frozenset())
    return frozenset(name for name in COMPONENTS if project.components.get(name, name in of_kind))


def components(project: Project) -> dict[str, bool]:
    """Return the template's parameter ``components`` for a project."""
    chosen = made_of(project)
    return {name: name in chosen for name in COMPONENTS}
