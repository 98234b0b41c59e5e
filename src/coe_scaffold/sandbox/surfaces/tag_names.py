"""Tag names and values of a subscription: those that are used, and those that somebody wrote down before.

Source: recorded answers of the service, and the OpenAPI file of Microsoft.Resources (Tags_*).
"""

from __future__ import annotations

from collections import Counter

from coe_scaffold.model.json import Json
from coe_scaffold.model.scope import Scope
from coe_scaffold.sandbox import estate, store
from coe_scaffold.sandbox.refusals import ArmError
from coe_scaffold.sandbox.routing import Call, Reply, Route, page
from coe_scaffold.sandbox.store import Transaction

Names = dict[str, Counter[str]]
"""How often each value is used, by tag name."""


def list_names(call: Call) -> Reply:
    """List the names with their values and how often they are used."""
    with call.world.store.transaction() as tx:
        names = _names(tx, _home(call, tx))
    return page(call, [_name(call, name, values) for name, values in sorted(names.items())])


def put_name(call: Call) -> Reply:
    """Write down a name: 201 when it is new, else 200."""
    with call.world.store.transaction() as tx:
        home, name = _home(call, tx), call.params["name"]
        known = name in _names(tx, home)
        if not known:
            tx.put(store.TAG_NAME, f"{home.key}/{name}", {"name": name, "values": []})
        return Reply(200 if known else 201, _name(call, name, _names(tx, home)[name]))


def put_value(call: Call) -> Reply:
    """Write down a value of a name: 201 when it is new, else 200."""
    with call.world.store.transaction() as tx:
        home, name, value = _home(call, tx), call.params["name"], call.params["value"]
        names = _names(tx, home)
        if name not in names:
            raise ArmError(404, "TagNotFound", f"The tag '{name}' could not be found.")
        known = value in names[name]
        if not known:
            kept = tx.get(store.TAG_NAME, f"{home.key}/{name}") or {"name": name, "values": []}
            tx.put(store.TAG_NAME, f"{home.key}/{name}", {**kept, "values": [*kept["values"], value]})
        return Reply(200 if known else 201, _value(call, name, value, names[name][value]))


def delete_name(call: Call) -> Reply:
    """Forget a name: 200, or 204 when nobody wrote it down."""
    with call.world.store.transaction() as tx:
        gone = tx.delete(store.TAG_NAME, f"{_home(call, tx).key}/{call.params['name']}")
    return Reply(200 if gone else 204)


def delete_value(call: Call) -> Reply:
    """Forget a value: 200, or 204 when nobody wrote it down."""
    with call.world.store.transaction() as tx:
        key = f"{_home(call, tx).key}/{call.params['name']}"
        kept = tx.get(store.TAG_NAME, key)
        if kept is None or call.params["value"] not in kept["values"]:
            return Reply(204)
        left = [value for value in kept["values"] if value != call.params["value"]]
        tx.put(store.TAG_NAME, key, {**kept, "values": left})
    return Reply(200)


def _home(call: Call, tx: Transaction) -> Scope:
    home = Scope.subscription_of(call.params["subscription"])
    estate.require_subscription(tx, home)
    return home


def _names(tx: Transaction, home: Scope) -> Names:
    found: Names = {}
    for _, kept in tx.all(store.TAG_NAME, f"{home.key}/"):
        found[kept["name"]] = Counter(dict.fromkeys(kept["values"], 0))
    holders = [
        document for kind in (store.GROUP, store.RESOURCE) for _, document in tx.all(kind, f"{home.key}/")
    ]
    holders.append(tx.get(store.SUBSCRIPTION, home.subscription) or {"submitted": {}})
    for holder in holders:
        for name, value in (holder["submitted"].get("tags") or {}).items():
            found.setdefault(name, Counter())[str(value)] += 1
    return found


def _name(call: Call, name: str, values: Counter[str]) -> Json:
    return {
        "id": _path(call, name),
        "tagName": name,
        "count": {"type": "Total", "value": values.total()},
        "values": [_value(call, name, value, count) for value, count in sorted(values.items())],
    }


def _value(call: Call, name: str, value: str, count: int) -> Json:
    return {
        "id": f"{_path(call, name)}/tagValues/{value}",
        "tagValue": value,
        "count": {"type": "Total", "value": count},
    }


def _path(call: Call, name: str) -> str:
    return f"/subscriptions/{call.params['subscription']}/tagNames/{name}"


_ALL = "/subscriptions/{subscription}/tagNames"
_ONE = _ALL + "/{name}"

ROUTES = (
    Route("GET", _ALL, list_names),
    Route("PUT", _ONE, put_name),
    Route("DELETE", _ONE, delete_name),
    Route("PUT", _ONE + "/tagValues/{value}", put_value),
    Route("DELETE", _ONE + "/tagValues/{value}", delete_value),
)
