"""Questions about access: the matrix, who can do what and why, separation of duties, audit. No I/O."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from coe_scaffold import access
from coe_scaffold.access.effective import (
    Grant,
    Placement,
    Verdict,
    grants,
    operable,
    reaches,
    role_lookup,
    verdicts,
)
from coe_scaffold.access.rows import organisation_rows
from coe_scaffold.access.separation import Situation
from coe_scaffold.access.separation import separation as separation_findings
from coe_scaffold.access.workload import template_assignments
from coe_scaffold.catalog import AccessRow, function, functions
from coe_scaffold.errors import UsageError
from coe_scaffold.model.access import Assignment, Mode
from coe_scaffold.model.finding import Finding
from coe_scaffold.model.resources import ResourceGraph
from coe_scaffold.model.scope import Scope
from coe_scaffold.model.settings import Settings


@dataclass(frozen=True)
class MatrixView:
    """One row of the access matrix for people and for JSON."""

    function: str
    environment: str
    scope_kind: str
    role: str
    role_name: str
    mode: str
    condition: str
    why: str
    source: str

    def as_json(self) -> dict[str, str]:
        """Return the row with the member names of the JSON view."""
        return {
            "function": self.function,
            "environment": self.environment,
            "scopeKind": self.scope_kind,
            "role": self.role,
            "roleName": self.role_name,
            "mode": self.mode,
            "condition": self.condition,
            "why": self.why,
            "source": self.source,
        }


@dataclass(frozen=True)
class Answer:
    """Whether a function may do something, and through which assignments.

    ``denied`` are assignments of the function whose role would grant the operation but takes it back, is
    not in a wanted mode, or cannot be used at the place; each line says which.
    """

    function: str
    action: str
    environment: str
    granted: tuple[Grant, ...]
    denied: tuple[str, ...] = ()

    @property
    def allowed(self) -> bool:
        """Whether some assignment permits it."""
        return bool(self.granted)


@dataclass(frozen=True)
class Explained:
    """One assignment of a function: where, in which mode, why, and what its role permits and takes back."""

    assignment: Assignment
    row: AccessRow
    actions: tuple[str, ...]
    not_actions: tuple[str, ...]
    data_actions: tuple[str, ...]
    not_data_actions: tuple[str, ...]


def access_matrix(
    settings: Settings, *, environment: str = "", function_id: str = ""
) -> tuple[MatrixView, ...]:
    """Return the rows of the matrix, all or of one environment or function; custom roles have their GUID."""
    if function_id:
        function(function_id)
    if environment:
        _known(settings, environment)
    management_group = settings.organisation.management_group
    return tuple(
        MatrixView(
            function=row.function,
            environment=row.environment,
            scope_kind=row.scope_kind,
            role=row.role_in(management_group).guid,
            role_name=row.role.name,
            mode=row.mode.value,
            condition=row.condition,
            why=row.why,
            source=row.source,
        )
        for row in organisation_rows(settings)
        if (not environment or row.applies_to(environment))
        and (not function_id or row.function == function_id)
    )


def can(
    settings: Settings,
    function_id: str,
    action: str,
    environment: str,
    graph: ResourceGraph | None,
    *,
    data: bool = False,
    on: Scope | None = None,
    standing: bool = False,
) -> Answer:
    """Return whether a function may perform an ARM operation in an environment.

    ``graph`` is what the environment deploys; None asks the matrix alone, as if every kind of place existed.
    ``on`` asks for one scope, inherited assignments included; ``data`` for a data action; ``standing``
    leaves out eligible and time-bound assignments. Raises UsageError for an unknown function or
    environment, or an action that is none.
    """
    function(function_id)
    _check_action(action)
    held = _held(settings, environment, graph, function_id)
    counted = [item for item in held if not standing or item.mode is Mode.STANDING]
    lookup = role_lookup(settings.organisation.management_group)
    placement = placement_of(settings)
    granted = grants(counted, action, lookup, data=data, on=on, placement=placement)
    denied = []
    for item in held:
        role = lookup(item.role.guid)
        found = verdicts(role, action, data=data) if role else ()
        if found and all(grant.assignment is not item for grant in granted):
            denied.append(f"{_where(item)}: {_why_not(item, found, action, on, placement, data=data)}")
    if not granted and grants(counted, action, lookup, data=not data, on=on, placement=placement):
        denied.append(
            f"permitted as a {'control' if data else 'data'} action: ask again with{_other(data=data)}"
        )
    return Answer(function_id, action, environment, granted, tuple(dict.fromkeys(denied)))


def who_can(
    settings: Settings,
    action: str,
    environment: str,
    graph: ResourceGraph | None,
    *,
    data: bool = False,
    on: Scope | None = None,
    standing: bool = False,
) -> tuple[Answer, ...]:
    """Return the answers of the functions that may perform an operation, in the order of the table."""
    answers = (
        can(settings, item.id, action, environment, graph, data=data, on=on, standing=standing)
        for item in functions()
    )
    return tuple(answer for answer in answers if answer.allowed)


def explain(
    settings: Settings, function_id: str, environment: str, graph: ResourceGraph | None
) -> tuple[Explained, ...]:
    """Return every assignment of a function in an environment with what its role permits and takes back."""
    function(function_id)
    _known(settings, environment)
    lookup = role_lookup(settings.organisation.management_group)
    found = []
    for holding in access.holdings(settings, environment, _places(settings, environment, graph)):
        if holding.row.function != function_id:
            continue
        role = lookup(holding.assignment.role.guid)
        blocks = role.permissions if role else ()
        found.append(
            Explained(
                assignment=holding.assignment,
                row=holding.row,
                actions=tuple(text for block in blocks for text in block.actions),
                not_actions=tuple(text for block in blocks for text in block.not_actions),
                data_actions=tuple(text for block in blocks for text in block.data_actions),
                not_data_actions=tuple(text for block in blocks for text in block.not_data_actions),
            )
        )
    return tuple(found)


def separation(settings: Settings, environment: str, graph: ResourceGraph | None) -> tuple[Finding, ...]:
    """Return the separation-of-duty violations of the functions' and of the templates' assignments.

    ``graph`` is what the environment deploys; None judges the matrix alone.
    """
    _known(settings, environment)
    held = access.holdings(settings, environment, _places(settings, environment, graph))
    made = template_assignments(graph) if graph is not None else ()
    situation = Situation(
        environment, role_lookup(settings.organisation.management_group), graph, placement_of(settings)
    )
    return separation_findings((*(item.assignment for item in held), *made), situation)


def placement_of(settings: Settings) -> Placement:
    """Return where the subscriptions are placed: all below the organisation's management group."""
    above = (settings.organisation.management_group.lower(),)
    return {item.subscription.lower(): above for item in settings.environments.values()}


def _held(
    settings: Settings, environment: str, graph: ResourceGraph | None, function_id: str
) -> tuple[Assignment, ...]:
    _known(settings, environment)
    found = access.holdings(settings, environment, _places(settings, environment, graph))
    return tuple(item.assignment for item in found if item.row.function == function_id)


def _places(
    settings: Settings, environment: str, graph: ResourceGraph | None
) -> Mapping[str, tuple[access.Place, ...]]:
    if graph is None:
        return access.sample_places(settings, environment)
    return access.places(settings, environment, graph)


def _known(settings: Settings, environment: str) -> None:
    if environment not in settings.environments:
        known = ", ".join(settings.environments)
        raise UsageError(f"there is no environment '{environment}' in coe.yaml", fix=f"Known: {known}.")


def _check_action(action: str) -> None:
    if action.count("/") < 2 or "*" in action or " " in action or "." not in action.split("/", 1)[0]:
        raise UsageError(
            f"'{action}' is not an operation",
            fix="Give one operation such as Microsoft.CognitiveServices/accounts/deployments/write.",
            code="COE-ACC-004",
        )


def _other(*, data: bool) -> str:
    return "out --data" if data else " --data"


def _where(item: Assignment) -> str:
    return f"{item.role.name} on {item.scope.name} ({item.mode})"


def _why_not(
    item: Assignment,
    found: tuple[Verdict, ...],
    action: str,
    on: Scope | None,
    placement: Placement,
    *,
    data: bool,
) -> str:
    if all(verdict.excluded_by for verdict in found):
        return f"{found[0].granted_by} grants it, {found[0].excluded_by} takes it back"
    if on is not None and not reaches(item.scope, on, placement):
        return f"does not reach {on}"
    place = item.scope if on is None else on
    if not operable(action, place, data=data):
        return f"not possible at {place.name}: it acts on something above or beside it"
    return "not standing"
