"""What-if results as plan steps: one step per deployment, every resource change with its reasons."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import replace
from hashlib import sha256

from coe_scaffold.errors import CoeError
from coe_scaffold.model.deployment_json import deployment_to_json
from coe_scaffold.model.plan import Action, Step, StepKind
from coe_scaffold.model.resources import ChangeType, Deployment, ResourceChange
from coe_scaffold.model.scope import Scope, ScopeKind
from coe_scaffold.planning.noise import mark
from coe_scaffold.planning.stacks import STACK_NEEDS

NEEDS = "Microsoft.Resources/deployments/write"
"""Least ARM action a deployment step takes; what its resources take comes on top."""


TEMPLATE_LIMIT = 4 * 1024 * 1024
"""Bytes of a template that ARM takes (azure-docs templates/best-practices.md)."""


def check_size(deployment: Deployment) -> None:
    """Return when a template is not larger than ARM takes; raise CoeError that says what to do otherwise."""
    size = len(json.dumps(deployment.template, separators=(",", ":")).encode())
    if size > TEMPLATE_LIMIT:
        raise CoeError(
            f"the template of {deployment.name} has {size:,} bytes, ARM takes {TEMPLATE_LIMIT:,}",
            fix="Split it: deploy some of its modules on their own, or publish them as template specs.",
            code="COE-PLN-004",
        )


def deployment_step(deployment: Deployment, changes: Iterable[ResourceChange]) -> Step:
    """Return the step that deploys, or NO_CHANGE when what-if found nothing that differs.

    Resources that are not in the template (Ignore) and those ARM could not preview (Unsupported) stay
    in the step's ``changes`` but do not by themselves make it write.
    """
    marked = tuple(sorted((mark(change) for change in changes), key=lambda change: change.resource.key))
    action = _action(marked)
    label = deployment.name.removeprefix("coe-")
    return Step(
        id=f"deploy/{label}",
        kind=StepKind.DEPLOYMENT,
        action=action,
        scope=deployment.scope,
        title=f"Deploy {label}",
        reason=_reason(marked),
        needs=_needs(deployment) if action.writes else "",
        after=deployment_to_json(deployment) if action.writes else None,
        changes=marked,
    )


def _needs(deployment: Deployment) -> str:
    return NEEDS if deployment.stack is None else STACK_NEEDS


def deployment_steps(pairs: Iterable[tuple[Deployment, Sequence[ResourceChange]]]) -> tuple[Step, ...]:
    """Return one step per deployment, sorted by id; equal names at different scopes get a suffix."""
    steps = [deployment_step(deployment, changes) for deployment, changes in pairs]
    uses = Counter(step.id for step in steps)
    unique = (
        replace(step, id=f"{step.id}/{sha256(step.scope.key.encode()).hexdigest()[:8]}")
        if uses[step.id] > 1
        else step
        for step in steps
    )
    return tuple(sorted(unique, key=lambda step: step.id))


def with_extras(changes: Iterable[ResourceChange], there: Iterable[Scope]) -> tuple[ResourceChange, ...]:
    """Return changes with an Ignore for every resource of their groups that none of them names.

    ``there`` are the resources that exist, in any group; only those count whose group the changes name.
    """
    known = tuple(changes)
    named = {change.resource for change in known}
    groups = {scope for scope in named if scope.kind is ScopeKind.RESOURCE_GROUP}
    extras = (
        ResourceChange(one, ChangeType.IGNORE)
        for one in sorted(set(there) - named)
        if one.group(one.resource_group) in groups
    )
    return (*known, *extras)


def _action(changes: Sequence[ResourceChange]) -> Action:
    kinds = {change.change for change in changes} - {ChangeType.IGNORE, ChangeType.UNSUPPORTED}
    if kinds <= {ChangeType.NO_CHANGE}:
        return Action.NO_CHANGE
    return Action.CREATE if kinds == {ChangeType.CREATE} else Action.MODIFY


_WORDS = {
    ChangeType.CREATE: "to create",
    ChangeType.MODIFY: "to change",
    ChangeType.DEPLOY: "to deploy again",
    ChangeType.DELETE: "to delete",
    ChangeType.DETACH: "to let go",
    ChangeType.UNSUPPORTED: "that ARM could not preview",
    ChangeType.NO_CHANGE: "unchanged",
}


def _reason(changes: Sequence[ResourceChange]) -> str:
    counts = Counter(change.change for change in changes)
    parts = [f"{counts[kind]} {words}" for kind, words in _WORDS.items() if counts[kind]]
    return "resources: " + ", ".join(parts) if parts else "the template declares no resources"
