"""The part of a plan for a caller who must not give access: resources without what governs them."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import replace
from typing import Any

from coe_scaffold.model.plan import ACCESS_KINDS, Action, Plan, Step, StepKind
from coe_scaffold.model.resources import ChangeType
from coe_scaffold.model.stacks import STACK_TYPE
from coe_scaffold.planning.deployments import NEEDS

_ASSIGNMENT = "microsoft.authorization/roleassignments"
_GOVERNING = "microsoft.authorization/"
_NESTED = "microsoft.resources/deployments"
_WRITING = (ChangeType.CREATE, ChangeType.MODIFY, ChangeType.DEPLOY)


def without_access(plan: Plan, governing: Iterable[str] = ()) -> Plan:
    """Return the plan without its access steps, its deployments without the role assignments they make.

    ``governing`` are more resource types to leave out, such as locks and policy assignments.

    What is left out is for somebody else to apply; a deployment that would only make assignments writes
    nothing. A stack is left as it is: without the assignments in its template it would let go of them, or
    delete them. The digests stay those of the whole plan.
    """
    dropped = {step.id for step in plan.writes if step.kind in ACCESS_KINDS}
    kinds = frozenset({_ASSIGNMENT, *(one.lower() for one in governing)})
    steps = tuple(_limited(step, dropped, kinds) for step in plan.steps if step.id not in dropped)
    return replace(plan, steps=steps)


def without_steps(plan: Plan, left_out: frozenset[str]) -> Plan:
    """Return the plan without these steps, by id; the digests stay those of the whole plan."""
    steps = tuple(
        replace(step, depends_on=tuple(name for name in step.depends_on if name not in left_out))
        for step in plan.steps
        if step.id not in left_out
    )
    return replace(plan, steps=steps)


def left_out(whole: Plan, limited: Plan) -> tuple[str, ...]:
    """Return the titles of what a limited plan does not write of the whole one, in the plan's order."""
    kept = {step.id: step for step in limited.steps}
    titles = []
    for step in whole.writes:
        if step.id not in kept:
            titles.append(step.title)
            continue
        written = {change.resource.key for change in kept[step.id].changes}
        titles += [
            change.title or f"{change.resource.resource_type} {change.resource.name}"
            for change in step.changes
            if change.change in _WRITING and change.resource.key not in written
        ]
    return tuple(titles)


def governing_resources(plan: Plan) -> tuple[str, ...]:
    """Return the role assignments, locks and policies that the deployments would write, for people."""
    return tuple(
        change.title or change.resource.path
        for step in plan.writes
        for change in step.changes
        if change.change in _WRITING and change.resource.resource_type.lower().startswith(_GOVERNING)
    )


def without_types(template: Mapping[str, Any], kinds: Collection[str]) -> dict[str, Any]:
    """Return an ARM template without the resources of some types, nested templates included."""
    resources = template.get("resources", [])
    if isinstance(resources, Mapping):
        dropped = {name for name, one in resources.items() if _type(one) in kinds}
        kept: Any = {
            name: _inner(one, dropped, kinds) for name, one in resources.items() if name not in dropped
        }
    else:
        kept = [_inner(one, set(), kinds) for one in resources if _type(one) not in kinds]
    return {**template, "resources": kept}


def _limited(step: Step, dropped: set[str], kinds: frozenset[str]) -> Step:
    waits = tuple(name for name in step.depends_on if name not in dropped)
    if step.kind is not StepKind.DEPLOYMENT or not step.action.writes:
        return replace(step, depends_on=waits)
    left_out = kinds | {STACK_TYPE.lower()}
    changes = tuple(one for one in step.changes if one.resource.resource_type.lower() not in left_out)
    if not any(one.change in _WRITING for one in changes):
        return replace(step, action=Action.NO_CHANGE, changes=changes, after=None, depends_on=())
    after = {**step.after, "template": without_types(step.after["template"], kinds), "stack": None}
    return replace(step, changes=changes, after=after, depends_on=waits, needs=NEEDS)


def _inner(resource: Mapping[str, Any], dropped: set[str], kinds: Collection[str]) -> dict[str, Any]:
    made = dict(resource)
    waits = made.get("dependsOn")
    if isinstance(waits, list):
        made["dependsOn"] = [
            one for one in waits if one not in dropped and not any(kind in str(one).lower() for kind in kinds)
        ]
    properties = made.get("properties")
    nested = properties.get("template") if isinstance(properties, Mapping) else None
    if _type(resource) == _NESTED and isinstance(nested, Mapping):
        made["properties"] = {**made["properties"], "template": without_types(nested, kinds)}
    return made


def _type(resource: Mapping[str, Any]) -> str:
    return str(resource.get("type", "")).lower()
