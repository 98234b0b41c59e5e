"""Who made and changed something, and when, as the service shows it in ``metadata`` and ``systemData``."""

from __future__ import annotations

import uuid
from collections.abc import Mapping

from coe_scaffold.model.json import Json
from coe_scaffold.sandbox import actors
from coe_scaffold.sandbox.world import World, timestamp

SYSTEM_DATA = "2021-06-01"
"""First api-version of policy resources with ``systemData``."""
_STAMPS = ("createdBy", "createdOn", "updatedBy", "updatedOn")


def caller(tenant: str) -> str:
    """Return the object id of whoever acts: the sandbox's owner, or the principal a token acts as."""
    principals = actors.current().principals
    return principals[0] if principals else str(uuid.uuid5(uuid.NAMESPACE_OID, f"sandbox-caller|{tenant}"))


def metadata(world: World, given: Json, before: Json | None) -> dict[str, Json]:
    """Return the metadata of a policy resource: what was given, and who made and changed it."""
    own = {key: value for key, value in (given or {}).items() if key not in _STAMPS}
    who, now = caller(world.tenant), timestamp()
    if before is None:
        return {**own, "createdBy": who, "createdOn": now, "updatedBy": None, "updatedOn": None}
    stamps = before["properties"].get("metadata") or {}
    made = {key: stamps.get(key) for key in ("createdBy", "createdOn")}
    return {**own, **made, "updatedBy": who, "updatedOn": now}


def system_data(before: Mapping[str, Json] | None) -> dict[str, Json]:
    """Return ``systemData`` for something written now."""
    who, now = actors.shown(), timestamp()
    earlier = (before or {}).get("systemData") or {}
    return {
        "createdBy": earlier.get("createdBy", who),
        "createdByType": "User",
        "createdAt": earlier.get("createdAt", now),
        "lastModifiedBy": who,
        "lastModifiedByType": "User",
        "lastModifiedAt": now,
    }
