"""Resource providers: every namespace the sandbox takes resources of is registered from the start."""

from __future__ import annotations

from coe_scaffold.catalog import api_versions
from coe_scaffold.model.json import Json
from coe_scaffold.model.scope import Scope
from coe_scaffold.sandbox import estate, store
from coe_scaffold.sandbox.namespaces import namespaces, resource_types
from coe_scaffold.sandbox.refusals import ArmError
from coe_scaffold.sandbox.routing import Call, Reply, Route, page

_RESOURCES = (
    "deploymentScripts",
    "deploymentStacks",
    "deploymentStacksWhatIfResults",
    "deployments",
    "resourceGroups",
    "subscriptions",
    "tags",
    "templateSpecs",
)
"""Types of Microsoft.Resources that the sandbox has."""
_OWN = ("Microsoft.Authorization", "Microsoft.Management", "Microsoft.Resources")


def list_providers(call: Call) -> Reply:
    """List the providers of a subscription."""
    _check(call)
    return page(call, [_provider(call, name) for name in sorted((*namespaces(), *_OWN))])


def get_provider(call: Call) -> Reply:
    """Return one provider, or 404 InvalidResourceNamespace."""
    _check(call)
    return Reply(200, _provider(call, _spelled(call)))


def get_tenant_provider(call: Call) -> Reply:
    """Return one provider as the tenant has it: without a subscription it has no registration."""
    shown = _provider(call, _spelled(call))
    left = ("registrationState", "registrationPolicy")
    return Reply(200, {**{key: value for key, value in shown.items() if key not in left}, "id": call.path})


def register(call: Call) -> Reply:
    """Register a provider; it already is."""
    return get_provider(call)


def _check(call: Call) -> None:
    with call.world.store.transaction() as tx:
        estate.require_subscription(tx, Scope.subscription_of(call.params["subscription"]))


def _spelled(call: Call) -> str:
    wanted = call.params["namespace"].lower()
    for name in (*namespaces(), *_OWN):
        if name.lower() == wanted:
            return name
    raise ArmError(
        404, "InvalidResourceNamespace", f"The resource namespace '{call.params['namespace']}' is invalid."
    )


def _provider(call: Call, namespace: str) -> Json:
    """Return a provider; the api-versions it tells are those of the packaged Bicep and of what is stored."""
    own = _RESOURCES if namespace == "Microsoft.Resources" else resource_types(namespace)
    versions = _versions(call, namespace)
    known = dict.fromkeys((*own, *sorted(versions)))
    names = {name.lower(): name for name in reversed(known)}
    return {
        "id": f"/subscriptions/{call.params.get('subscription')}/providers/{namespace}",
        "namespace": namespace,
        "resourceTypes": [
            {
                "resourceType": name,
                "locations": [],
                "apiVersions": sorted(versions.get(key, ()), reverse=True),
            }
            for key, name in sorted(names.items())
        ],
        "registrationState": "Registered",
        "registrationPolicy": "RegistrationRequired",
    }


def _versions(call: Call, namespace: str) -> dict[str, set[str]]:
    """Return api-versions by resource type in lower case, without the namespace."""
    prefix = f"{namespace.lower()}/"
    found: dict[str, set[str]] = {}
    for kind, version in api_versions().items():
        if kind.startswith(prefix):
            found.setdefault(kind.removeprefix(prefix), set()).add(version)
    with call.world.store.transaction() as tx:
        for key, document in tx.ending(store.RESOURCE, f"/providers/{prefix}*"):
            kind = Scope(key).resource_type
            if kind.startswith(prefix) and document["apiVersion"]:
                found.setdefault(kind.removeprefix(prefix), set()).add(document["apiVersion"])
    return found


_PROVIDER = "/subscriptions/{subscription}/providers/{namespace}"

ROUTES = (
    Route("GET", "/subscriptions/{subscription}/providers", list_providers),
    Route("GET", _PROVIDER, get_provider),
    Route("POST", _PROVIDER + "/register", register),
    Route("GET", "/providers/{namespace}", get_tenant_provider),
)
