"""Whether the names that a plan needs are free: held by deleted resources, or by somebody else's."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from coe_scaffold.catalog import name_questions, naming
from coe_scaffold.errors import CloudError
from coe_scaffold.model.estate import SoftDeleted
from coe_scaffold.model.json import Unknown
from coe_scaffold.model.plan import Plan, StepKind
from coe_scaffold.model.preflight import Check, Verdict
from coe_scaffold.model.resources import Resource
from coe_scaffold.model.scope import Scope
from coe_scaffold.ports import Inspector


def check_names(plan: Plan, new: Iterable[Resource], home: Scope, inspector: Inspector) -> Iterator[Check]:
    """Yield what speaks against the names of new resources, and one check of those that nothing does."""
    wanted = tuple(new)
    freed = {
        Scope(step.before["was"])
        for step in plan.writes
        if step.kind is StepKind.SOFT_DELETED and isinstance(step.before, dict)
    }
    held = {
        (one.was.resource_type.lower(), one.was.name.lower()): one
        for one in _deleted(home, inspector, wanted)
    }
    free = 0
    said = False
    for resource in wanted:
        one = held.get((resource.type.lower(), resource.name.lower()))
        if one is not None and one.was in freed:
            continue
        if one is not None:
            said = True
            yield _held(plan.environment, resource, one)
            continue
        for check in _taken(resource, home, inspector):
            if check is None:
                free += 1
            else:
                said = True
                yield check
    if free or freed or not said:
        yield Check("names", Verdict.OK, _fine(free, len(freed)))


def _fine(free: int, freed: int) -> str:
    told = [f"{free} globally unique name{'s are' if free != 1 else ' is'} free"] if free else []
    told += [f"{freed} held by deleted resources that the plan recovers or purges"] if freed else []
    return "; ".join(told) or "no deleted resource holds a name that is needed"


def _deleted(home: Scope, inspector: Inspector, wanted: tuple[Resource, ...]) -> tuple[SoftDeleted, ...]:
    return inspector.soft_deleted(home) if wanted else ()


def _held(environment: str, resource: Resource, one: SoftDeleted) -> Check:
    until = f" until {one.until}" if one.until else ""
    message = f"a deleted {resource.type} holds the name {resource.name}{until}"
    location = str(resource.body.get("location", ""))
    moved = _region(location) != _region(one.location) if one.location and location else False
    ways = []
    if one.was != resource.id:
        message += f"; it was {one.was}"
    elif moved:
        message += f"; it was in {one.location}, the plan wants {location}"
    else:
        ways.append(f"recover it with its content (coe apply --env {environment} --recover-deleted)")
    if one.protected:
        message += "; purge protection forbids purging it before then"
    else:
        ways.append(f"purge it, its content is lost for good (coe apply --env {environment} --purge)")
    ways.append("choose another name or prefix")
    fix = "; or ".join(ways)
    return Check("names", Verdict.PROBLEM, message, f"{fix[0].upper()}{fix[1:]}.")


def _taken(resource: Resource, home: Scope, inspector: Inspector) -> Iterator[Check | None]:
    """Yield nothing when no name of the resource is global, None for a free one, else what is wrong."""
    question = name_questions().get(resource.type.lower())
    rule = naming().rule(resource.type)
    if question is None:
        if rule is not None and rule.scope == "global":
            message = f"no API tells whether the name {resource.name} of {resource.type} is free"
            yield Check("names", Verdict.UNKNOWN, message)
        return
    name = resource.properties.get(question.label) if question.label else resource.name
    if not name:
        return
    if isinstance(name, Unknown) or not resource.known_id:
        message = f"the name of {resource.type} {resource.name} is known only after apply"
        yield Check("names", Verdict.UNKNOWN, message)
        return
    try:
        answer = inspector.name_state(home, question.type, str(name))
        own = None if answer.free else inspector.holder(home, question.type, str(name))
    except CloudError as error:
        yield Check("names", Verdict.UNKNOWN, error.summary, error.fix)
        return
    if answer.free:
        yield None
        return
    what = f"the name {name} of {question.type}"
    if own is not None:
        message = f"{what} is taken by your own {own}"
        yield Check("names", Verdict.PROBLEM, message, "Delete that one, or choose another name or prefix.")
        return
    message = f"{what} is not free: {answer.reason or 'somebody else has it'}"
    yield Check("names", Verdict.PROBLEM, message, "Choose another name or prefix in coe.yaml.")


def _region(location: str) -> str:
    return location.lower().replace(" ", "")
