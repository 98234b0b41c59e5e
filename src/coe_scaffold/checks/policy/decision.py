"""What one applied policy does with one resource: nothing, deny, audit, or modify what is sent."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field, replace

from coe_scaffold.checks.policy import related
from coe_scaffold.checks.policy.applied import Applied
from coe_scaffold.checks.policy.conditions import holds
from coe_scaffold.checks.policy.expressions import Place, Sight
from coe_scaffold.checks.policy.fields import select
from coe_scaffold.checks.policy.model import NotSupportedError
from coe_scaffold.checks.policy.rule import matches
from coe_scaffold.model.finding import Outcome
from coe_scaffold.model.json import Json, Unknown, Value
from coe_scaffold.model.resources import Resource

CONFLICT = "conflict"
"""Operation of an append policy that finds another value than its own: it denies the request."""


@dataclass(frozen=True)
class Setting:
    """One change of a modify or append policy; ``name`` is a field.

    ``operation`` is add, addorreplace, remove or :data:`CONFLICT`.
    """

    operation: str
    name: str
    value: Value = field(default=None, hash=False)


@dataclass(frozen=True)
class Decision:
    """FAIL when the policy acts on the resource, PASS when it does not, UNKNOWN when that is not known.

    ``settings`` are what a modify or append policy would change; ``effect`` is what it comes to.
    """

    outcome: Outcome
    effect: str
    settings: tuple[Setting, ...] = ()


def decide(
    policy: Applied, resource: Resource, place: Place, around: tuple[Resource, ...] = ()
) -> Decision | None:
    """Return what a policy does with a resource that is sent; None when it is not meant for it.

    ``around`` is all that is deployed: effects that look beside the resource find it there or say FAIL.
    Raises NotSupportedError when the policy cannot be evaluated on this resource.
    """
    if not policy.covers(resource):
        return None
    facts = {
        "assignmentId": policy.assignment.id if policy.assignment else "",
        "definitionId": policy.definition.id,
        "setDefinitionId": policy.initiative,
        "definitionReferenceId": policy.reference,
    }
    sight = Sight(replace(place, policy=facts), policy.parameters, resource)
    matched = matches(policy.definition.rule["if"], sight)
    if matched is False:
        return Decision(Outcome.PASS, policy.effect)
    if policy.effect in related.EFFECTS:
        missing = related.lacking(policy.definition.rule.get("then"), sight, around)
        if missing is False:
            return Decision(Outcome.PASS, policy.effect)
        matched = True if matched and missing else None
    settings: tuple[Setting, ...] = ()
    effect = policy.effect
    if effect in ("modify", "append"):
        settings = tuple(_settings(policy, sight) if effect == "modify" else _appended(policy, sight))
        if not settings:
            return Decision(Outcome.PASS, effect)
        effect = "deny" if any(item.operation == CONFLICT for item in settings) else effect
    sure = matched is True and not isinstance(resource.body.get("condition"), Unknown)
    return Decision(Outcome.FAIL if sure else Outcome.UNKNOWN, effect, settings)


def _settings(policy: Applied, sight: Sight) -> Iterator[Setting]:
    """Yield what would really change: an operation that finds its value in place changes nothing."""
    then = policy.definition.rule.get("then")
    details = then.get("details") if isinstance(then, dict) else None
    operations = details.get("operations") if isinstance(details, dict) else None
    for operation in operations if isinstance(operations, list) else []:
        if _off(sight.value(operation.get("condition", True))):
            continue
        name = str(sight.value(operation.get("field", "")))
        kind = str(operation.get("operation", "")).lower()
        value = sight.value(operation.get("value"))
        if _changes(kind, name, value, sight):
            yield Setting(kind, name, value)


def _appended(policy: Applied, sight: Sight) -> Iterator[Setting]:
    """Yield what an append policy adds, or cannot add because there is another value: that denies."""
    then = policy.definition.rule.get("then")
    details = then.get("details") if isinstance(then, dict) else None
    for item in details if isinstance(details, list) else []:
        name = str(sight.value(item.get("field", "")))
        value = sight.value(item.get("value"))
        if _changes("add", name, value, sight):
            yield Setting("add", name, value)
        elif _changes("addorreplace", name, value, sight):
            yield Setting(CONFLICT, name, value)


def _changes(kind: str, name: str, value: Json, sight: Sight) -> bool:
    if sight.resource is None:
        return False
    found = select(name, sight.resource, sight.bound)
    there = any(item is not None for item in found.values)
    match kind:
        case "add":
            return not there or found.collection
        case "addorreplace":
            return not found.values or not all(holds("equals", item, value) for item in found.values)
        case "remove":
            return there
    raise NotSupportedError(f"the operation '{kind}' is not known")


def _off(condition: Value) -> bool:
    return condition is False or str(condition).lower() == "false"
