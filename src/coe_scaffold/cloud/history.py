"""The deployment history of a scope: ARM keeps 800 records, and refuses the next deployment after that."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

from coe_scaffold.cloud import scoped
from coe_scaffold.cloud.clients import Clients
from coe_scaffold.model.resources import Deployment
from coe_scaffold.ports import Operation

LIMIT = 800
"""Records in the history of one scope (Azure subscription and service limits)."""
FULL = 700
"""From how many records on ours are removed."""
KEPT = 20
"""How many of the newest records of one deployment stay in any case."""
_ACTIVE = frozenset({"accepted", "running", "waiting", "creating"})


def is_ours(name: str, deployment: Deployment) -> bool:
    """Return whether a record is of this deployment: of its own name, or of one a stack of that name made.

    A stack names its deployments ``<stack>-<yyMMddHH...>``, the stack's name cut when it is long.
    """
    pattern = rf"(?i){re.escape(deployment.name[:50])}-\d{{8}}[0-9a-z]*"
    return name.lower() == deployment.name.lower() or re.fullmatch(pattern, name) is not None


def trim(
    clients: Clients, deployment: Deployment, progress: Callable[[Operation], None], *, keep: str = ""
) -> frozenset[str]:
    """Remove the oldest records of a deployment from a history that is nearly full, and say so.

    Records of others are never touched, nor one that still runs, nor ``keep``. Returns the names of this
    deployment's records before.
    """
    records = scoped.list_at(clients, deployment.scope)
    ours = sorted((one for one in records if is_ours(str(one.name), deployment)), key=_when)
    known = frozenset(str(one.name) for one in ours)
    if len(records) < FULL:
        return known
    old = [one for one in ours[:-KEPT] if _idle(one) and str(one.name).lower() != keep.lower()]
    going = old[: len(records) - FULL + KEPT]
    pollers = [scoped.forget(clients, deployment.scope, str(one.name)) for one in going]
    if going:
        detail = (
            f"removed {len(going)} old records of {deployment.name} from the {len(records)} deployments of "
            f"{deployment.scope.name}: ARM keeps {LIMIT}"
        )
        progress(Operation("deployment history", "Succeeded", detail))
    if len(records) >= LIMIT - KEPT:
        for poller in pollers:
            poller.wait()
    return known


def _when(record: Any) -> str:
    stamp = record.properties.timestamp if record.properties else None
    return stamp.isoformat() if stamp else ""


def _idle(record: Any) -> bool:
    state = record.properties.provisioning_state if record.properties else ""
    return str(getattr(state, "value", state)).lower() not in _ACTIVE
