"""Resource groups: PUT and GET are immediate, DELETE is asynchronous (202 + Location, then 200)."""

from __future__ import annotations

import re
from collections.abc import Mapping

from coe_scaffold.model.json import Json
from coe_scaffold.model.resources import Resource
from coe_scaffold.model.scope import Scope
from coe_scaffold.sandbox import estate, policing, refusals, regions, store
from coe_scaffold.sandbox.refusals import ArmError
from coe_scaffold.sandbox.routing import Call, Reply, Route, dated, page
from coe_scaffold.sandbox.store import Transaction
from coe_scaffold.sandbox.world import World

DELETION = "RESOURCEGROUPDELETIONJOB"
TYPED = "2019-08-01"
"""First api-version whose groups and deployments carry their ``type``."""


def put(call: Call) -> Reply:
    """Create or update a group: 201 when it is new, else 200."""
    with call.world.store.transaction() as tx:
        scope = _scope(call)
        home = Scope.subscription_of(scope.subscription)
        kind = "Microsoft.Resources/resourceGroups"
        wanted = Resource(kind, scope.name, call.api_version, home, call.content())
        admitted = policing.admit(tx, call.world, wanted)
        body, created = write(tx, scope, admitted.body, call.api_version)
    return Reply(201 if created else 200, dated(call, body, "type", TYPED))


def get(call: Call) -> Reply:
    """Return a group, or 404 ResourceGroupNotFound."""
    with call.world.store.transaction() as tx:
        return Reply(200, shown(call, _find(tx, _scope(call))))


def head(call: Call) -> Reply:
    """Return 204 when the group is there, else 404."""
    with call.world.store.transaction() as tx:
        found = tx.get(store.GROUP, _scope(call).key)
    return Reply(204) if found else Reply(404, None, {"x-ms-failure-cause": "gateway"})


def patch(call: Call) -> Reply:
    """Replace the tags of a group."""
    scope = _scope(call)
    with call.world.store.transaction() as tx:
        group = _find(tx, scope)
        estate.check_locks(tx, scope, "write")
        if "tags" in call.content():
            group["submitted"]["tags"] = dict(call.content()["tags"])
        tx.put(store.GROUP, scope.key, group)
    return Reply(200, shown(call, group))


def delete(call: Call) -> Reply:
    """Start deleting a group and all it holds; 409 ScopeLocked when a lock forbids it."""
    scope = _scope(call)
    with call.world.store.transaction() as tx:
        group = _find(tx, scope)
        estate.check_locks(tx, scope, "delete", below=True)
        policing.admit_deletion(tx, call.world, scope)
        tx.put(store.GROUP, scope.key, {**group, "state": "Deleting"})
        job = call.jobs.start(tx, DELETION, scope.path)
    call.jobs.launch(job)
    location = call.url(f"/subscriptions/{scope.subscription}/operationresults/{job}")
    return Reply(202, None, {"Location": location})


def list_groups(call: Call) -> Reply:
    """List the groups of a subscription; ``$filter`` takes tagName and tagValue."""
    scope = Scope.subscription_of(call.params["subscription"])
    wanted = re.fullmatch(
        r"(?i)\s*(?:tagName eq '([^']*)'(?: and tagValue eq '([^']*)')?)?\s*", call.query.get("$filter", "")
    )
    if wanted is None:
        raise refusals.not_modelled(f'the filter "{call.query["$filter"]}" of resource groups')
    with call.world.store.transaction() as tx:
        estate.require_subscription(tx, scope)
        groups = [shown(call, group) for _, group in tx.all(store.GROUP, scope.key + "/")]
    name, value = wanted.groups()
    return page(call, [group for group in groups if name is None or _tagged(group, name, value)])


def write(tx: Transaction, scope: Scope, body: Mapping[str, Json], api_version: str) -> tuple[Json, bool]:
    """Create or update a group; return it as GET shows it and whether it is new."""
    estate.require_subscription(tx, scope)
    location = str(body.get("location") or "")
    existing = tx.get(store.GROUP, scope.key)
    if existing and existing["state"] == "Deleting":
        raise refusals.group_being_deleted(scope.name)
    if not location:
        raise ArmError(400, "LocationRequired", "The location property is required for this definition.")
    if not re.fullmatch(r"[\w.()-]{0,89}[\w()-]", scope.name):
        raise ArmError(
            400,
            "InvalidResourceGroupName",
            f"The provided resource group name '{scope.name}' has invalid characters or ends with a period. "
            "The name can only be a letter, digit, '-', '.', '(', ')' or '_'.",
        )
    if not regions.usable(location):
        raise ArmError(
            400,
            "LocationNotAvailableForResourceGroup",
            f"The provided location '{location}' is not available for resource group. List of available "
            f"regions is '{','.join(regions.regions())}'.",
        )
    if existing and _region(existing["submitted"]["location"]) != _region(location):
        raise ArmError(
            409,
            "InvalidResourceGroupLocation",
            f"Invalid resource group location '{location}'. The Resource group already exists in location "
            f"'{existing['submitted']['location']}'.",
        )
    estate.check_locks(tx, scope, "write")
    submitted = {key: body[key] for key in ("location", "tags", "managedBy") if body.get(key) is not None}
    group = {
        "id": existing["id"] if existing else scope.path,
        "name": scope.name,
        "apiVersion": api_version,
        "submitted": submitted,
        "state": "Succeeded",
    }
    tx.put(store.GROUP, scope.key, group)
    return show(group), existing is None


def shown(call: Call, group: Json) -> Json:
    """Return a stored group as GET shows it in the call's api-version."""
    return dated(call, show(group), "type", TYPED)


def show(group: Json) -> Json:
    """Return a stored group as GET shows it."""
    return {
        "id": group["id"],
        "name": group["name"],
        "type": "Microsoft.Resources/resourceGroups",
        **group["submitted"],
        "properties": {"provisioningState": group["state"]},
    }


def deletion(world: World, target: str, _: Json) -> Json:
    """Delete a group and everything in it: the work behind DELETE."""
    scope = Scope(target)
    with world.store.transaction() as tx:
        estate.clear(tx, scope)
        tx.delete(store.GROUP, scope.key)
    return None


def _scope(call: Call) -> Scope:
    return Scope.subscription_of(call.params["subscription"]).group(call.params["group"])


def _find(tx: Transaction, scope: Scope) -> Json:
    estate.require_subscription(tx, scope)
    group = tx.get(store.GROUP, scope.key)
    if group is None:
        raise refusals.group_not_found(scope.name)
    return group


def _region(location: str) -> str:
    return location.lower().replace(" ", "")


def _tagged(group: Json, name: str, value: str | None) -> bool:
    tags = {key.lower(): text for key, text in (group.get("tags") or {}).items()}
    return name.lower() in tags and (value is None or tags[name.lower()] == value)


_GROUP = "/subscriptions/{subscription}/resourceGroups/{group}"

ROUTES = (
    Route("PUT", _GROUP, put),
    Route("GET", _GROUP, get),
    Route("HEAD", _GROUP, head),
    Route("PATCH", _GROUP, patch),
    Route("DELETE", _GROUP, delete),
    Route("GET", "/subscriptions/{subscription}/resourceGroups", list_groups),
)
