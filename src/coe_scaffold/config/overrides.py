"""Overrides of the access matrix, held against the matrix: only who writes one waits for the catalogue."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from coe_scaffold.access.rows import changed, concerns, role_named
from coe_scaffold.catalog import AccessRow, Owner, matrix, scope_kinds
from coe_scaffold.config.access import row_changes
from coe_scaffold.config.document import Document, Path
from coe_scaffold.config.problems import suggest
from coe_scaffold.config.schema import RowChangeSection
from coe_scaffold.errors import Problem
from coe_scaffold.model.settings import RowChange

_SHARED = (Owner.HIERARCHY, Owner.PLATFORM)


def matrix_problems(
    sections: Iterable[RowChangeSection],
    environments: tuple[str, ...],
    document: Document,
    *,
    earlier: Iterable[RowChange] = (),
    project: bool = False,
) -> Iterator[Problem]:
    """Yield what is wrong with the overrides of one file, in its order.

    ``earlier`` are the overrides that were applied before; a ``project`` may not change what projects share.
    """
    rows = changed(matrix().human, earlier, environments)
    for number, item in enumerate(sections):
        path: Path = ("access", "matrix", number)
        found = list(_problems(item, rows, environments, document, path, project=project))
        yield from found
        if not found:
            rows = changed(rows, row_changes([item], document), environments)


def _problems(
    item: RowChangeSection,
    rows: tuple[AccessRow, ...],
    environments: tuple[str, ...],
    document: Document,
    path: Path,
    *,
    project: bool,
) -> Iterator[Problem]:
    names = ("all", *environments)
    if item.environment not in names:
        message = f"environment '{item.environment}' is not in coe.yaml"
        fix = suggest(item.environment, names)
        yield document.problem((*path, "environment"), message, fix=fix, code="COE-CFG-024")
    kind = scope_kinds().get(item.scope)
    if kind is None:
        message = f"'{item.scope}' is no kind of place"
        fix = suggest(item.scope, scope_kinds())
        yield document.problem((*path, "scope"), message, fix=fix, code="COE-CFG-031")
    elif project and kind.owner in _SHARED:
        message = f"{kind.title} is shared by projects: a project cannot change access to it"
        fix = "Put the override into coe.yaml."
        yield document.problem((*path, "scope"), message, fix=fix, code="COE-CFG-032")
    for key, role in (("role", item.role), ("by", item.by or item.role)):
        if role_named(role) is None:
            custom = ", ".join(row.id for row in matrix().custom_roles)
            message = f"there is no role {role}"
            fix = f"Give the GUID of a built-in role, or one of {custom}."
            yield document.problem((*path, key), message, fix=fix, code="COE-CFG-033")
            break
    (change,) = row_changes([item], document)
    there = any(concerns(row, change) for row in rows)
    if item.change == "add" and there:
        message = f"{item.function} has that role at {item.scope} in {item.environment} already"
        yield document.problem(path, message, fix="Use 'change: replace'.", code="COE-CFG-034")
    if item.change != "add" and not there:
        message = f"the matrix has no such row to {item.change}"
        fix = f"'coe access matrix --function {item.function}' lists the rows."
        yield document.problem(path, message, fix=fix, code="COE-CFG-035")
    yield from _of_verb(item, document, path)


def _of_verb(item: RowChangeSection, document: Document, path: Path) -> Iterator[Problem]:
    """Yield the keys that do not go with the kind of change, or that it lacks."""
    if item.change == "replace" and not item.mode and not item.by:
        yield document.problem(
            path, "a replacement changes nothing", fix="Give 'mode', 'by' or both.", code="COE-CFG-036"
        )
    if item.change == "remove" and (item.mode or item.by):
        yield document.problem(
            path, "a removal has neither 'mode' nor 'by'", fix="Take them out.", code="COE-CFG-036"
        )
    if item.change == "add" and item.by:
        yield document.problem((*path, "by"), "'by' is for replacements", code="COE-CFG-036")
    if item.change == "add" and not item.mode:
        yield document.problem(
            path, "an added row has no mode", fix="Give 'mode': eligible if in doubt.", code="COE-CFG-036"
        )
