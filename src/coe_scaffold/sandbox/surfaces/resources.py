"""Generic resources of any known provider: PUT, GET, HEAD, PATCH, DELETE, lists, and list* actions."""

from __future__ import annotations

from collections.abc import Mapping

from coe_scaffold.model.json import Json
from coe_scaffold.model.resources import Resource
from coe_scaffold.model.scope import Scope, ScopeKind
from coe_scaffold.sandbox import authorisation, estate, keys, policing, refusals, registration, store
from coe_scaffold.sandbox.namespaces import known
from coe_scaffold.sandbox.refusals import ArmError
from coe_scaffold.sandbox.routing import Call, Reply, Route, page
from coe_scaffold.sandbox.store import Transaction
from coe_scaffold.sandbox.surfaces import resource_filter

_LISTED = ("id", "name", "type", "kind", "managedBy", "sku", "plan", "identity", "location", "tags", "zones")


def put(call: Call) -> Reply:
    """Create or replace a resource: 201 when it is new, else 200; done at once."""
    resource = _resource(call)
    with call.world.store.transaction() as tx:
        registration.require(tx, call.world, resource)
        authorisation.check_linked(tx, resource, call.content())
        body = _admitted(tx, call, resource, call.content())
        written = estate.write(tx, call.world.tenant, resource, body, call.api_version)
    return Reply(201 if written.created else 200, written.body)


def get(call: Call) -> Reply:
    """Return a resource or, for a path that ends in a type, the resources of that type."""
    if len(call.params["tail"].split("/")) % 2:
        return _collection(call)
    resource = _resource(call)
    with call.world.store.transaction() as tx:
        estate.require_scope(tx, resource)
        return Reply(200, estate.find(tx, resource))


def head(call: Call) -> Reply:
    """Return 204 when the resource is there, else 404."""
    with call.world.store.transaction() as tx:
        found = estate.find(tx, _resource(call))
    return Reply(204) if found else Reply(404, None, {"x-ms-failure-cause": "gateway"})


def patch(call: Call) -> Reply:
    """Change members of a resource: objects are merged, ``tags`` are replaced, null removes."""
    resource = _resource(call)
    with call.world.store.transaction() as tx:
        estate.require_scope(tx, resource, writing=True)
        document = tx.get(store.RESOURCE, resource.key)
        if document is None:
            raise refusals.not_modelled("PATCH of a child that stands inside its parent")
        body = _patched(document["submitted"], call.content())
        if "tags" in call.content():
            body["tags"] = call.content()["tags"]
        body = dict(_admitted(tx, call, resource, body))
        written = estate.write(tx, call.world.tenant, resource, body, call.api_version)
    return Reply(200, written.body)


def delete(call: Call) -> Reply:
    """Delete a resource and what is below it: 200, or 204 when it is not there."""
    resource = _resource(call)
    with call.world.store.transaction() as tx:
        estate.require_subscription(tx, resource)
        if resource.resource_group:
            estate.require_scope(tx, estate.group_of(resource))
        policing.admit_deletion(tx, call.world, resource)
        removed = estate.remove(tx, resource)
    return Reply(200 if removed else 204)


def post(call: Call) -> Reply:
    """Answer a ``list*`` action such as listKeys."""
    path, _, action = call.path.rpartition("/")
    resource = Scope.parse(path)
    with call.world.store.transaction() as tx:
        estate.require_scope(tx, resource)
    return Reply(200, keys.invoke(resource, action))


def list_resources(call: Call) -> Reply:
    """List the resources with a location in a subscription or group."""
    scope = Scope.parse(call.path.rpartition("/")[0])
    wanted = resource_filter.parsed(call.query.get("$filter", ""))
    with call.world.store.transaction() as tx:
        estate.require_scope(tx, scope)
        documents = [document for _, document in tx.all(store.RESOURCE, scope.key + "/")]
    items = [_item(call, document) for document in documents if document["submitted"].get("location")]
    return page(call, [item for item in items if wanted(item)])


def _collection(call: Call) -> Reply:
    parts = call.params["tail"].split("/")
    if not known(parts[0] if len(parts) == 1 else call.params["namespace"]):
        raise refusals.not_modelled(f"the collection '{call.path}'")
    home = Scope.parse(call.path.rsplit("/providers/", 1)[0] or "/")
    wanted = "/".join([call.params["namespace"], *parts[::2]]).lower()
    parent = call.path.lower().rpartition("/")[0] if len(parts) > 1 else home.key
    with call.world.store.transaction() as tx:
        estate.require_parent(tx, Scope(f"{call.path}/any"))
        shown = [
            estate.show(tx, document)
            for _, document in tx.all(store.RESOURCE, parent.rstrip("/") + "/")
            if document["type"].lower() == wanted
        ]
    return page(call, shown)


def _resource(call: Call) -> Scope:
    resource = Scope.parse(call.path)
    if len(call.params["tail"].split("/")) % 2:
        raise ArmError(400, "InvalidResourceType", f"'{call.path}' is not the id of a resource.")
    if not known(resource.resource_type):
        namespace = resource.resource_type.split("/")[0].lower()
        if namespace in ("microsoft.authorization", "microsoft.resources", "microsoft.management"):
            raise refusals.not_modelled(f"{call.method} of {resource.resource_type}")
        raise ArmError(400, "InvalidResourceNamespace", f"The resource namespace '{namespace}' is invalid.")
    return resource


def _admitted(tx: Transaction, call: Call, resource: Scope, body: Mapping[str, Json]) -> Mapping[str, Json]:
    """Return a body as policies leave it; raise ArmError when one denies it."""
    head, _, tail = resource.path.rpartition("/providers/")
    name = "/".join(tail.split("/")[2::2])
    wanted = Resource(resource.resource_type, name, call.api_version, Scope(head or "/"), body)
    return policing.admit(tx, call.world, wanted).body


def _patched(before: Mapping[str, Json], change: Mapping[str, Json]) -> dict[str, Json]:
    joined = dict(before)
    for key, value in change.items():
        if value is None:
            joined.pop(key, None)
        elif isinstance(value, Mapping) and isinstance(joined.get(key), Mapping):
            joined[key] = _patched(joined[key], value)
        else:
            joined[key] = value
    return joined


def _item(call: Call, document: Json) -> Json:
    body = estate.merge(document["submitted"], document["filled"])
    item = {key: value for key, value in {**document, **body}.items() if key in _LISTED}
    if Scope(item["id"]).kind is ScopeKind.RESOURCE:
        item["name"] = "/".join(document["id"].rsplit("/providers/", 1)[-1].split("/")[2::2])
    expand = call.query.get("$expand", "").lower()
    if "createdtime" in expand:
        item["createdTime"] = document["created"]
    if "changedtime" in expand:
        item["changedTime"] = document["changed"]
    if "provisioningstate" in expand:
        item["provisioningState"] = body.get("properties", {}).get("provisioningState", "Succeeded")
    return item


_ANY = "{scope}/providers/{namespace}/{tail}"

LIST_ROUTES = (
    Route("GET", "/subscriptions/{subscription}/resources", list_resources),
    Route("GET", "/subscriptions/{subscription}/resourceGroups/{group}/resources", list_resources),
)

ROUTES = (
    Route("PUT", _ANY, put),
    Route("GET", _ANY, get),
    Route("HEAD", _ANY, head),
    Route("PATCH", _ANY, patch),
    Route("DELETE", _ANY, delete),
    Route("POST", _ANY, post),
)
