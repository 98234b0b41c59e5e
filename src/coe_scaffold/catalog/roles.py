"""The dated catalogue of Azure's built-in roles, with all their permission blocks."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache

from coe_scaffold.catalog.shipped import read
from coe_scaffold.model.json import Json


@dataclass(frozen=True)
class Permission:
    """One permission block: ``not_*`` subtract from this block only. ``condition`` is in ABAC syntax."""

    actions: tuple[str, ...] = ()
    not_actions: tuple[str, ...] = ()
    data_actions: tuple[str, ...] = ()
    not_data_actions: tuple[str, ...] = ()
    condition: str = ""


@dataclass(frozen=True)
class RoleDefinition:
    """A role definition by its GUID. What it permits is the union of its blocks."""

    guid: str
    name: str
    permissions: tuple[Permission, ...]


class RoleCatalogue:
    """Built-in roles by GUID, as of ``date``; rows become objects only when they are asked for."""

    def __init__(self, rows: Json, *, source: str, date: str) -> None:
        self.source = source
        self.date = date
        self._rows = {row[0]: row for row in rows}
        self._made: dict[str, RoleDefinition] = {}

    def get(self, guid: str) -> RoleDefinition | None:
        """Return the role with a GUID, or None."""
        key = guid.lower()
        made = self._made.get(key)
        if made is None and (row := self._rows.get(key)):
            made = self._made[key] = _definition(row)
        return made

    def named(self, name: str) -> tuple[RoleDefinition, ...]:
        """Return the roles with a display name, compared without case: for people's input only."""
        wanted = name.lower()
        guids = [guid for guid, row in self._rows.items() if row[1].lower() == wanted]
        return tuple(role for guid in guids if (role := self.get(guid)))

    def operations(self) -> frozenset[tuple[str, bool]]:
        """Return every operation named without a wildcard, in lower case, and whether it is a data action."""
        found: set[tuple[str, bool]] = set()
        for row in self._rows.values():
            for block in row[2]:
                for column, patterns in enumerate(block[:4]):
                    found.update((text.lower(), column > 1) for text in patterns if "*" not in text)
        return frozenset(found)

    def __contains__(self, guid: str) -> bool:
        return guid.lower() in self._rows

    def __iter__(self) -> Iterator[RoleDefinition]:
        return (role for guid in self._rows if (role := self.get(guid)))

    def __len__(self) -> int:
        return len(self._rows)


@cache
def roles() -> RoleCatalogue:
    """Return the shipped catalogue."""
    document = read("roles")
    return RoleCatalogue(document["roles"], source=document["source"], date=document["date"])


def _definition(row: Json) -> RoleDefinition:
    guid, name, blocks = row
    return RoleDefinition(guid, name, tuple(_block(block) for block in blocks))


def _block(columns: Json) -> Permission:
    full = [*columns, *([()] * 4)[len(columns) :], ""]
    actions, not_actions, data_actions, not_data_actions = (tuple(column) for column in full[:4])
    return Permission(actions, not_actions, data_actions, not_data_actions, condition=full[4])
