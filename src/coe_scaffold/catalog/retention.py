"""Resource types that Azure keeps when they are deleted: where they are listed, purged and recovered."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cache

from coe_scaffold.catalog.shipped import read
from coe_scaffold.model.json import Json
from coe_scaffold.model.scope import Scope


@dataclass(frozen=True)
class Retention:
    """How one resource type is kept.

    ``list`` is the path of the deleted ones below a subscription's providers, ``deleted`` their type; their
    ``was`` member holds the id they had (empty: it follows from their own id). ``purge`` is the method that
    purges, on the id itself (DELETE) or its ``/purge`` (POST), ``needs`` the action that takes. ``recover``
    are the properties that a PUT of the resource recovers it with. ``hours``: how long it is kept, unless
    the resource says otherwise.
    """

    type: str
    list: str
    deleted: str
    api_version: str
    was: str
    purge: str
    needs: str
    recover: Mapping[str, Json] = field(hash=False)
    hours: int = 0

    def deleted_id(self, was: Scope, location: str) -> Scope:
        """Return the id that a deleted resource has."""
        by_group = "/resourceGroups/" in self.deleted
        names = (location, was.resource_group, was.name) if by_group else (location, was.name)
        return Scope.subscription_of(was.subscription).child(self.deleted, "/".join(names))


@cache
def retentions() -> Mapping[str, Retention]:
    """Return how each type is kept, by resource type in lower case."""
    return {
        str(row["type"]).lower(): Retention(
            type=row["type"],
            list=row["list"],
            deleted=row["deleted"],
            api_version=row["apiVersion"],
            was=row["was"],
            purge=row["purge"],
            needs=row["needs"],
            recover=row["recover"],
            hours=row["hours"],
        )
        for row in read("retained")["types"]
    }
