"""Subscriptions and the tenant: read only, as the sandbox was seeded."""

from __future__ import annotations

from coe_scaffold.model.json import Json
from coe_scaffold.model.scope import Scope
from coe_scaffold.sandbox import estate, refusals, regions, store
from coe_scaffold.sandbox.routing import Call, Reply, Route, page

_RECENT = "2022-12-01"
"""First api-version whose locations tell type, geography and zones."""


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


def list_locations(call: Call) -> Reply:
    """List the regions of a subscription."""
    subscription = call.params["subscription"]
    with call.world.store.transaction() as tx:
        estate.require_subscription(tx, Scope.subscription_of(subscription))
    recent = call.api_version >= _RECENT
    found = [regions.shown(subscription, name, one, recent=recent) for name, one in regions.regions().items()]
    return page(call, found)


def list_tenants(call: Call) -> Reply:
    """List the one tenant."""
    tenant = call.world.tenant
    return page(call, [{"id": f"/tenants/{tenant}", "tenantId": tenant, "tenantCategory": "Home"}])


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


ROUTES = (
    Route("GET", "/subscriptions", list_subscriptions),
    Route("GET", "/subscriptions/{subscription}", get_subscription),
    Route("GET", "/subscriptions/{subscription}/locations", list_locations),
    Route("GET", "/tenants", list_tenants),
)
