"""What the access matrix asks for in one environment: function → groups, kind of place → scopes."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from coe_scaffold.access.activation import role_policies
from coe_scaffold.access.conditions import repository_prefix
from coe_scaffold.access.modes import in_mode, mode_notes
from coe_scaffold.access.rows import organisation_rows, project_rows
from coe_scaffold.access.targets import Place, places
from coe_scaffold.catalog import AccessRow, function, matrix, scope_kind
from coe_scaffold.errors import ConfigError, Problem, UsageError
from coe_scaffold.model.access import Assignment, CustomRole, Mode, PrincipalType
from coe_scaffold.model.coe import FUNCTION_IDS
from coe_scaffold.model.resources import ResourceGraph
from coe_scaffold.model.schedules import RolePolicy
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

    ``assignments`` are standing; ``scheduled`` are eligible or time-bound and given through Privileged
    Identity Management, ``policies`` say what activating the eligible ones takes. ``skipped`` has one line
    per cause, with the number of rows.
    """

    assignments: tuple[Assignment, ...]
    custom_roles: tuple[CustomRole, ...]
    skipped: tuple[str, ...] = ()
    scheduled: tuple[Assignment, ...] = ()
    policies: tuple[RolePolicy, ...] = ()

    @property
    def notes(self) -> tuple[str, ...]:
        """Say what is left out or given otherwise than the matrix says: one line per cause."""
        return self.skipped


def desired(settings: Settings, environment: str, graph: ResourceGraph) -> DesiredAccess:
    """Return the assignments and custom roles the matrix asks for, given what the environment deploys.

    Of a repository alone that is the access to what the project itself deploys.
    Raises UsageError for an unknown environment and ConfigError naming every function without a group.
    """
    found = _places(settings, environment, graph)
    held, skipped = _hold(settings, environment, found)
    merged: dict[tuple[str, str, str], list[Holding]] = {}
    for holding in held:
        merged.setdefault(holding.assignment.key, []).append(holding)
    assignments = [_merge(group) for group in merged.values()]
    assignments.sort(key=_order)
    scheduled = tuple(item for item in assignments if item.mode is not Mode.STANDING)
    return DesiredAccess(
        assignments=tuple(item for item in assignments if item.mode is Mode.STANDING),
        custom_roles=tuple(
            row.defined_in(settings.organisation.management_group) for row in matrix().custom_roles
        ),
        skipped=skipped,
        scheduled=scheduled,
        policies=role_policies(settings, environment, scheduled),
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
    found = places(settings, environment, graph)
    if not settings.alone:
        return found
    return {kind: tuple(one for one in given if one.project) for kind, given in found.items()}


def _hold(
    settings: Settings, environment: str, found: Mapping[str, tuple[Place, ...]]
) -> tuple[tuple[Holding, ...], tuple[str, ...]]:
    held: list[Holding] = []
    absent: dict[str, list[AccessRow]] = {}
    for row, targets in _targets(settings, environment, found):
        if not targets and not settings.alone:
            absent.setdefault(f"{scope_kind(row.scope_kind).title} is not deployed", []).append(row)
        for holding in _holdings(settings, environment, row, targets):
            if isinstance(holding, Holding):
                held.append(holding)
            else:
                absent.setdefault(holding, []).append(row)
    given = tuple(in_mode(item, settings, environment) for item in held)
    kept = tuple(Holding(one, item.row, item.place) for one, item in zip(given, held, strict=True) if one)
    notes = mode_notes(settings, ((item.assignment, one) for one, item in zip(given, held, strict=True)))
    return kept, (*notes, *(_skip_line(cause, rows) for cause, rows in absent.items()))


def _targets(
    settings: Settings, environment: str, found: Mapping[str, tuple[Place, ...]]
) -> Iterator[tuple[AccessRow, tuple[Place, ...]]]:
    """Yield each row with its places: a project's own rows stand in for the organisation's at its places."""
    own = {project.name: project for project in settings.projects if project.access_changes}
    common = [row for row in organisation_rows(settings) if row.applies_to(environment)]
    for row in common:
        targets = found.get(row.scope_kind, ())
        theirs = tuple(place for place in targets if place.project not in own)
        if theirs or not targets:
            yield row, theirs
    for project in own.values():
        for row in project_rows(settings, project):
            targets = tuple(place for place in found.get(row.scope_kind, ()) if place.project == project.name)
            if row.applies_to(environment) and (targets or row not in common):
                yield row, targets


def _holdings(
    settings: Settings, environment: str, row: AccessRow, targets: tuple[Place, ...]
) -> Iterator[Holding | str]:
    """Yield what a row gives at its places, or why it gives nothing."""
    projects = {project.name: project for project in settings.projects}
    for place in targets:
        for group in settings.groups(row.function, projects.get(place.project)):
            condition = ""
            if row.condition:
                names = _project_names(settings, environment, row, place, group.id)
                if not names:
                    yield f"{scope_kind(row.scope_kind).title} serves no project yet"
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
            yield Holding(assignment, row, place)


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
