"""Management groups: a hierarchy below the tenant's root group, written asynchronously, and its settings."""

from __future__ import annotations

from collections.abc import Mapping

from coe_scaffold.model.json import Json
from coe_scaffold.model.scope import Scope
from coe_scaffold.sandbox import hierarchy, store
from coe_scaffold.sandbox.authorship import caller
from coe_scaffold.sandbox.refusals import ArmError, bad_request
from coe_scaffold.sandbox.routing import Call, Reply, Route, page
from coe_scaffold.sandbox.store import Transaction
from coe_scaffold.sandbox.world import World, timestamp

CREATION = "ManagementGroupCreationJob"
DELETION = "ManagementGroupDeletionJob"
_TYPE = "Microsoft.Management/managementGroups"
_POLLED = "2020-02-01"
"""First api-version with Azure-AsyncOperation and a type without ``/providers/`` before it."""


def put(call: Call) -> Reply:
    """Create a group: 202 with Location and Azure-AsyncOperation; update one: 200 at once."""
    name = call.params["group"]
    properties = call.content().get("properties") or {}
    with call.world.store.transaction() as tx:
        parent = _parent(call, tx, properties)
        existing = tx.get(store.MANAGEMENT_GROUP, name)
        if existing is not None:
            changed = {**existing, **parent, "version": int(existing.get("version", 0)) + 1}
            if properties.get("displayName"):
                changed["displayName"] = properties["displayName"]
            tx.put(store.MANAGEMENT_GROUP, name, changed)
            return Reply(200, _shown(call, tx, changed))
        if not parent:
            parent = {"parent": call.world.tenant}
        record = {"displayName": properties.get("displayName") or name, "name": name, **parent}
        job = call.jobs.start(tx, CREATION, name, record, key=f"create|{name}".lower())
    call.jobs.launch(job)
    return _later(call, name, "create")


def get(call: Call) -> Reply:
    """Return a group; ``$expand=children`` with or without ``$recurse=true`` shows what is below."""
    with call.world.store.transaction() as tx:
        record = hierarchy.require(tx, call.world.tenant, call.params["group"])
        body = _shown(call, tx, record)
        if call.query.get("$expand", "").lower() in ("children", "path"):
            deep = call.query.get("$recurse", "").lower() == "true"
            children = _children(call, tx, record["name"], deep=deep)
            if children:
                body["properties"]["children"] = children
    return Reply(200, body)


def list_groups(call: Call) -> Reply:
    """List the management groups."""
    with call.world.store.transaction() as tx:
        groups = [record for _, record in tx.all(store.MANAGEMENT_GROUP)]
    shown = [
        {
            **_placed(call, record["name"]),
            "properties": {
                "tenantId": call.world.tenant,
                "displayName": record.get("displayName", record["name"]),
            },
        }
        for record in groups
    ]
    return page(call, shown)


def patch(call: Call) -> Reply:
    """Rename or move a group."""
    content = call.content()
    with call.world.store.transaction() as tx:
        record = hierarchy.require(tx, call.world.tenant, call.params["group"])
        given = {"details": {"parent": {"id": content.get("parentGroupId") or content.get("parentId")}}}
        record = {**record, **_parent(call, tx, given), "version": int(record.get("version", 0)) + 1}
        record["displayName"] = content.get("displayName") or record.get("displayName", record["name"])
        tx.put(store.MANAGEMENT_GROUP, record["name"], record)
        return Reply(200, _shown(call, tx, record))


def delete(call: Call) -> Reply:
    """Delete a group: 202; 204 when it is not there, 400 while something is below it."""
    name = call.params["group"]
    with call.world.store.transaction() as tx:
        if tx.get(store.MANAGEMENT_GROUP, name) is None:
            return Reply(204)
        if _children(call, tx, name, deep=False):
            raise ArmError(
                400,
                "BadRequest",
                "Unable to delete the management group because it has children. Please delete or move them.",
                gateway=False,
            )
        job = call.jobs.start(tx, DELETION, name, key=f"delete|{name}".lower())
    call.jobs.launch(job)
    return _later(call, name, "delete")


def poll(call: Call) -> Reply:
    """Answer a poll of Azure-AsyncOperation: HTTP 200 with the state."""
    record = _job(call)
    name = call.params["group"]
    body: dict[str, Json] = {"id": call.path, "name": name, "status": record["status"]}
    if record["status"] == "Running":
        return Reply(200, body, _later(call, name, call.params["verb"]).headers)
    return Reply(200, body | _outcome(record))


def result(call: Call) -> Reply:
    """Answer a poll of Location: 202 while the work goes on, then 200."""
    record = _job(call)
    name = call.params["group"]
    body = {**_placed(call, name), "status": record["status"]}
    if record["status"] == "Succeeded" and record["result"]:
        with call.world.store.transaction() as tx:
            group = tx.get(store.MANAGEMENT_GROUP, name)
            if group is not None:
                return Reply(200, {**body, "properties": _shown(call, tx, group)["properties"]})
    if record["status"] == "Running":
        headers = _later(call, name, call.params["verb"]).headers
        return Reply(202, body, {"Location": headers["Location"]})
    return Reply(200, body | _outcome(record))


def place(tx: Transaction, tenant: str, group_name: str, subscription: str) -> bool:
    """Put a subscription below a group and return whether it was not; raise ArmError when one is absent."""
    group = hierarchy.require(tx, tenant, group_name)
    record = tx.get(store.SUBSCRIPTION, subscription)
    if record is None:
        raise no_subscription()
    tx.put(store.SUBSCRIPTION, subscription, {**record, "managementGroup": group["name"], "placed": True})
    return not record.get("placed") or record.get("managementGroup") != group["name"]


def placed(tx: Transaction, group_name: str, subscription: str) -> bool:
    """Return whether somebody put a subscription below a group."""
    record = tx.get(store.SUBSCRIPTION, subscription) or {}
    return bool(record.get("placed")) and record.get("managementGroup", "").lower() == group_name.lower()


def place_subscription(call: Call) -> Reply:
    """Put a subscription below a group."""
    with call.world.store.transaction() as tx:
        place(tx, call.world.tenant, call.params["group"], call.params["subscription"])
    return Reply(200, placement(call, call.path))


def placement(call: Call, path: str) -> Json:
    """Return a subscription below a group as the service shows it; ``path`` is its id there."""
    home, _, subscription = path.rpartition("/subscriptions/")
    with call.world.store.transaction() as tx:
        record = tx.get(store.SUBSCRIPTION, subscription) or {}
    properties = {
        "tenant": call.world.tenant,
        "displayName": record.get("displayName", subscription),
        "parent": {"id": home, "name": None, "displayName": None},
        "state": "Active",
    }
    return {"id": path, "type": f"{_TYPE}/subscriptions", "name": subscription, "properties": properties}


def no_subscription() -> ArmError:
    """Return the answer for a subscription that is not in the tenant, or not below a group."""
    return ArmError(404, "NotFound", "The subscription cannot be found.", gateway=False)


def put_settings(call: Call) -> Reply:
    """Set the hierarchy settings of the root group: what is not given is reset by PUT, kept by PATCH."""
    given = call.content().get("properties") or {}
    with call.world.store.transaction() as tx:
        before = (tx.get(store.SETTINGS, "managementGroups") or {}) if call.method == "PATCH" else {}
        after = {**before, **given}
        tx.put(store.SETTINGS, "managementGroups", after)
    return Reply(200, _settings(call, after))


def get_settings(call: Call) -> Reply:
    """Return the hierarchy settings, or 404."""
    with call.world.store.transaction() as tx:
        found = tx.get(store.SETTINGS, "managementGroups")
    if not found:
        raise ArmError(404, "NotFound", "The hierarchy settings cannot be found.", gateway=False)
    return Reply(200, _settings(call, found))


def delete_settings(call: Call) -> Reply:
    """Reset the hierarchy settings."""
    with call.world.store.transaction() as tx:
        tx.delete(store.SETTINGS, "managementGroups")
    return Reply(200)


def list_settings(call: Call) -> Reply:
    """List the one set of hierarchy settings."""
    with call.world.store.transaction() as tx:
        found = tx.get(store.SETTINGS, "managementGroups")
    return Reply(200, {"value": [_settings(call, found)] if found else [], "@nextLink": None})


def create(world: World, target: str, payload: Json) -> Json:
    """Do the work behind PUT."""
    details = {"version": 1, "updatedTime": timestamp(), "updatedBy": caller(world.tenant)}
    with world.store.transaction() as tx:
        tx.put(store.MANAGEMENT_GROUP, target, {**payload, **details})
    return {"tenantId": world.tenant, "displayName": payload["displayName"], "details": details}


def remove(world: World, target: str, _: Json) -> Json:
    """Do the work behind DELETE."""
    with world.store.transaction() as tx:
        tx.delete(store.MANAGEMENT_GROUP, target)
    return None


WORK = {CREATION: create, DELETION: remove}
"""What does each kind of long-running work of management groups."""


def _parent(call: Call, tx: Transaction, properties: Mapping[str, Json]) -> dict[str, Json]:
    parent = ((properties.get("details") or {}).get("parent") or {}).get("id")
    if not parent:
        return {}
    if not str(parent).lower().startswith("/providers/microsoft.management/managementgroups/"):
        raise bad_request(f"The parent id '{parent}' is invalid.", "BadRequest")
    name = str(parent).rpartition("/")[2]
    return {"parent": hierarchy.require(tx, call.world.tenant, name)["name"]}


def _later(call: Call, name: str, verb: str) -> Reply:
    base = f"/providers/Microsoft.Management/operationResults/{verb}"
    headers = {"Location": call.url(f"{base}/managementGroups/{name}")}
    if call.api_version >= _POLLED:
        headers["Azure-AsyncOperation"] = call.url(f"{base}/asyncOperation/status/managementGroups/{name}")
    return Reply(202, {**_placed(call, name), "status": "NotStarted"}, headers)


def _job(call: Call) -> Json:
    key = f"{call.params['verb']}|{call.params['group']}".lower()
    with call.world.store.transaction() as tx:
        record = call.jobs.look(tx, key)
    if record is None:
        raise ArmError(404, "NotFound", "The operation is not known.", gateway=False)
    return record


def _outcome(record: Json) -> dict[str, Json]:
    if record["status"] == "Failed":
        return {"error": record["error"]}
    return {"properties": record["result"]} if record["result"] else {}


def _placed(call: Call, name: str) -> dict[str, Json]:
    prefix = "" if call.api_version >= _POLLED else "/providers/"
    return {"id": Scope.management_group(name).path, "type": prefix + _TYPE, "name": name}


def _shown(call: Call, tx: Transaction, record: Mapping[str, Json]) -> dict[str, Json]:
    details: dict[str, Json] = {
        "version": record.get("version", 1),
        "updatedTime": record.get("updatedTime") or timestamp(),
        "updatedBy": record.get("updatedBy") or caller(call.world.tenant),
    }
    if record["name"].lower() != call.world.tenant.lower():
        parent = str(record.get("parent") or call.world.tenant)
        above = hierarchy.find(tx, call.world.tenant, parent) or {"name": parent}
        details["parent"] = {
            "id": Scope.management_group(parent).path,
            "name": parent,
            "displayName": above.get("displayName", parent),
        }
    properties = {
        "tenantId": call.world.tenant,
        "displayName": record.get("displayName", record["name"]),
        "details": details,
    }
    return {**_placed(call, str(record["name"])), "properties": properties}


def _children(call: Call, tx: Transaction, name: str, *, deep: bool) -> list[Json]:
    found: list[Json] = []
    for _, record in tx.all(store.MANAGEMENT_GROUP):
        if str(record.get("parent") or call.world.tenant).lower() != name.lower():
            continue
        child = {**_placed(call, record["name"]), "displayName": record.get("displayName", record["name"])}
        below = _children(call, tx, record["name"], deep=True) if deep else []
        found.append({**child, **({"children": below} if below else {})})
    for _, record in tx.all(store.SUBSCRIPTION):
        if str(record.get("managementGroup", "")).lower() == name.lower():
            identifier = record["subscriptionId"]
            placed = {"id": f"/subscriptions/{identifier}", "type": "/subscriptions", "name": identifier}
            found.append({**placed, "displayName": record["displayName"]})
    return found


def _settings(call: Call, settings: Mapping[str, Json]) -> Json:
    root = Scope.management_group(call.params["group"]).path
    default = str(settings.get("defaultManagementGroup") or call.params["group"]).rpartition("/")[2]
    return {
        "id": f"{root}/settings/default",
        "type": f"{_TYPE}/settings",
        "name": "default",
        "properties": {
            "tenantId": call.world.tenant,
            "requireAuthorizationForGroupCreation": bool(
                settings.get("requireAuthorizationForGroupCreation", False)
            ),
            "defaultManagementGroup": default,
        },
    }


_ALL = "/providers/Microsoft.Management/managementGroups"
_ONE = _ALL + "/{group}"
_RESULTS = "/providers/Microsoft.Management/operationResults/{verb}"

ROUTES = (
    Route("GET", _ALL, list_groups),
    Route("PUT", _ONE, put),
    Route("GET", _ONE, get),
    Route("PATCH", _ONE, patch),
    Route("DELETE", _ONE, delete),
    Route("PUT", _ONE + "/settings/default", put_settings),
    Route("PATCH", _ONE + "/settings/default", put_settings),
    Route("GET", _ONE + "/settings/default", get_settings),
    Route("DELETE", _ONE + "/settings/default", delete_settings),
    Route("GET", _ONE + "/settings", list_settings),
    Route("PUT", _ONE + "/subscriptions/{subscription}", place_subscription),
    Route("GET", _RESULTS + "/asyncOperation/status/managementGroups/{group}", poll),
    Route("GET", _RESULTS + "/managementGroups/{group}", result),
)
