"""Resource providers: what they offer, and whether a subscription is registered for them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from coe_scaffold.model.json import Json
from coe_scaffold.model.scope import Scope
from coe_scaffold.sandbox import estate, hierarchy, registration, store
from coe_scaffold.sandbox.namespaces import authorizations, facts, namespaces, types_of
from coe_scaffold.sandbox.refusals import ArmError
from coe_scaffold.sandbox.routing import Call, Reply, Route, page
from coe_scaffold.sandbox.store import Transaction

_POLICY_SINCE = "2019-05-01"
"""First api-version that shows ``registrationPolicy``, and ``capabilities`` of types that have none."""
_DEFAULT_SINCE = "2018-05-01"
"""First api-version that shows ``defaultApiVersion``."""


def list_providers(call: Call) -> Reply:
    """List the providers of a subscription, or those of the tenant."""
    with call.world.store.transaction() as tx:
        if call.params.get("subscription"):
            _check(call, tx)
        used = _used(document for _, document in tx.all(store.RESOURCE))
        return page(call, [_provider(call, tx, name, used) for name in namespaces()])


def get_provider(call: Call) -> Reply:
    """Return one provider, or 404 InvalidResourceNamespace."""
    with call.world.store.transaction() as tx:
        _check(call, tx)
        return Reply(200, _one(call, tx))


def get_tenant_provider(call: Call) -> Reply:
    """Return one provider as the tenant has it: without a subscription it has no registration."""
    with call.world.store.transaction() as tx:
        return Reply(200, _one(call, tx))


def list_types(call: Call) -> Reply:
    """List the resource types of a provider."""
    with call.world.store.transaction() as tx:
        _check(call, tx)
        return page(call, _one(call, tx)["resourceTypes"])


def register_below(call: Call) -> Reply:
    """Register a provider in every subscription below a management group: 200 without a body."""
    group = Scope.management_group(call.params["group"])
    with call.world.store.transaction() as tx:
        estate.require_scope(tx, group)
        namespace = _spelled(call)
        for _, record in tx.all(store.SUBSCRIPTION):
            home = Scope.subscription_of(record["subscriptionId"])
            if group in hierarchy.chain(tx, home):
                registration.register(tx, call.world, home.subscription, namespace)
    return Reply(200)


def register(call: Call) -> Reply:
    """Register a provider: 200 with state Registering, Registered a moment later."""
    with call.world.store.transaction() as tx:
        _check(call, tx)
        now = registration.register(tx, call.world, call.params["subscription"], _spelled(call))
        return Reply(200, {**_one(call, tx), "registrationState": now})


def unregister(call: Call) -> Reply:
    """Take a registration back: 200 with state Unregistering, Unregistered a moment later."""
    with call.world.store.transaction() as tx:
        _check(call, tx)
        now = registration.unregister(tx, call.params["subscription"], _spelled(call))
        return Reply(200, {**_one(call, tx), "registrationState": now})


def _check(call: Call, tx: Transaction) -> None:
    estate.require_subscription(tx, Scope.subscription_of(call.params["subscription"]))


def _spelled(call: Call) -> str:
    wanted = call.params["namespace"].lower()
    for name in namespaces():
        if name.lower() == wanted:
            return name
    raise ArmError(
        404, "InvalidResourceNamespace", f"The resource namespace '{call.params['namespace']}' is invalid."
    )


def _one(call: Call, tx: Transaction) -> Json:
    namespace = _spelled(call)
    found = tx.ending(store.RESOURCE, f"/providers/{namespace.lower()}/*")
    return _provider(call, tx, namespace, _used(document for _, document in found))


def _provider(call: Call, tx: Transaction, namespace: str, used: Mapping[str, set[str]]) -> Json:
    """Return a provider; ``used`` are the api-versions of what is stored, by type."""
    subscription = call.params.get("subscription", "")
    known = facts().get(namespace, {"authorizations": authorizations(namespace)})
    body: dict[str, Json] = {
        "id": f"/subscriptions/{subscription}/providers/{namespace}"
        if subscription
        else f"/providers/{namespace}",
        "namespace": namespace,
        **{key: value for key, value in known.items() if key != "types"},
        "resourceTypes": [_dated(call, kind) for kind in types_of(namespace, used)],
    }
    if not subscription:
        return body
    body["registrationState"] = registration.state(tx, call.world, subscription, namespace)
    if call.api_version >= _POLICY_SINCE:
        free = namespace.lower() in registration.ALWAYS
        body["registrationPolicy"] = "RegistrationFree" if free else "RegistrationRequired"
    return body


def _dated(call: Call, kind: Mapping[str, Json]) -> Json:
    """Return a resource type as the call's api-version shows it."""
    shown = {"capabilities": "None", **kind}
    if call.api_version < _POLICY_SINCE and shown["capabilities"] == "None":
        del shown["capabilities"]
    if call.api_version < _DEFAULT_SINCE:
        shown.pop("defaultApiVersion", None)
    return shown


def _used(documents: Iterable[Json]) -> dict[str, set[str]]:
    """Return the api-versions that stored resources were made with, by type in lower case."""
    found: dict[str, set[str]] = {}
    for document in documents:
        if document["apiVersion"]:
            found.setdefault(document["type"].lower(), set()).add(document["apiVersion"])
    return found


_PROVIDER = "/subscriptions/{subscription}/providers/{namespace}"

ROUTES = (
    Route("GET", "/subscriptions/{subscription}/providers", list_providers),
    Route("GET", _PROVIDER, get_provider),
    Route("GET", _PROVIDER + "/resourceTypes", list_types),
    Route(
        "POST",
        "/providers/Microsoft.Management/managementGroups/{group}/providers/{namespace}/register",
        register_below,
    ),
    Route("POST", _PROVIDER + "/register", register),
    Route("POST", _PROVIDER + "/unregister", unregister),
    Route("GET", "/providers", list_providers),
    Route("GET", "/providers/{namespace}", get_tenant_provider),
)
