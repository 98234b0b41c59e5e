"""Deleted resources that are kept: lists, reads, purges."""

from __future__ import annotations

from functools import partial

from coe_scaffold.catalog import Retention, retentions
from coe_scaffold.model.json import Json
from coe_scaffold.model.scope import Scope
from coe_scaffold.sandbox import estate, store
from coe_scaffold.sandbox.refusals import ArmError
from coe_scaffold.sandbox.routing import Call, Reply, Route, page
from coe_scaffold.sandbox.store import Transaction


def list_deleted(kind: Retention, call: Call) -> Reply:
    """List the deleted resources of a type in a subscription."""
    home = Scope.subscription_of(call.params["subscription"])
    with call.world.store.transaction() as tx:
        estate.require_subscription(tx, home)
        found = [body for _, body in tx.all(store.DELETED, home.key + "/")]
    return page(call, [_shown(kind, body) for body in found if _is(kind, body)])


def get(kind: Retention, call: Call) -> Reply:
    """Return a deleted resource, or 404."""
    with call.world.store.transaction() as tx:
        return Reply(200, _shown(kind, _find(tx, call.path)))


def purge(kind: Retention, call: Call) -> Reply:
    """Free a deleted resource's name for good; refused while purge protection lasts."""
    path = call.path.removesuffix("/purge")
    with call.world.store.transaction() as tx:
        body = _find(tx, path)
        if body["protected"]:
            raise ArmError(
                400,
                "MethodNotAllowed",
                "Operation 'DeletedVaultPurge' is not allowed.",
                gateway=False,
            )
        tx.delete(store.DELETED, path)
    return Reply(200)


def _find(tx: Transaction, path: str) -> Json:
    body = tx.get(store.DELETED, path)
    if body is None:
        name = path.rpartition("/")[2]
        code = "DeletedVaultNotFound" if "/deletedvaults/" in path.lower() else "ResourceNotFound"
        raise ArmError(404, code, f"The deleted resource '{name}' does not exist.", gateway=False)
    return body


def _is(kind: Retention, body: Json) -> bool:
    return Scope(body["was"]).resource_type.lower() == kind.type.lower()


def _shown(kind: Retention, body: Json) -> Json:
    identifier = Scope(body["id"])
    dates = {"deletionDate": body["deleted"], "scheduledPurgeDate": body["until"]}
    shown: dict[str, Json] = {"id": identifier.path, "name": identifier.name}
    submitted = body["document"]["submitted"]
    match kind.was:
        case "vaultId":
            tags = submitted.get("tags") or {}
            protected = {"purgeProtectionEnabled": True} if body["protected"] else {}
            about = {"vaultId": body["was"], "location": body["location"], "tags": tags}
            return {
                **shown,
                "type": "Microsoft.KeyVault/deletedVaults",
                "properties": {**about, **dates, **protected},
            }
        case "serviceId":
            return {
                **shown,
                "type": kind.list,
                "location": body["location"],
                "properties": {"serviceId": body["was"], **dates},
            }
    kept = {key: submitted[key] for key in ("kind", "sku", "tags") if key in submitted}
    return {
        **shown,
        **kept,
        "type": kind.deleted,
        "location": body["location"],
        "properties": {**(submitted.get("properties") or {}), **dates},
    }


def _routes(kind: Retention) -> tuple[Route, ...]:
    namespace, *types = kind.deleted.split("/")
    one = f"/subscriptions/{{subscription}}/providers/{namespace}" + "".join(
        f"/{part}/{{part{number}}}" for number, part in enumerate(types)
    )
    purging = (
        Route("POST", f"{one}/purge", partial(purge, kind))
        if kind.purge == "POST"
        else Route("DELETE", one, partial(purge, kind))
    )
    listing = f"/subscriptions/{{subscription}}/providers/{kind.list}"
    return (
        Route("GET", listing, partial(list_deleted, kind)),
        Route("GET", one, partial(get, kind)),
        purging,
    )


ROUTES = tuple(route for kind in retentions().values() for route in _routes(kind))
