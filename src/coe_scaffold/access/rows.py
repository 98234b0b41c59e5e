"""The access matrix of one organisation: the shipped rows, with the overrides of its files."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import replace

from coe_scaffold.catalog import AccessRow, matrix, roles
from coe_scaffold.model.access import Mode, RoleRef
from coe_scaffold.model.settings import Project, RowChange, RowVerb, Settings


def organisation_rows(settings: Settings) -> tuple[AccessRow, ...]:
    """Return the rows that count wherever no project says otherwise, in the order of the matrix."""
    return changed(matrix().human, settings.access.changes, tuple(settings.environments))


def project_rows(settings: Settings, project: Project) -> tuple[AccessRow, ...]:
    """Return the rows that count for what belongs to one project."""
    return changed(organisation_rows(settings), project.access_changes, tuple(settings.environments))


def changed(
    rows: Iterable[AccessRow], changes: Iterable[RowChange], environments: tuple[str, ...]
) -> tuple[AccessRow, ...]:
    """Return rows after a list of overrides, applied one after the other.

    A row for all environments that one environment overrides becomes a row for each of the others.
    """
    found = tuple(rows)
    for change in changes:
        if change.verb is RowVerb.ADD:
            found = (*found, _added(change))
            continue
        found = tuple(after for row in found for after in _changed(row, change, environments))
    return found


def concerns(row: AccessRow, change: RowChange) -> bool:
    """Return whether an override names a row, or one of the environments a row stands for."""
    same = row.function == change.function and row.scope_kind == change.scope_kind
    together = "all" in (row.environment, change.environment) or row.environment == change.environment
    return same and together and change.role.lower() in (row.role.guid, row.custom)


def role_named(role: str) -> tuple[RoleRef, str] | None:
    """Return a role given by GUID, or a custom role by its id: its reference and its id; None if unknown."""
    key = role.lower()
    custom = next((row for row in matrix().custom_roles if row.id == key), None)
    if custom:
        return RoleRef("", custom.name), custom.id
    known = roles().get(key)
    return (RoleRef(known.guid, known.name), "") if known else None


def _changed(row: AccessRow, change: RowChange, environments: tuple[str, ...]) -> Iterator[AccessRow]:
    if not concerns(row, change):
        yield row
        return
    if row.environment == "all" and change.environment != "all":
        for name in environments:
            if name != change.environment:
                yield replace(row, environment=name)
        row = replace(row, environment=change.environment)
    if change.verb is RowVerb.REPLACE:
        yield _replaced(row, change)


def _replaced(row: AccessRow, change: RowChange) -> AccessRow:
    mode = Mode(change.mode) if change.mode else row.mode
    row = replace(row, mode=mode, why=change.reason, source=change.location)
    if not change.new_role:
        return row
    role, custom = _role(change.new_role)
    return replace(row, role=role, custom=custom, condition="")


def _added(change: RowChange) -> AccessRow:
    role, custom = _role(change.role)
    return AccessRow(
        function=change.function,
        environment=change.environment,
        scope_kind=change.scope_kind,
        role=role,
        custom=custom,
        mode=Mode(change.mode or Mode.STANDING),
        condition="",
        why=change.reason,
        source=change.location,
    )


def _role(text: str) -> tuple[RoleRef, str]:
    found = role_named(text)
    if found is None:
        raise ValueError(f"no role is called {text}")
    return found
