"""Which resource provider namespaces the sandbox takes resources of."""

from __future__ import annotations

import json
from collections.abc import Mapping
from functools import cache
from pathlib import Path

from coe_scaffold.catalog import naming
from coe_scaffold.model.json import Json

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
def facts() -> Mapping[str, Json]:
    """Return what recorded answers of the service say of some providers, by namespace: who acts for them
    (``authorizations``), and of each of their ``types`` api-versions, capabilities and profiles.
    """
    found: Mapping[str, Json] = json.loads((Path(__file__).parent / "providers.json").read_text("utf-8"))
    return found


@cache
def resource_types(namespace: str) -> Mapping[str, Json]:
    """Return the resource types of a namespace, without it, and what is known of each.

    Where no answer was recorded these are the types of the naming catalogue.
    """
    if namespace in facts():
        types: Mapping[str, Json] = facts()[namespace]["types"]
        return types
    prefix = namespace.lower() + "/"
    named = [rule.type.split("/", 1)[1] for key, rule in naming().by_type.items() if key.startswith(prefix)]
    return {kind: _assumed(kind) for kind in sorted(named)}


def _assumed(kind: str) -> Json:
    if "/" in kind:
        return {"capabilities": "None"}
    return {"capabilities": "SupportsTags, SupportsLocation", "regional": True}
