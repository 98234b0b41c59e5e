"""What becomes of a deployment stack itself, and of what it manages, as resource changes."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from typing import Any

from coe_scaffold.model.json import JsonObject
from coe_scaffold.model.plan import Plan, Step, StepKind
from coe_scaffold.model.resources import ChangeType, Deployment, PropertyChange, ResourceChange
from coe_scaffold.model.scope import Scope, ScopeKind
from coe_scaffold.model.stacks import ObservedStack, StackSettings, stack_from_json
from coe_scaffold.planning.removals import delete_resource

STACK_NEEDS = "Microsoft.Resources/deploymentStacks/write"
"""Least ARM action a stack takes; what its resources take comes on top."""
_ENDED_WELL = "succeeded"
_DELETED = "no longer declared, and actionOnUnmanage is delete"
_DETACHED = "no longer declared: its stack lets it go, it stays"
_OF_GROUPS = "actionOnUnmanage.managementGroups"
_GROUP = ScopeKind.MANAGEMENT_GROUP
"""Only a stack at a management group can manage one; others may say about them what they like."""
_THERE = (ChangeType.NO_CHANGE, ChangeType.MODIFY, ChangeType.DEPLOY)


def stack_change(
    deployment: Deployment,
    settings: StackSettings,
    changes: Iterable[ResourceChange],
    there: ObservedStack | None,
) -> ResourceChange:
    """Return what becomes of the stack of a deployment.

    A new one says how many resources that exist it takes over; a changed setting is a difference like that
    of any resource, so that nothing is denied or deleted more than before without the plan saying it.
    """
    title = f"deployment stack {deployment.name}"
    if there is None:
        found = sum(change.change in _THERE for change in changes)
        reason = f"takes over {_resources(found)} that exist, as they are: none is made anew" if found else ""
        return ResourceChange(deployment.stack_id, ChangeType.CREATE, reason=reason, title=title)
    before, after = (
        _facts(there.action, there.deny),
        _facts(settings.action_on_unmanage(), settings.deny_settings()),
    )
    delta = tuple(
        PropertyChange(f"properties.{key}", before[key], after[key])
        for key in after
        if before[key] != after[key] and (key != _OF_GROUPS or deployment.scope.kind is _GROUP)
    )
    if delta:
        return ResourceChange(there.id, ChangeType.MODIFY, delta, title=title)
    if there.state.lower() != _ENDED_WELL:
        reason = f"its last deployment ended as {there.state}: deployed again to complete its list"
        return ResourceChange(there.id, ChangeType.DEPLOY, reason=reason, title=title)
    return ResourceChange(there.id, ChangeType.NO_CHANGE, title=title)


def let_go(
    settings: StackSettings,
    changes: Iterable[ResourceChange],
    there: ObservedStack,
    *,
    unnamed: frozenset[str],
) -> tuple[ResourceChange, ...]:
    """Return what a stack manages and a what-if does not speak of: detached, or deleted where so set.

    ``unnamed`` are types, in lower case, of which the template makes resources whose names nobody knows
    yet: whether one of these goes cannot be said.
    """
    named = {change.resource for change in changes if change.change is not ChangeType.IGNORE}
    return tuple(_gone(one, settings, unnamed) for one in there.managed if one not in named)


def explained(change: ResourceChange) -> ResourceChange:
    """Return a change with the reason why something goes, where who compared gave none."""
    reasons = {ChangeType.DELETE: _DELETED, ChangeType.DETACH: _DETACHED}
    return change if change.reason else replace(change, reason=reasons.get(change.change, ""))


def release(stack: ObservedStack, *, after: Iterable[str] = (), reason: str) -> Step:
    """Return the step that deletes a stack and detaches what it manages."""
    title = f"Deployment stack {stack.id.name}"
    step = delete_resource(stack.id, step=f"release{stack.id.key}", reason=reason, title=title)
    return replace(step, depends_on=tuple(sorted(after)))


def releasing(stacks: Iterable[ObservedStack], steps: Sequence[Step], *, reason: str) -> tuple[Step, ...]:
    """Return deletions with the removal of stacks among them: at the end, so that a list of what is left
    stands as long as possible; but first where a stack forbids deleting.
    """
    given = tuple(stacks)
    first = [
        release(one, reason=f"{reason}; its denySettings forbid the deletions that follow")
        for one in given
        if one.forbids
    ]
    opened = [step.id for step in first]
    freed = [replace(step, depends_on=tuple(sorted({*step.depends_on, *opened}))) for step in steps]
    last = [
        release(
            one, after=[step.id for step in steps], reason=f"{reason}; nothing it manages is deleted with it"
        )
        for one in given
        if not one.forbids
    ]
    return (*first, *freed, *last)


def accepting_out_of_sync(plan: Plan) -> Plan:
    """Return a plan whose stacks are deployed although ARM is not sure of their lists."""
    return replace(plan, steps=tuple(map(_accepting, plan.steps)))


def _accepting(step: Step) -> Step:
    stack = (step.after or {}).get("stack") if step.kind is StepKind.DEPLOYMENT else None
    if not stack:
        return step
    return replace(step, after={**step.after, "stack": {**stack, "acceptOutOfSync": True}})


def denies(deployment: JsonObject | None) -> bool:
    """Return whether a deployment, as a step carries it, puts deny settings on what it makes."""
    stack = (deployment or {}).get("stack")
    return stack is not None and stack_from_json(stack).deny.forbids


def ours(stacks: Iterable[ObservedStack], environment: str) -> tuple[ObservedStack, ...]:
    """Return the stacks whose tags say that this tool made them for an environment."""
    wanted = {"managed-by": "coe-scaffold", "coe-environment": environment}
    return tuple(
        stack for stack in stacks if all(stack.tags.get(name) == value for name, value in wanted.items())
    )


def _gone(resource: Scope, settings: StackSettings, unnamed: frozenset[str]) -> ResourceChange:
    kind = resource.resource_type.lower()
    if kind in unnamed:
        reason = f"its template makes {resource.resource_type} with names known only after apply"
        return ResourceChange(resource, ChangeType.UNSUPPORTED, reason=reason)
    group = resource.kind is ScopeKind.RESOURCE_GROUP
    wanted = settings.resource_groups if group else settings.resources
    if wanted.lower() == "delete":
        return ResourceChange(resource, ChangeType.DELETE, reason=_DELETED)
    return ResourceChange(resource, ChangeType.DETACH, reason=_DETACHED)


def _facts(action: Mapping[str, Any], deny: Mapping[str, Any]) -> dict[str, Any]:
    return {
        "actionOnUnmanage.resources": str(action.get("resources") or "detach").lower(),
        "actionOnUnmanage.resourceGroups": str(action.get("resourceGroups") or "detach").lower(),
        _OF_GROUPS: str(action.get("managementGroups") or "detach").lower(),
        "denySettings.mode": _mode(str(deny.get("mode") or "none")),
        "denySettings.excludedPrincipals": _sorted(deny.get("excludedPrincipals")),
        "denySettings.excludedActions": _sorted(deny.get("excludedActions")),
        "denySettings.applyToChildScopes": bool(deny.get("applyToChildScopes")),
    }


def _mode(text: str) -> str:
    return text[:1].lower() + text[1:]


def _sorted(items: Iterable[str] | None) -> list[str]:
    return sorted(str(item).lower() for item in items or [])


def _resources(count: int) -> str:
    return f"{count} resource{'s' if count != 1 else ''}"
