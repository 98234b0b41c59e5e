"""What the access matrix asks for in one environment: function → groups, kind of place → scopes."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from coe_scaffold.access.conditions import repository_prefix
from coe_scaffold.access.targets import Place, places
from coe_scaffold.catalog import AccessRow, function, matrix, scope_kind
from coe_scaffold.errors import ConfigError, Problem, UsageError
from coe_scaffold.model.access import Assignment, CustomRole, Mode, PrincipalType
from coe_scaffold.model.coe import FUNCTION_IDS
from coe_scaffold.model.resources import ResourceGraph
from coe_scaffold.model.settings import Project, Settings


@dataclass(frozen=True)
class Holding:
    """One matrix row at one place for one group: an assignment and the row it comes from."""

    assignment: Assignment
    row: AccessRow
    place: Place


@dataclass(frozen=True)
class DesiredAccess:
    """What should exist in an environment.

    ``assignments`` are standing and can be written; ``scheduled`` are eligible or time-bound and need
    Privileged Identity Management. ``skipped`` has one line per cause, with the number of rows.
    """

    assignments: tuple[Assignment, ...]
    custom_roles: tuple[CustomRole, ...]
    skipped: tuple[str, ...] = ()
    scheduled: tuple[Assignment, ...] = ()

    @property
    def notes(self) -> tuple[str, ...]:
        """Say what is left out of the standing assignments: one line per mode and cause."""
        modes = Counter(assignment.mode for assignment in self.scheduled)
        lines = tuple(
            f"{count} {mode.value} assignment{'s' if count != 1 else ''} "
            f"({_roles(item for item in self.scheduled if item.mode is mode)}) "
            f"need{'s' if count == 1 else ''} Privileged Identity Management: "
            "listed here, not written, and never made standing"
            for mode, count in sorted(modes.items())
        )
        return lines + self.skipped


def desired(settings: Settings, environment: str, graph: ResourceGraph) -> DesiredAccess:
    """Return the assignments and custom roles the matrix asks for, given what the environment deploys.

    Raises UsageError for an unknown environment and ConfigError naming every function without a group.
    """
    found = _places(settings, environment, graph)
    held, skipped = _hold(settings, environment, found)
    merged: dict[tuple[str, str, str], list[Holding]] = {}
    for holding in held:
        merged.setdefault(holding.assignment.key, []).append(holding)
    assignments = [_merge(group) for group in merged.values()]
    assignments.sort(key=_order)
    return DesiredAccess(
        assignments=tuple(item for item in assignments if item.mode is Mode.STANDING),
        custom_roles=tuple(
            row.defined_in(settings.organisation.management_group) for row in matrix().custom_roles
        ),
        skipped=skipped,
        scheduled=tuple(item for item in assignments if item.mode is not Mode.STANDING),
    )


def holdings(
    settings: Settings, environment: str, found: Mapping[str, tuple[Place, ...]]
) -> tuple[Holding, ...]:
    """Return every row at every given place for every group, unmerged, in the order of the matrix."""
    return _hold(settings, environment, found)[0]


def _places(settings: Settings, environment: str, graph: ResourceGraph) -> Mapping[str, tuple[Place, ...]]:
    if environment not in settings.environments:
        known = ", ".join(settings.environments)
        raise UsageError(f"there is no environment '{environment}' in coe.yaml", fix=f"Known: {known}.")
    empty = [
        Problem(
            "coe.yaml",
            0,
            0,
            f"no group fills the function '{name}'",
            f"Add an Entra group id under functions.{name}",
            "COE-ACC-002",
        )
        for name in FUNCTION_IDS
        if matrix().rows(environment, name) and not settings.groups(name)
    ]
    if empty:
        raise ConfigError(empty)
    return places(settings, environment, graph)


def _hold(
    settings: Settings, environment: str, found: Mapping[str, tuple[Place, ...]]
) -> tuple[tuple[Holding, ...], tuple[str, ...]]:
    projects = {project.name: project for project in settings.projects}
    held: list[Holding] = []
    absent: dict[str, list[AccessRow]] = {}
    for row in matrix().rows(environment):
        targets = found.get(row.scope_kind, ())
        if not targets:
            absent.setdefault(f"{scope_kind(row.scope_kind).title} is not deployed", []).append(row)
        for place in targets:
            for group in settings.groups(row.function, projects.get(place.project)):
                condition = ""
                if row.condition:
                    names = _project_names(settings, environment, row, place, group.id)
                    if not names:
                        cause = f"{scope_kind(row.scope_kind).title} serves no project yet"
                        absent.setdefault(cause, []).append(row)
                        continue
                    condition = repository_prefix(names)
                assignment = Assignment(
                    scope=place.scope,
                    principal=group.id,
                    principal_type=PrincipalType.GROUP,
                    role=row.role_in(settings.organisation.management_group),
                    mode=row.mode,
                    condition=condition,
                    function=row.function,
                    principal_name=group.name,
                    reason=row.why,
                )
                held.append(Holding(assignment, row, place))
    return tuple(held), tuple(_skip_line(cause, rows) for cause, rows in absent.items())


def _project_names(
    settings: Settings, environment: str, row: AccessRow, place: Place, group: str
) -> tuple[str, ...]:
    """Return the projects a group may reach through a shared place."""

    def fills(project: Project) -> bool:
        return any(item.id.lower() == group.lower() for item in settings.groups(row.function, project))

    if place.project:
        return (place.project,)
    return tuple(
        project.name
        for project in settings.projects
        if environment in project.environments and fills(project)
    )


def _merge(group: list[Holding]) -> Assignment:
    """Return one assignment for holdings with the same scope, principal and role: the widest of them."""
    standing = [item for item in group if item.assignment.mode is Mode.STANDING] or group
    first = standing[0].assignment
    conditions = {item.assignment.condition for item in standing}
    functions = list(dict.fromkeys(function(item.row.function).title for item in standing[1:]))
    others = [title for title in functions if title != function(first.function).title]
    return Assignment(
        scope=first.scope,
        principal=first.principal,
        principal_type=first.principal_type,
        role=first.role,
        mode=first.mode,
        condition="" if "" in conditions else " OR ".join(sorted(conditions)),
        function=first.function,
        principal_name=first.principal_name,
        reason=first.reason + (f" (also {', '.join(others)})" if others else ""),
    )


def _order(assignment: Assignment) -> tuple[int, str, str, str]:
    return (FUNCTION_IDS.index(assignment.function), *assignment.key)


def _skip_line(cause: str, rows: list[AccessRow]) -> str:
    titles = ", ".join(dict.fromkeys(function(row.function).title for row in rows))
    return f"{cause}: {len(rows)} row{'s' if len(rows) != 1 else ''} skipped ({titles})"


def _roles(assignments: Iterable[Assignment]) -> str:
    return ", ".join(dict.fromkeys(item.role.name for item in assignments))
