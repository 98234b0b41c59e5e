"""The access sections of coe.yaml and project.yaml: how roles are given, overrides of the matrix."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from coe_scaffold.access.rows import changed, concerns, role_named
from coe_scaffold.catalog import AccessRow, Owner, matrix, scope_kinds
from coe_scaffold.config.document import Document, Path
from coe_scaffold.config.problems import suggest
from coe_scaffold.config.schema import AccessSection, RowChangeSection
from coe_scaffold.errors import Problem
from coe_scaffold.model.settings import AccessSettings, Pim, RowChange, RowVerb

_SHARED = (Owner.HIERARCHY, Owner.PLATFORM)


def access_settings(section: AccessSection, document: Document) -> AccessSettings:
    """Return how an organisation gives access."""
    return AccessSettings(
        pim=Pim(section.pim),
        eligible_days=section.eligible_days,
        active_days=section.active_days,
        renew_days=section.renew_days,
        activation_hours=section.activation.hours,
        multi_factor=section.activation.multi_factor,
        approval=tuple(section.activation.approval),
        changes=row_changes(section.matrix, document),
    )


def row_changes(sections: Iterable[RowChangeSection], document: Document) -> tuple[RowChange, ...]:
    """Return the overrides of one file, each with its place there."""
    return tuple(
        RowChange(
            verb=RowVerb(item.change),
            function=item.function,
            environment=item.environment,
            scope_kind=item.scope,
            role=item.role.lower(),
            reason=item.reason,
            mode=item.mode or "",
            new_role=(item.by or "").lower(),
            name=item.name,
            location=f"{document.file}:{document.place(('access', 'matrix', number))[0]}",
        )
        for number, item in enumerate(sections)
    )


def term_problems(
    section: AccessSection, environments: Iterable[str], document: Document
) -> Iterator[Problem]:
    """Yield what is wrong with the days and the environments of coe.yaml's access section."""
    for name, days in (("eligibleDays", section.eligible_days), ("activeDays", section.active_days)):
        if section.renew_days >= days:
            message = f"renewDays ({section.renew_days}) is not below {name} ({days})"
            fix = "Everything would be renewed each time: give renewDays a smaller number."
            yield document.problem(("access", "renewDays"), message, fix=fix, code="COE-CFG-030")
    for number, name in enumerate(section.activation.approval):
        path = ("access", "activation", "approval", number)
        if name not in environments and path in document.places:
            message = f"environment '{name}' is not in coe.yaml"
            yield document.problem(path, message, fix=suggest(name, environments), code="COE-CFG-024")


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
