"""Questions about access: the matrix, who can do what and why, separation of duties, audit. No I/O."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from coe_scaffold import access
from coe_scaffold.access.denial import concerns, covers, denial_of, partial_denials
from coe_scaffold.access.effective import (
    Grant,
    Placement,
    RoleLookup,
    Verdict,
    grants,
    known_operations,
    operable,
    reaches,
    role_lookup,
    verdicts,
)
from coe_scaffold.access.rows import organisation_rows
from coe_scaffold.access.separation import Situation
from coe_scaffold.access.separation import separation as separation_findings
from coe_scaffold.access.workload import template_assignments
from coe_scaffold.catalog import function, functions
from coe_scaffold.errors import UsageError
from coe_scaffold.model.access import Assignment, DenyAssignment, Mode
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
    not in a wanted mode, cannot be used at the place, or yields to a deny assignment; each line says which.
    ``limits`` are the places below a grant where a deny assignment forbids the operation; ``hint`` says when
    something else was probably meant.
    """

    function: str
    action: str
    environment: str
    granted: tuple[Grant, ...]
    denied: tuple[str, ...] = ()
    limits: tuple[str, ...] = ()
    hint: str = ""

    @property
    def allowed(self) -> bool:
        """Whether some assignment permits it."""
        return bool(self.granted)


@dataclass(frozen=True)
class Actual:
    """What exists of an environment's access, for questions about it instead of what is declared.

    ``assignments`` are those of the functions' groups, once for every function a group fills.
    """

    assignments: tuple[Assignment, ...]
    lookup: RoleLookup = field(hash=False)
    denials: tuple[DenyAssignment, ...] = ()


@dataclass(frozen=True)
class Explained:
    """One assignment of a function: where, in which mode, why, and what its role permits and takes back.

    ``denials`` say which deny assignments take something from it.
    """

    assignment: Assignment
    actions: tuple[str, ...]
    not_actions: tuple[str, ...]
    data_actions: tuple[str, ...]
    not_data_actions: tuple[str, ...]
    denials: tuple[str, ...] = ()


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
    actual: Actual | None = None,
) -> Answer:
    """Return whether a function may perform an ARM operation in an environment.

    ``graph`` is what the environment deploys; None asks the matrix alone, as if every kind of place existed.
    ``on`` asks for one scope, inherited assignments included; ``data`` for a data action; ``standing``
    leaves out eligible and time-bound assignments; ``actual`` asks what exists instead of what is declared.
    Raises UsageError for an unknown function or environment, or an action that is none.
    """
    function(function_id)
    _check_action(action)
    _known(settings, environment)
    basis = actual or _declared(settings, environment, graph)
    held = [item for item in basis.assignments if item.function == function_id]
    counted = [item for item in held if not standing or item.mode is Mode.STANDING]
    placement = placement_of(settings)
    found = grants(counted, action, basis.lookup, data=data, on=on, placement=placement)
    denied, granted, limits = [], [], []
    for grant in found:
        denial = denial_of(grant, action, basis.denials, data=data, on=on, placement=placement)
        if denial:
            denied.append(f"{_where(grant.assignment)}: {denial.name} at {denial.scope} forbids it")
            continue
        granted.append(grant)
        if on is None:
            parts = partial_denials(grant, action, basis.denials, data=data)
            limits += [f"{part.scope}: {part.name}" for part in parts]
    for item in held:
        role = basis.lookup(item.role.guid)
        said = verdicts(role, action, data=data) if role else ()
        if said and all(grant.assignment is not item for grant in found):
            denied.append(f"{_where(item)}: {_why_not(item, said, action, on, placement, data=data)}")
    elsewhere = (
        () if found else grants(counted, action, basis.lookup, data=not data, on=on, placement=placement)
    )
    hint = _hint(action, other_way=bool(elsewhere), data=data)
    return Answer(function_id, action, environment, tuple(granted), _once(denied), _once(limits), hint)


def who_can(
    settings: Settings,
    action: str,
    environment: str,
    graph: ResourceGraph | None,
    *,
    data: bool = False,
    on: Scope | None = None,
    standing: bool = False,
    actual: Actual | None = None,
) -> tuple[Answer, ...]:
    """Return the answers of the functions that may perform an operation, in the order of the table."""
    _known(settings, environment)
    basis = actual or _declared(settings, environment, graph)
    answers = (
        can(settings, item.id, action, environment, graph, data=data, on=on, standing=standing, actual=basis)
        for item in functions()
    )
    return tuple(answer for answer in answers if answer.allowed)


def explain(
    settings: Settings,
    function_id: str,
    environment: str,
    graph: ResourceGraph | None,
    *,
    actual: Actual | None = None,
) -> tuple[Explained, ...]:
    """Return every assignment of a function in an environment with what its role permits and takes back.

    ``actual`` explains what exists, deny assignments included, instead of what is declared.
    """
    function(function_id)
    _known(settings, environment)
    basis = actual or _declared(settings, environment, graph)
    placement = placement_of(settings)
    return tuple(
        _explained(item, basis, placement) for item in basis.assignments if item.function == function_id
    )


def _explained(item: Assignment, basis: Actual, placement: Placement) -> Explained:
    role = basis.lookup(item.role.guid)
    blocks = role.permissions if role else ()
    denials = (
        f"{denial.name} at {denial.scope}"
        for denial in basis.denials
        if concerns(denial, item.principal)
        and (item.scope.contains(denial.scope) or covers(denial, item.scope, placement))
    )
    return Explained(
        assignment=item,
        actions=tuple(text for block in blocks for text in block.actions),
        not_actions=tuple(text for block in blocks for text in block.not_actions),
        data_actions=tuple(text for block in blocks for text in block.data_actions),
        not_data_actions=tuple(text for block in blocks for text in block.not_data_actions),
        denials=tuple(denials),
    )


def separation(settings: Settings, environment: str, graph: ResourceGraph | None) -> tuple[Finding, ...]:
    """Return the separation-of-duty violations of the functions' and of the templates' assignments.

    ``graph`` is what the environment deploys; None judges the matrix alone.
    """
    _known(settings, environment)
    held = access.holdings(settings, environment, _places(settings, environment, graph))
    lookup = role_lookup(settings.organisation.management_group)
    made = template_assignments(graph, lookup) if graph is not None else ()
    situation = Situation(environment, lookup, graph, placement_of(settings))
    return separation_findings((*(item.assignment for item in held), *made), situation)


def placement_of(settings: Settings) -> Placement:
    """Return where the subscriptions are placed: all below the organisation's management group."""
    above = (settings.organisation.management_group.lower(),)
    return {item.subscription.lower(): above for item in settings.environments.values()}


def _declared(settings: Settings, environment: str, graph: ResourceGraph | None) -> Actual:
    """Return what is declared, in the shape of what exists; nothing is declared to be denied."""
    found = access.holdings(settings, environment, _places(settings, environment, graph))
    lookup = role_lookup(settings.organisation.management_group)
    return Actual(tuple(item.assignment for item in found), lookup)


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


def _once(lines: list[str]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(lines))


def _hint(action: str, *, other_way: bool, data: bool) -> str:
    """Return advice to ask for a data action, or no data action, where an action is known as that only."""
    name = action.lower()
    known = {kind: name in known_operations(data=kind) for kind in (False, True)}
    if other_way or (known[not data] and not known[data]):
        kind, how = ("control", "without") if data else ("data", "with")
        return f"roles have this as a {kind} action: ask again {how} --data"
    return ""


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
