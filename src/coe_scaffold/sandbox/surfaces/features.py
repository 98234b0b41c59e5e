"""Preview features of a subscription: any name is a feature, and not registered until somebody does."""

from __future__ import annotations

import time

from coe_scaffold.model.json import Json
from coe_scaffold.model.scope import Scope
from coe_scaffold.sandbox import estate, store
from coe_scaffold.sandbox.routing import Call, Reply, Route, page
from coe_scaffold.sandbox.store import Transaction

_TYPE = "Microsoft.Features/providers/features"
_SECONDS = 0.2
"""How long registering and unregistering take."""
_UNDER_WAY = {"Registered": "Registering", "Unregistered": "Unregistering"}


def get(call: Call) -> Reply:
    """Return a feature with its state."""
    with call.world.store.transaction() as tx:
        return Reply(200, _feature(call, tx))


def register(call: Call) -> Reply:
    """Start to register: 200 with state Registering, Registered a moment later."""
    return _change(call, "Registered")


def unregister(call: Call) -> Reply:
    """Start to unregister: 200 with state Unregistering, Unregistered a moment later."""
    return _change(call, "Unregistered")


def list_features(call: Call) -> Reply:
    """List the features of a subscription, or of one provider, that somebody registered or unregistered."""
    with call.world.store.transaction() as tx:
        estate.require_subscription(tx, _home(call))
        found = [
            record for _, record in tx.all(store.REGISTRATION, _key(call, call.params.get("namespace", "")))
        ]
    return page(call, [_shown(call, record["name"], _state(record)) for record in found])


def _change(call: Call, to: str) -> Reply:
    name = f"{call.params['namespace']}/{call.params['feature']}"
    with call.world.store.transaction() as tx:
        estate.require_subscription(tx, _home(call))
        known = tx.get(store.REGISTRATION, _key(call, name))
        if known is not None and known["state"] == to:
            return Reply(200, _feature(call, tx))
        record = {"name": name, "state": to, "until": time.time() + _SECONDS}
        tx.put(store.REGISTRATION, _key(call, name), record)
        return Reply(200, _shown(call, name, _UNDER_WAY[to]))


def _feature(call: Call, tx: Transaction) -> Json:
    estate.require_subscription(tx, _home(call))
    name = f"{call.params['namespace']}/{call.params['feature']}"
    known = tx.get(store.REGISTRATION, _key(call, name))
    return _shown(call, known["name"], _state(known)) if known else _shown(call, name, "NotRegistered")


def _state(record: Json) -> str:
    state = str(record["state"])
    return _UNDER_WAY[state] if time.time() < record["until"] else state


def _shown(call: Call, name: str, state: str) -> Json:
    namespace, _, feature = name.partition("/")
    home = f"{_home(call).path}/providers/Microsoft.Features/providers"
    return {
        "properties": {"state": state},
        "id": f"{home}/{namespace}/features/{feature}",
        "type": _TYPE,
        "name": name,
    }


def _home(call: Call) -> Scope:
    return Scope.subscription_of(call.params["subscription"])


def _key(call: Call, name: str) -> str:
    return f"feature|{call.params['subscription']}|{name}".lower()


_FEATURES = "/subscriptions/{subscription}/providers/Microsoft.Features"
_OF_PROVIDER = _FEATURES + "/providers/{namespace}/features"

ROUTES = (
    Route("GET", _FEATURES + "/features", list_features),
    Route("GET", _OF_PROVIDER, list_features),
    Route("GET", _OF_PROVIDER + "/{feature}", get),
    Route("POST", _OF_PROVIDER + "/{feature}/register", register),
    Route("POST", _OF_PROVIDER + "/{feature}/unregister", unregister),
)
