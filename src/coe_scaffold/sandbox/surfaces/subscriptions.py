"""Subscriptions, tenants and management groups: read only, as the sandbox was seeded."""

from __future__ import annotations

from coe_scaffold.model.json import Json
from coe_scaffold.sandbox import refusals, store
from coe_scaffold.sandbox.routing import Call, Reply, Route, page


def list_subscriptions(call: Call) -> Reply:
    """List the subscriptions of the tenant."""
    with call.world.store.transaction() as tx:
        return page(call, [_subscription(call, body) for _, body in tx.all(store.SUBSCRIPTION)])


def get_subscription(call: Call) -> Reply:
    """Return one subscription, or 404 SubscriptionNotFound."""
    with call.world.store.transaction() as tx:
        body = tx.get(store.SUBSCRIPTION, call.params["subscription"])
    if body is None:
        raise refusals.subscription_not_found(call.params["subscription"])
    return Reply(200, _subscription(call, body))


def list_tenants(call: Call) -> Reply:
    """List the one tenant."""
    tenant = call.world.tenant
    return page(call, [{"id": f"/tenants/{tenant}", "tenantId": tenant, "tenantCategory": "Home"}])


def list_management_groups(call: Call) -> Reply:
    """List the management groups."""
    with call.world.store.transaction() as tx:
        return page(
            call, [_management_group(call, body["name"]) for _, body in tx.all(store.MANAGEMENT_GROUP)]
        )


def get_management_group(call: Call) -> Reply:
    """Return one management group, or 404."""
    name = call.params["group"]
    with call.world.store.transaction() as tx:
        body = tx.get(store.MANAGEMENT_GROUP, name)
    if body is None:
        raise refusals.ArmError(
            404, "NotFound", f"The management group '{name}' cannot be found.", gateway=False
        )
    return Reply(200, _management_group(call, body["name"]))


def _subscription(call: Call, body: Json) -> Json:
    subscription = body["subscriptionId"]
    return {
        "id": f"/subscriptions/{subscription}",
        "authorizationSource": "RoleBased",
        "managedByTenants": [],
        "subscriptionId": subscription,
        "tenantId": call.world.tenant,
        "displayName": body["displayName"],
        "state": "Enabled",
        "subscriptionPolicies": {
            "locationPlacementId": "Public_2014-09-01",
            "quotaId": "PayAsYouGo_2014-09-01",
            "spendingLimit": "Off",
        },
    }


def _management_group(call: Call, name: str) -> Json:
    return {
        "id": f"/providers/Microsoft.Management/managementGroups/{name}",
        "type": "Microsoft.Management/managementGroups",
        "name": name,
        "properties": {"tenantId": call.world.tenant, "displayName": name},
    }


_MANAGEMENT_GROUPS = "/providers/Microsoft.Management/managementGroups"

ROUTES = (
    Route("GET", "/subscriptions", list_subscriptions),
    Route("GET", "/subscriptions/{subscription}", get_subscription),
    Route("GET", "/tenants", list_tenants),
    Route("GET", _MANAGEMENT_GROUPS, list_management_groups),
    Route("GET", _MANAGEMENT_GROUPS + "/{group}", get_management_group),
)
