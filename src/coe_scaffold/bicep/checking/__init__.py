"""What can be known to be wrong without resource types, found before anything is emitted."""

from __future__ import annotations

from coe_scaffold.bicep.binding.model import Model
from coe_scaffold.bicep.checking import (
    assignments,
    calls,
    cycles,
    decorators,
    deploy_time,
    duplicates,
    modules,
    placement,
    spreads,
)


def check(model: Model) -> None:
    """Record every problem of a bound file in its diagnostics."""
    cycles.check(model)
    if model.extensions:
        return  # what they bring along is unknown, and each is an error already
    decorators.check(model)
    calls.check(model)
    assignments.check(model)
    modules.check(model)
    placement.check(model)
    spreads.check(model)
    deploy_time.check(model)
    duplicates.check(model)
