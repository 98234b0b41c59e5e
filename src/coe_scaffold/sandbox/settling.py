"""Time passes: schedule requests are provisioned, and roles that were given for a while end."""

from __future__ import annotations

import time

from coe_scaffold.model.json import Json
from coe_scaffold.model.scope import Scope
from coe_scaffold.sandbox import estate, store
from coe_scaffold.sandbox.store import Transaction
from coe_scaffold.sandbox.world import timestamp

_ASSIGNMENT = "Microsoft.Authorization/roleAssignments"


def settle(tx: Transaction) -> None:
    """Provision the requests whose time has come, and end the schedules whose time is over."""
    now = time.time()
    for key, request in tx.all(store.SCHEDULE_REQUEST):
        properties = request["shown"]["properties"]
        if properties["status"] == "PendingProvisioning" and request["ready"] <= now:
            removed = properties["requestType"] == "AdminRemove"
            properties["status"] = "Revoked" if removed else "Provisioned"
            tx.put(store.SCHEDULE_REQUEST, key, request)
    moment = timestamp()
    for kind in (store.ELIGIBILITY, store.ACTIVE_SCHEDULE):
        for key, schedule in tx.all(kind):
            end = schedule["shown"]["properties"]["endDateTime"]
            if end and end <= moment:
                forget_schedule(tx, kind, key, schedule)


def forget_schedule(tx: Transaction, kind: str, key: str, schedule: Json) -> None:
    """Delete a schedule, and the role assignment that an active one shows as."""
    tx.delete(kind, key)
    if kind != store.ACTIVE_SCHEDULE:
        return
    held = Scope.parse(schedule["shown"]["properties"]["scope"]).child(_ASSIGNMENT, schedule["shown"]["name"])
    found = tx.get(store.ASSIGNMENT, held.key)
    if found is not None:
        estate.forget_assignment(tx, held.key, found)
