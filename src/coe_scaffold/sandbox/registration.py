"""Which resource providers a subscription is registered for.

Every provider is registered from the start, unless the fault ``unregistered:1`` says that only those are
which Azure registers by itself. Registering takes a moment. A template registers what it names, if its
caller may (Microsoft Learn, "Azure resource providers and types"); a PUT does not.
"""

from __future__ import annotations

import time

from coe_scaffold.model.scope import Scope
from coe_scaffold.sandbox import authorisation, refusals, store
from coe_scaffold.sandbox.refusals import ArmError
from coe_scaffold.sandbox.store import Transaction
from coe_scaffold.sandbox.world import World

ALWAYS = frozenset(
    {
        "microsoft.authorization",
        "microsoft.billing",
        "microsoft.consumption",
        "microsoft.costmanagement",
        "microsoft.features",
        "microsoft.management",
        "microsoft.portal",
        "microsoft.resourcegraph",
        "microsoft.resources",
    }
)
"""Providers that every subscription has (Microsoft Learn, "Azure resource providers and types")."""
_SECONDS = 0.2
"""How long registering and unregistering take."""


def state(tx: Transaction, world: World, subscription: str, namespace: str) -> str:
    """Return ``Registered``, ``Registering``, ``Unregistering``, ``Unregistered`` or ``NotRegistered``."""
    if namespace.lower() in ALWAYS:
        return "Registered"
    known = tx.get(store.REGISTRATION, _key(subscription, namespace))
    if known is None:
        return "NotRegistered" if world.faults.plan.unregistered else "Registered"
    if time.time() < known["until"]:
        return "Registering" if known["state"] == "Registered" else "Unregistering"
    return str(known["state"])


def register(tx: Transaction, world: World, subscription: str, namespace: str) -> str:
    """Start to register a provider, and return its state then; one that is registered stays so."""
    now = state(tx, world, subscription, namespace)
    if now in ("Registered", "Registering"):
        return now
    _change(tx, subscription, namespace, "Registered")
    return "Registering"


def unregister(tx: Transaction, subscription: str, namespace: str) -> str:
    """Start to take back a registration, and return its state then.

    Raises ArmError while resources of the provider exist.
    """
    prefix = f"{namespace.lower()}/"
    home = Scope.subscription_of(subscription).key + "/"
    if any(document["type"].lower().startswith(prefix) for _, document in tx.all(store.RESOURCE, home)):
        raise refusals.not_modelled(f"unregistering '{namespace}' while its resources exist")
    _change(tx, subscription, namespace, "Unregistered")
    return "Unregistering"


def require(tx: Transaction, world: World, resource: Scope, *, template: bool = False) -> None:
    """Raise ArmError 409 when a resource's provider is not registered.

    With ``template`` it is registered instead, if the caller may.
    """
    subscription, namespace = resource.subscription, resource.resource_type.partition("/")[0]
    if not subscription:
        return
    now = state(tx, world, subscription, namespace)
    if now == "Registered" or (template and now == "Registering"):
        return
    home = Scope.subscription_of(subscription)
    if template and authorisation.may(tx, f"{namespace}/register/action", home):
        register(tx, world, subscription, namespace)
        return
    raise missing(namespace, now)


def missing(namespace: str, now: str) -> ArmError:
    """Return ARM's answer; the SDK's registration policy reads the namespace from the end of its text."""
    said = (
        f"The subscription is not registered to use namespace '{namespace}'."
        if now == "NotRegistered"
        else f"The subscription registration is in '{now}' state. The subscription must be registered to use "
        f"namespace '{namespace}'."
    )
    code = "MissingSubscriptionRegistration"
    message = f"{said} See https://aka.ms/rps-not-found for how to register subscriptions."
    return ArmError(409, code, message, details=[{"code": code, "target": namespace, "message": message}])


def _change(tx: Transaction, subscription: str, namespace: str, to: str) -> None:
    body = {"state": to, "until": time.time() + _SECONDS}
    tx.put(store.REGISTRATION, _key(subscription, namespace), body)


def _key(subscription: str, namespace: str) -> str:
    return f"{subscription}/{namespace}"
