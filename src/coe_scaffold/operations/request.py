"""What to hand to an administrator: the access part of a plan, applicable on its own. No I/O."""

from __future__ import annotations

from dataclasses import replace

from coe_scaffold.model.plan import ACCESS_KINDS, Plan, Step
from coe_scaffold.planning.digest import observed_digest


def access_request(plan: Plan) -> Plan:
    """Return the access steps of a plan as a plan: it stays valid as long as access is as it was found.

    Steps that wait for a deployment lose that dependency: deploy first, then let the request be applied.
    """
    steps = tuple(step for step in plan.steps if step.kind in ACCESS_KINDS and step.action.writes)
    names = {step.id for step in steps}
    kept = tuple(
        replace(step, depends_on=tuple(name for name in step.depends_on if name in names)) for step in steps
    )
    return replace(plan, steps=kept, observed=observed_digest(kept))


def still_asked(asked: Plan, current: Plan) -> Plan:
    """Return a request without what is there by now; ``current`` is what one made now would ask for.

    Who may not read a management group asks for everything there; who may read it finds some of it made.
    """
    names = {step.id for step in current.steps}
    steps = tuple(
        replace(step, depends_on=tuple(name for name in step.depends_on if name in names))
        for step in asked.steps
        if step.id in names
    )
    return replace(asked, steps=steps, observed=observed_digest(steps))


def is_request(plan: Plan) -> bool:
    """Return whether a plan is what :func:`access_request` makes: it asks for access and nothing else."""
    return bool(plan.steps) and all(step.kind in ACCESS_KINDS and step.action.writes for step in plan.steps)


def needed(plan: Plan) -> tuple[tuple[str, str], ...]:
    """Return (action, scope) of every right that applying takes, each once, sorted."""
    return tuple(sorted({(step.needs, _home(step)) for step in plan.writes if step.needs}))


def _home(step: Step) -> str:
    """Return the smallest scope a right is usually given at: the subscription or the management group."""
    subscription = step.scope.subscription
    return f"/subscriptions/{subscription}" if subscription else step.scope.path
