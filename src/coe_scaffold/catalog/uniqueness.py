"""Names that must be unique in all of Azure, and how each provider is asked whether one is free."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cache
from typing import Any

from coe_scaffold.catalog.shipped import read


@dataclass(frozen=True)
class NameQuestion:
    """How to ask for one resource type.

    ``label`` is the member of ``properties`` that must be unique; empty for the resource's own name. A POST
    goes to ``path`` below the subscription's providers with ``body``; a HEAD below the tenant's, where 404
    means free. ``{name}`` stands for the name. ``free`` and ``reason`` are members of the answer, ``needs``
    is the action that asking takes.
    """

    type: str
    label: str
    method: str
    path: str
    api_version: str
    body: Mapping[str, str] = field(hash=False)
    free: str = ""
    reason: str = ""
    needs: str = ""

    def asked(self, name: str) -> dict[str, str]:
        """Return the body that asks for a name."""
        return {key: value.replace("{name}", name) for key, value in self.body.items()}


@cache
def name_questions() -> Mapping[str, NameQuestion]:
    """Return how to ask, by resource type in lower case."""
    return {str(row["type"]).lower(): _question(row) for row in read("unique-names")["types"]}


def _question(row: Mapping[str, Any]) -> NameQuestion:
    return NameQuestion(
        type=row["type"],
        label=row["label"],
        method=row["method"],
        path=row["path"],
        api_version=row["apiVersion"],
        body=row["body"] or {},
        free=row["free"],
        reason=row["reason"],
        needs=row["needs"],
    )
