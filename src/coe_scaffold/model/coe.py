"""The CoE function table's row type."""

from __future__ import annotations

from dataclasses import dataclass

FUNCTION_IDS = (
    "ai-coe-lead",
    "ai-strategist",
    "business-analyst",
    "data-scientist",
    "data-engineer",
    "ai-engineer",
    "ai-ethics-officer",
    "compliance-officer",
    "mlops-engineer",
)
"""Ids of the nine functions, in the order of the table."""


@dataclass(frozen=True)
class CoeFunction:
    """One function of the AI Center of Excellence: what it does and why it matters."""

    id: str
    title: str
    does: str
    matters: str
    source: str
