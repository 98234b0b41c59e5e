"""Add to a plan what frees the names that deleted resources hold. Reads only; execution writes."""

from __future__ import annotations

from dataclasses import replace

from coe_scaffold.model.settings import Settings
from coe_scaffold.operations.plan import Planned
from coe_scaffold.operations.predict import GOVERNANCE, environment_of, whole_graph
from coe_scaffold.planning.recovery import OnDeleted, freeing
from coe_scaffold.ports import Inspector


def with_deleted(settings: Settings, planned: Planned, inspector: Inspector, choice: OnDeleted) -> Planned:
    """Return a plan that also recovers or purges, as chosen; raise CloudError when Azure cannot be asked."""
    environment = planned.plan.environment
    if choice is OnDeleted.KEEP or environment == GOVERNANCE:
        return planned
    deleted = inspector.soft_deleted(environment_of(settings, environment).scope)
    return replace(planned, plan=freeing(planned.plan, whole_graph(planned.targets), deleted, choice))
