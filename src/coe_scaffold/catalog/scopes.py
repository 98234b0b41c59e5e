"""Kinds of places the access matrix speaks of, and how they are recognised in a landing zone."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from functools import cache

from coe_scaffold.catalog.shipped import read


class Owner(StrEnum):
    """Whose resource group a place must be in.

    ``hierarchy`` lies above resource groups; ``platform``, ``project`` and ``identity`` name the group's
    ``coe-scope`` tag; ``nearest`` takes the projects' own places if there are any, else the platform's.
    """

    HIERARCHY = "hierarchy"
    PLATFORM = "platform"
    PROJECT = "project"
    IDENTITY = "identity"
    NEAREST = "nearest"
    ANY = "any"


@dataclass(frozen=True)
class PlaceKind:
    """One kind of place; ``resource_name`` (last segment) and ``resource_kind`` narrow it when given."""

    id: str
    title: str
    resource_type: str
    owner: Owner
    resource_name: str
    resource_kind: str


@cache
def scope_kinds() -> Mapping[str, PlaceKind]:
    """Return every kind of place by its id."""
    return {
        row["id"]: PlaceKind(
            id=row["id"],
            title=row["title"],
            resource_type=row["resourceType"],
            owner=Owner(row["owner"]),
            resource_name=row["resourceName"],
            resource_kind=row["resourceKind"],
        )
        for row in read("scopes")["kinds"]
    }


def scope_kind(kind_id: str) -> PlaceKind:
    """Return a kind of place by its id; KeyError when there is none."""
    return scope_kinds()[kind_id]
