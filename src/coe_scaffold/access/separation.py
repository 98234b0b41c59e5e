"""Separation of duties: rules over what a group can effectively do, not over the names of its roles.

Judged over the union of everything one principal holds, so that a group which fills several functions is
seen as what it is.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field

from coe_scaffold.access.conditions import delegation_problems
from coe_scaffold.access.effective import Placement, RoleLookup, expand, matches, operable, permits, reaches
from coe_scaffold.catalog import (
    Allowed,
    KeyTest,
    OperationTest,
    RoleDefinition,
    RuleKind,
    SeparationRule,
    function,
    separation_rules,
)
from coe_scaffold.model.access import Assignment, Mode
from coe_scaffold.model.finding import Finding, Outcome
from coe_scaffold.model.json import Unknown
from coe_scaffold.model.resources import Resource, ResourceGraph

_ASSIGN = "Microsoft.Authorization/roleAssignments/write"
_CHANGES = ("/write", "/delete", "/action")


@dataclass(frozen=True)
class Situation:
    """What the rules are judged in. Without a ``graph`` every resource is taken to accept keys, and only
    standing assignments count for that.
    """

    environment: str
    lookup: RoleLookup = field(hash=False)
    graph: ResourceGraph | None = None
    placement: Placement = field(default_factory=dict, hash=False)


def separation(assignments: Iterable[Assignment], situation: Situation) -> tuple[Finding, ...]:
    """Return the violations among assignments (unmerged: one per function), sorted by rule and principal.

    Assignments without a function belong to workload identities: only the rules on delegation and on
    policies against role assignments are judged for them.
    """
    held: dict[str, list[Assignment]] = {}
    for assignment in sorted(assignments, key=lambda item: (*item.key, item.function, item.mode)):
        held.setdefault(assignment.principal.lower(), []).append(assignment)
    return tuple(
        finding
        for rule in separation_rules()
        for principal in sorted(held)
        for finding in _judge(rule, tuple(held[principal]), situation)
    )


def _judge(rule: SeparationRule, held: tuple[Assignment, ...], situation: Situation) -> Iterator[Finding]:
    people = tuple(item for item in held if item.function)
    if rule.functions and not any(item.function in rule.functions for item in people):
        return
    match rule.kind:
        case RuleKind.FORBIDDEN:
            yield from _forbidden(rule, people, situation)
        case RuleKind.DISJOINT:
            yield from _disjoint(rule, people, situation)
        case RuleKind.CONDITIONED:
            yield from _conditioned(rule, held, situation)
        case RuleKind.PAIR:
            yield from _pair(rule, held, situation)
        case RuleKind.KEYS:
            yield from _keys(rule, people, situation)
        case RuleKind.OUTSIDE:
            return


def _forbidden(rule: SeparationRule, held: tuple[Assignment, ...], situation: Situation) -> Iterator[Finding]:
    for assignment in held:
        for test in rule.tests:
            if test.environments and situation.environment not in test.environments:
                continue
            operation = _hit(test, assignment, situation) if assignment.mode in test.modes else ""
            if operation:
                because = next((item for item in held if item.function in rule.functions), assignment)
                message = f"{_describe(assignment)} permits {operation}"
                if because != assignment:
                    message += f", and the same group holds {_describe(because)}"
                yield _finding(rule, assignment, message)
                break


def _hit(test: OperationTest, assignment: Assignment, situation: Situation) -> str:
    """Return the first operation of an assignment that a test forbids, or an empty string."""
    role = situation.lookup(assignment.role.guid)
    if role is None:
        return ""
    for operation in _tested(test, role):
        if (
            not any(matches(pattern, operation) for pattern in test.exempt)
            and not any(_fits(place, assignment, operation) for place in test.allowed)
            and operable(operation, assignment.scope, data=test.data)
        ):
            return operation
    return ""


def _tested(test: OperationTest, role: RoleDefinition) -> Iterator[str]:
    """Yield the operations a role permits of those a test names, in full or by pattern."""
    for pattern in test.operations:
        if "*" not in pattern:
            if permits(role, pattern, data=test.data, unconditioned=test.unconditioned):
                yield pattern
            continue
        for operation in sorted(expand(role, data=test.data, unconditioned=test.unconditioned)):
            if matches(pattern, operation):
                yield operation


def _fits(place: Allowed, assignment: Assignment, operation: str) -> bool:
    scope = assignment.scope
    return (
        scope.resource_type.lower() == place.resource_type.lower()
        and place.name in ("", scope.name.lower())
        and any(matches(pattern, operation) for pattern in place.operations)
    )


def _disjoint(rule: SeparationRule, held: tuple[Assignment, ...], situation: Situation) -> Iterator[Finding]:
    left = [item for item in held if item.function in rule.left]
    right = [item for item in held if item.function in rule.right]
    if left and right:
        one, other = _strongest(left, situation), _strongest(right, situation)
        message = f"one group holds {_describe(one)} and {_describe(other)}"
        yield _finding(rule, one, message)


def _strongest(held: list[Assignment], situation: Situation) -> Assignment:
    """Return the assignment that permits the most changes: the one that makes the conflict plain."""

    def changes(assignment: Assignment) -> int:
        role = situation.lookup(assignment.role.guid)
        if role is None:
            return 0
        names = expand(role, data=False) | expand(role, data=True)
        return sum(name.endswith(_CHANGES) for name in names)

    return max(held, key=changes)


def _conditioned(
    rule: SeparationRule, held: tuple[Assignment, ...], situation: Situation
) -> Iterator[Finding]:
    for assignment in held:
        role = situation.lookup(assignment.role.guid)
        if role is None or not permits(role, _ASSIGN, unconditioned=True):
            continue
        wrong = delegation_problems(assignment.condition)
        if wrong:
            yield _finding(
                rule, assignment, f"{_describe(assignment)} may assign any role: {'; '.join(wrong)}"
            )


def _pair(rule: SeparationRule, held: tuple[Assignment, ...], situation: Situation) -> Iterator[Finding]:
    one = _holder(rule.first, held, situation)
    other = _holder(rule.second, held, situation)
    if one and other:
        yield _finding(rule, one, f"one identity holds {_describe(one)} and {_describe(other)}")


def _holder(
    operations: tuple[str, ...], held: tuple[Assignment, ...], situation: Situation
) -> Assignment | None:
    for assignment in held:
        role = situation.lookup(assignment.role.guid)
        if role and any(permits(role, name) for name in operations):
            return assignment
    return None


def _keys(rule: SeparationRule, held: tuple[Assignment, ...], situation: Situation) -> Iterator[Finding]:
    for key in rule.keys:
        resources = () if situation.graph is None else situation.graph.of_type(key.resource_type)
        for assignment in held:
            role = situation.lookup(assignment.role.guid)
            if role is None or not permits(role, key.operation):
                continue
            if situation.graph is None:
                if assignment.mode is Mode.STANDING and operable(key.operation, assignment.scope, data=False):
                    yield _finding(rule, assignment, f"{_describe(assignment)} permits {key.operation}")
                continue
            for resource in resources:
                outcome = _accepts_keys(resource, key)
                if outcome and reaches(assignment.scope, resource.id, situation.placement):
                    message = f"{_describe(assignment)} permits {key.operation} on {resource.name}"
                    yield _finding(rule, assignment, message, outcome=outcome)


def _accepts_keys(resource: Resource, key: KeyTest) -> Outcome | None:
    """Return FAIL if a resource takes keys, UNKNOWN if only apply will tell, None if it does not."""
    properties = resource.properties
    value = properties.get(key.property) if isinstance(properties, Mapping) else properties
    if isinstance(value, Unknown):
        return Outcome.UNKNOWN
    return None if value is key.safe else Outcome.FAIL


def _describe(assignment: Assignment) -> str:
    who = function(assignment.function).title if assignment.function else assignment.principal_name
    return f"{assignment.role.name} ({who}, {assignment.mode}) on {assignment.scope.name}"


def _finding(
    rule: SeparationRule, assignment: Assignment, message: str, *, outcome: Outcome = Outcome.FAIL
) -> Finding:
    group = assignment.principal_name or assignment.principal
    return Finding(
        rule=rule.id,
        title=rule.title,
        severity=rule.severity,
        outcome=outcome,
        subject=assignment.scope.path,
        message=f"{group}: {message}",
        owner=rule.owner,
        fix=rule.fix,
    )
