"""What is below management groups: descendants, entities, and the subscriptions placed there.

Source: Microsoft's OpenAPI files of Microsoft.Management (2021-04-01).
"""

from __future__ import annotations

import re

from coe_scaffold.model.json import Json
from coe_scaffold.model.scope import Scope
from coe_scaffold.sandbox import hierarchy, store
from coe_scaffold.sandbox.routing import Call, Reply, Route, page
from coe_scaffold.sandbox.store import Transaction
from coe_scaffold.sandbox.surfaces import management_groups

_TYPE = "Microsoft.Management/managementGroups"
_OUTSIDE = re.compile(r"[^A-Za-z0-9_().-]")
"""Characters that no name of a management group has."""


def list_descendants(call: Call) -> Reply:
    """List all groups and subscriptions below a group."""
    with call.world.store.transaction() as tx:
        group = hierarchy.require(tx, call.world.tenant, call.params["group"])
        found = _below(call, tx, group["name"])
    return page(call, [{key: value for key, value in item.items() if key != "depth"} for item in found])


def get_entities(call: Call) -> Reply:
    """List every group and subscription with where it is in the hierarchy."""
    root = call.world.tenant
    with call.world.store.transaction() as tx:
        rows = [_entity(call, tx, item) for item in _below(call, tx, root)]
    top = _item(Scope.management_group(root), _TYPE, hierarchy.ROOT_NAME, None)
    groups = sum(row["type"] == _TYPE for row in rows)
    own = {"numberOfDescendants": len(rows), "numberOfChildGroups": groups, "numberOfChildren": len(rows)}
    rows.insert(0, {**top, "properties": _facts(call, top, [], own)})
    return Reply(200, {"value": rows, "count": len(rows)})


def list_subscriptions(call: Call) -> Reply:
    """List the subscriptions that are directly below a group."""
    with call.world.store.transaction() as tx:
        group = hierarchy.require(tx, call.world.tenant, call.params["group"])
        found = [item for item in _children(tx, call.world.tenant, group["name"]) if item["type"] != _TYPE]
    home = Scope.management_group(group["name"]).path
    return page(
        call, [management_groups.placement(call, f"{home}/subscriptions/{item['name']}") for item in found]
    )


def get_subscription(call: Call) -> Reply:
    """Return a subscription below a group, or 404."""
    with call.world.store.transaction() as tx:
        group = hierarchy.require(tx, call.world.tenant, call.params["group"])
        names = [item["name"] for item in _children(tx, call.world.tenant, group["name"])]
    if call.params["subscription"].lower() not in names:
        raise management_groups.no_subscription()
    return Reply(200, management_groups.placement(call, call.path))


def remove_subscription(call: Call) -> Reply:
    """Take a subscription out of a group, to below the root: 200, or 204 when it is not there."""
    tenant = call.world.tenant
    with call.world.store.transaction() as tx:
        hierarchy.require(tx, tenant, call.params["group"])
        record = tx.get(store.SUBSCRIPTION, call.params["subscription"])
        if record is None or str(record.get("managementGroup", "")).lower() != call.params["group"].lower():
            return Reply(204)
        moved = {**record, "managementGroup": tenant, "placed": True}
        tx.put(store.SUBSCRIPTION, call.params["subscription"], moved)
    return Reply(200)


def check_name(call: Call) -> Reply:
    """Answer whether a group's name is free."""
    name = str(call.content().get("name") or "")
    if wrong := "".join(sorted(set(_OUTSIDE.findall(name)))):
        message = (
            f"The provided management group name '{name}' has these invalid characters: '{wrong}'. The name "
            "can only be an ASCII letter, digit, -, _, (, ), ."
        )
        return Reply(200, {"nameAvailable": False, "reason": "Invalid", "message": message})
    with call.world.store.transaction() as tx:
        taken = hierarchy.find(tx, call.world.tenant, name) is not None
    if not taken:
        return Reply(200, {"nameAvailable": True})
    message = f"The group with the specified name '{name}' already exists."
    return Reply(200, {"nameAvailable": False, "reason": "AlreadyExists", "message": message})


def _children(tx: Transaction, tenant: str, name: str) -> list[Json]:
    home = Scope.management_group(name)
    found = []
    for _, group in tx.all(store.MANAGEMENT_GROUP):
        if str(group.get("parent") or tenant).lower() == name.lower():
            path = Scope.management_group(group["name"])
            found.append(_item(path, _TYPE, group.get("displayName") or group["name"], home))
    for key, record in tx.all(store.SUBSCRIPTION):
        above = hierarchy.groupsparent_of(tx, Scope.subscription_of(key))
        nearest = above[0].name if above else tenant
        if nearest.lower() == name.lower():
            path = Scope.subscription_of(key)
            found.append(_item(path, f"{_TYPE}/subscriptions", record["displayName"], home))
    return found


def _below(call: Call, tx: Transaction, name: str) -> list[Json]:
    found = []
    for child in _children(tx, call.world.tenant, name):
        found.append(child)
        if child["type"] == _TYPE:
            found += _below(call, tx, child["name"])
    return found


def _item(scope: Scope, kind: str, title: str, parent: Scope | None) -> dict[str, Json]:
    above = {"parent": {"id": parent.path}} if parent else {}
    shown = {"displayName": title, **above}
    return {"id": scope.path, "type": kind, "name": scope.path.rsplit("/", 1)[-1], "properties": shown}


def _entity(call: Call, tx: Transaction, item: Json) -> Json:
    counts = {"numberOfDescendants": 0, "numberOfChildGroups": 0, "numberOfChildren": 0}
    if item["type"] == _TYPE:
        children = _children(tx, call.world.tenant, item["name"])
        counts = {
            "numberOfDescendants": len(_below(call, tx, item["name"])),
            "numberOfChildGroups": sum(child["type"] == _TYPE for child in children),
            "numberOfChildren": len(children),
        }
    above = hierarchy.groupsparent_of(tx, Scope.parse(item["id"]))
    names = [scope.name for scope in reversed(above) if scope.name.lower() != call.world.tenant.lower()]
    shown_type = item["type"] if item["type"] == _TYPE else "/subscriptions"
    facts = _facts(call, item, [call.world.tenant, *names], counts)
    return {**item, "type": shown_type, "properties": facts}


def backfill(call: Call) -> Reply:
    """Tell that the subscriptions of the tenant are in its hierarchy, which they always are here."""
    return Reply(200, {"tenantId": call.world.tenant, "status": "Completed"})


def _facts(call: Call, item: Json, chain: list[str], counts: dict[str, int]) -> Json:
    titles = [hierarchy.ROOT_NAME if name == call.world.tenant else name for name in chain]
    return {
        "tenantId": call.world.tenant,
        "parent": None,
        **item["properties"],
        "permissions": "delete",
        "inheritedPermissions": "delete",
        "parentDisplayNameChain": titles,
        "parentNameChain": chain,
        **counts,
    }


_HOME = "/providers/Microsoft.Management"
_GROUP = _HOME + "/managementGroups/{group}"

ROUTES = (
    Route("GET", _GROUP + "/descendants", list_descendants),
    Route("POST", _HOME + "/getEntities", get_entities),
    Route("POST", _HOME + "/checkNameAvailability", check_name),
    Route("POST", _HOME + "/{kind:startTenantBackfill|tenantBackfillStatus}", backfill),
    Route("GET", _GROUP + "/subscriptions", list_subscriptions),
    Route("GET", _GROUP + "/subscriptions/{subscription}", get_subscription),
    Route("DELETE", _GROUP + "/subscriptions/{subscription}", remove_subscription),
)
