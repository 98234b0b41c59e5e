"""What a project of each kind is made of: the components that its landing zone creates."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

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
        "ml": frozenset({"machineLearning", "dataFactory"}),
        "finetune": frozenset({"foundry", "machineLearning"}),
        "docproc": frozenset({"foundry", "app", "documentIntelligence"}),
    }
)
"""Kind of project → components; every kind has identities, storage, key vault, registry and insights.

Agents of Foundry's standard setup keep threads, files and vectors in stores of the project, so that they need
search although no tool of the kind searches. ``components`` in a parameter file adds what a kind leaves out.
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


def components(kind: str) -> dict[str, bool]:
    """Return the template's parameter ``components`` for a kind of project; KeyError for an unknown kind."""
    chosen = KINDS[kind]
    return {name: name in chosen for name in COMPONENTS}
