"""Steps that free names which deleted resources hold: recovered with what they held, or purged for good."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace
from enum import StrEnum

from coe_scaffold.catalog import retentions
from coe_scaffold.model.estate import Recovery, SoftDeleted, recovery_to_json, soft_deleted_to_json
from coe_scaffold.model.json import Unknown, Value
from coe_scaffold.model.plan import Action, Plan, Step, StepKind
from coe_scaffold.model.resources import ChangeType, Resource, ResourceGraph
from coe_scaffold.model.scope import Scope
from coe_scaffold.planning.combine import ordered
from coe_scaffold.planning.digest import observed_digest


class OnDeleted(StrEnum):
    """What to do with a deleted resource that holds a name the plan needs; KEEP: leave it."""

    KEEP = "keep"
    RECOVER = "recover"
    PURGE = "purge"


def choice_of(plan: Plan) -> OnDeleted:
    """Return what a plan was made to do with deleted resources."""
    for step in plan.writes:
        if step.kind is StepKind.SOFT_DELETED:
            return OnDeleted.PURGE if step.action is Action.DELETE else OnDeleted.RECOVER
    return OnDeleted.KEEP


def freeing(plan: Plan, graph: ResourceGraph, deleted: Iterable[SoftDeleted], choice: OnDeleted) -> Plan:
    """Return a plan with a step for each deleted resource that can be recovered or purged, as chosen.

    Recovered is only what had the same id and location; purged only what purge protection does not hold.
    The deployment that writes the resource waits for its step.
    """
    created = {
        change.resource: step.id
        for step in plan.writes
        for change in step.changes
        if change.change is ChangeType.CREATE
    }
    held = {(one.was.resource_type.lower(), one.was.name.lower()): one for one in deleted}
    made: dict[str, Step] = {}
    waits: dict[str, set[str]] = {}
    for resource in graph.resources:
        one = held.get((resource.type.lower(), resource.name.lower()))
        if one is None or resource.id not in created or choice is OnDeleted.KEEP:
            continue
        step = _recovering(resource, one, graph) if choice is OnDeleted.RECOVER else _purging(one)
        if step is not None:
            made[step.id] = step
            waits.setdefault(created[resource.id], set()).add(step.id)
    if not made:
        return plan
    waiting = (
        replace(step, depends_on=tuple(sorted({*step.depends_on, *waits.get(step.id, ())})))
        for step in plan.steps
    )
    steps = ordered((*waiting, *made.values()))
    return replace(plan, steps=steps, observed=observed_digest(steps))


def purge_step(deleted: SoftDeleted, after: Iterable[str] = ()) -> Step:
    """Return the step that purges; it waits for the steps named in ``after``."""
    return Step(
        id=f"purge{deleted.was.key}",
        kind=StepKind.SOFT_DELETED,
        action=Action.DELETE,
        scope=deleted.id,
        title=f"Purge {deleted.was.resource_type} {deleted.was.name}",
        reason="asked for with --purge: its content is lost for good",
        needs=retentions()[deleted.was.resource_type.lower()].needs,
        before=soft_deleted_to_json(deleted),
        depends_on=tuple(sorted(after)),
    )


def retention_notes(kept: Iterable[SoftDeleted], *, purge: bool) -> Iterator[str]:
    """Yield what Azure will keep of what is deleted, for people."""
    for one in sorted(kept):
        what = f"{one.was.resource_type} {one.was.name}"
        if one.protected:
            yield f"{what} stays soft-deleted and holds its name: purge protection forbids purging it"
        elif not purge:
            yield f"{what} stays soft-deleted and holds its name; --purge frees it for good"


def _purging(deleted: SoftDeleted) -> Step | None:
    return None if deleted.protected else purge_step(deleted)


def _recovering(resource: Resource, deleted: SoftDeleted, graph: ResourceGraph) -> Step | None:
    location = str(resource.body.get("location", ""))
    if deleted.was != resource.id or _region(location) != _region(deleted.location):
        return None
    kind = retentions()[resource.type.lower()]
    body = _known(resource.body)
    body["properties"] = {**body.get("properties", {}), **kind.recover}
    recovery = Recovery(deleted, resource.api_version, body, _group(resource.id, graph))
    return Step(
        id=f"recover{resource.id.key}",
        kind=StepKind.SOFT_DELETED,
        action=Action.CREATE,
        scope=resource.id,
        title=f"Recover {resource.type} {resource.name}",
        reason="asked for with --recover-deleted: it comes back with what it held",
        needs=f"{resource.type}/write",
        before=soft_deleted_to_json(deleted),
        after=recovery_to_json(recovery),
    )


def _group(resource: Scope, graph: ResourceGraph) -> dict[str, Value]:
    home = resource.group(resource.resource_group)
    for one in graph.of_type("Microsoft.Resources/resourceGroups"):
        if one.id == home:
            known = _known(one.body)
            return {key: known[key] for key in ("location", "tags") if key in known}
    return {}


def _known(body: Mapping[str, Value]) -> dict[str, Value]:
    """Return a body without what is known only after apply."""
    return {key: _plain(value) for key, value in body.items() if not isinstance(value, Unknown)}


def _plain(value: Value) -> Value:
    if isinstance(value, Mapping):
        return _known(value)
    if isinstance(value, list | tuple):
        return [_plain(item) for item in value if not isinstance(item, Unknown)]
    return value


def _region(location: str) -> str:
    return location.lower().replace(" ", "")
