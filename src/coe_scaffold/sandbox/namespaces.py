"""Which resource provider namespaces the sandbox takes resources of."""

from __future__ import annotations

from functools import cache

from coe_scaffold.catalog import naming

_REFUSED = frozenset({"microsoft.authorization", "microsoft.resources", "microsoft.management"})
"""Namespaces whose resources have their own surfaces or none; never stored as generic resources."""

_STORED = ("microsoft.resources/templatespecs", "microsoft.resources/deploymentscripts")
"""Types of those namespaces that are stored all the same."""

_MORE = (
    "Microsoft.ApiManagement",
    "Microsoft.App",
    "Microsoft.CognitiveServices",
    "Microsoft.Consumption",
    "Microsoft.ContainerRegistry",
    "Microsoft.DocumentDB",
    "Microsoft.EventGrid",
    "Microsoft.Insights",
    "Microsoft.KeyVault",
    "Microsoft.MachineLearningServices",
    "Microsoft.ManagedIdentity",
    "Microsoft.Network",
    "Microsoft.OperationalInsights",
    "Microsoft.Portal",
    "Microsoft.Search",
    "Microsoft.Security",
    "Microsoft.Storage",
    "Microsoft.Web",
)


@cache
def namespaces() -> tuple[str, ...]:
    """Return the namespaces in alphabetical order, as Azure spells them."""
    named = {rule.type.split("/")[0] for rule in naming().by_type.values()}
    spelled = {name.lower(): name for name in sorted(named) + list(_MORE)}
    return tuple(sorted(name for key, name in spelled.items() if key not in _REFUSED))


def known(resource_type: str) -> bool:
    """Return whether a resource of this type can be stored."""
    if resource_type.lower().startswith(_STORED):
        return True
    return resource_type.split("/")[0].lower() in _lower_case()


@cache
def _lower_case() -> frozenset[str]:
    return frozenset(name.lower() for name in namespaces())


@cache
def resource_types(namespace: str) -> tuple[str, ...]:
    """Return the resource types of a namespace the shipped catalogue knows, without the namespace."""
    prefix = namespace.lower() + "/"
    types = {rule.type.split("/", 1)[1] for key, rule in naming().by_type.items() if key.startswith(prefix)}
    return tuple(sorted(types))
