"""Model availability and quota in a region: what the sandbox was seeded with, the same in every region."""

from __future__ import annotations

from coe_scaffold.model.json import Json
from coe_scaffold.model.scope import Scope
from coe_scaffold.sandbox import estate, store
from coe_scaffold.sandbox.routing import Call, Reply, Route, page
from coe_scaffold.sandbox.store import Transaction

QUOTA = 1000
"""Units of capacity that each model has in each region and deployment type."""

_DEPLOYMENT = "/providers/microsoft.cognitiveservices/accounts/*/deployments/*"


def list_models(call: Call) -> Reply:
    """List the models that can be deployed in a region."""
    with call.world.store.transaction() as tx:
        _check(tx, call)
        offered = [body for _, body in tx.all(store.MODEL)]
    by_version: dict[tuple[str, str, str], list[Json]] = {}
    for one in offered:
        key = (one["format"], one["name"], one["version"])
        capacity = {"maximum": QUOTA, "default": 10}
        sku = {"name": one["sku"], "usageName": _usage(one), "capacity": capacity}
        by_version.setdefault(key, []).append(sku)
    return page(
        call,
        [
            {
                "kind": kind,
                "skuName": "S0",
                "model": {
                    "format": model_format,
                    "name": name,
                    "version": version,
                    "maxCapacity": QUOTA,
                    "lifecycleStatus": "GenerallyAvailable",
                    "skus": skus,
                },
            }
            for (model_format, name, version), skus in sorted(by_version.items())
            for kind in ("AIServices", "OpenAI")
        ],
    )


def list_usages(call: Call) -> Reply:
    """List the quota of a region and how much of it the subscription's deployments use."""
    location = _plain(call.params["location"])
    used: dict[str, float] = {}
    with call.world.store.transaction() as tx:
        _check(tx, call)
        offered = [body for _, body in tx.all(store.MODEL)]
        for key, document in tx.ending(store.RESOURCE, _DEPLOYMENT):
            scope = Scope(key)
            account = tx.get(store.RESOURCE, key.rpartition("/deployments/")[0])
            if scope.subscription != call.params["subscription"].lower() or account is None:
                continue
            if _plain(str(account["submitted"].get("location"))) == location:
                name, capacity = _taken(document["submitted"])
                used[name] = used.get(name, 0) + capacity
    names = {_usage(one) for one in offered}
    return page(
        call,
        [
            {
                "name": {"value": name, "localizedValue": name},
                "currentValue": used.get(name.lower(), 0),
                "limit": QUOTA,
                "unit": "Count",
            }
            for name in sorted(names)
        ],
    )


def _taken(body: Json) -> tuple[str, float]:
    model = (body.get("properties") or {}).get("model") or {}
    sku = body.get("sku") or {}
    one = {"format": model.get("format"), "sku": sku.get("name"), "name": model.get("name")}
    return _usage(one).lower(), float(sku.get("capacity") or 0)


def _usage(one: Json) -> str:
    return f"{one['format']}.{one['sku']}.{one['name']}"


def _plain(location: str) -> str:
    return location.lower().replace(" ", "")


def _check(tx: Transaction, call: Call) -> None:
    estate.require_subscription(tx, Scope.subscription_of(call.params["subscription"]))


_REGION = "/subscriptions/{subscription}/providers/Microsoft.CognitiveServices/locations/{location}"

ROUTES = (
    Route("GET", f"{_REGION}/models", list_models),
    Route("GET", f"{_REGION}/usages", list_usages),
)
