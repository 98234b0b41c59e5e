"""Which role assignments of a plan the conditions of the caller's own roles exclude. Reads only."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace

from coe_scaffold.access.delegated import Exclusion, exclusions
from coe_scaffold.access.effective import RoleLookup, role_lookup
from coe_scaffold.access.workload import template_assignments
from coe_scaffold.errors import CloudError
from coe_scaffold.model.access import Assignment, ObservedAssignment, PrincipalType, RoleRef
from coe_scaffold.model.access_json import assignment_from_json, observed_from_json
from coe_scaffold.model.plan import Action, Plan, StepKind
from coe_scaffold.model.resources import ChangeType, ResourceGraph
from coe_scaffold.model.scope import Scope
from coe_scaffold.model.settings import Settings
from coe_scaffold.operations.access import placement_of
from coe_scaffold.ports import Inspector

WRITE = "Microsoft.Authorization/roleAssignments/write"
_FORBIDDEN = 403
_TYPE = "microsoft.authorization/roleassignments"
_WRITING = (ChangeType.CREATE, ChangeType.MODIFY, ChangeType.DEPLOY)


@dataclass(frozen=True)
class Excluded:
    """An assignment that the caller may not make or delete, and why.

    ``step`` is the plan's step that would, empty for one that a template makes.
    """

    assignment: Assignment
    verb: str
    because: tuple[Exclusion, ...]
    step: str = ""

    def __str__(self) -> str:
        """Say it in one line."""
        return self.alike.replace("{where}", f"on {self.assignment.scope.name}")

    @property
    def alike(self) -> str:
        """The same without its scope, which is ``{where}``."""
        item = self.assignment
        what = f"{item.role.name} ({item.role.guid}) to a {item.principal_type}"
        because = "; ".join(map(str, self.because))
        return f"{'giving' if self.verb == 'write' else 'taking'} {what} {{where}}: {because}"


def excluded_assignments(
    settings: Settings, plan: Plan, graph: ResourceGraph, inspector: Inspector
) -> tuple[Excluded, ...]:
    """Return what the caller's own conditions exclude of a plan; raises CloudError.

    An assignment for which the caller has no role at all is not among them: that is a missing permission.
    """
    lookup = role_lookup(settings.organisation.management_group)
    placement = placement_of(settings)
    held: dict[str, tuple[ObservedAssignment, ...]] = {}
    found = []
    for step, verb, item in _asked(plan, graph, lookup):
        home = f"/subscriptions/{item.scope.subscription}" if item.scope.subscription else item.scope.path
        if home not in held:
            held[home] = _own(Scope(home), inspector)
        because = exclusions(held[home], item, lookup, verb=verb, placement=placement)
        if because:
            found.append(Excluded(item, verb, because, step))
    return tuple(found)


def _own(home: Scope, inspector: Inspector) -> tuple[ObservedAssignment, ...]:
    try:
        return inspector.own_assignments(home)
    except CloudError as error:
        if error.status != _FORBIDDEN:
            raise
        return ()  # who may not read them there has no right to assign there either


def _asked(plan: Plan, graph: ResourceGraph, lookup: RoleLookup) -> Iterator[tuple[str, str, Assignment]]:
    """Yield (step, verb, assignment) of everything that applying would write or delete."""
    for step in plan.writes:
        if step.kind is not StepKind.ROLE_ASSIGNMENT:
            continue
        if step.action is Action.DELETE:
            yield step.id, "delete", _observed(observed_from_json(step.before), lookup)
        else:
            yield step.id, "write", assignment_from_json(step.after)
    written = {
        change.resource.key
        for step in plan.writes
        for change in step.changes
        if change.change in _WRITING and change.resource.resource_type.lower() == _TYPE
    }
    if written:
        for item in template_assignments(graph, lookup):
            yield "", "write", item


def _observed(item: ObservedAssignment, lookup: RoleLookup) -> Assignment:
    known = lookup(item.role)
    kinds = {kind.value: kind for kind in PrincipalType}
    wanted = Assignment(
        item.scope,
        item.principal,
        kinds.get(item.principal_type, PrincipalType.USER),
        RoleRef(item.role, known.name if known else item.role),
    )
    return replace(wanted, condition=item.condition)
