"""Which resource provider namespaces the sandbox takes resources of."""

from __future__ import annotations

import json
import uuid
from collections.abc import Mapping
from functools import cache
from pathlib import Path

from coe_scaffold.catalog import naming
from coe_scaffold.model.json import Json

_REFUSED = frozenset({"microsoft.authorization", "microsoft.resources", "microsoft.management"})
"""Namespaces whose resources have their own surfaces or none; never stored as generic resources."""

_STORED = ("microsoft.resources/templatespecs", "microsoft.resources/deploymentscripts")
"""Types of those namespaces that are stored all the same."""


@cache
def namespaces() -> tuple[str, ...]:
    """Return every namespace in alphabetical order, as Azure spells them.

    Source: Microsoft Learn, "Resource providers for Azure services".
    """
    listed: list[str] = json.loads((Path(__file__).parent / "namespaces.json").read_text("utf-8"))
    return tuple(listed)


def known(resource_type: str) -> bool:
    """Return whether a resource of this type can be stored."""
    if resource_type.lower().startswith(_STORED):
        return True
    return resource_type.split("/")[0].lower() in _lower_case()


@cache
def _lower_case() -> frozenset[str]:
    return frozenset(name.lower() for name in namespaces()) - _REFUSED


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


def authorizations(namespace: str) -> Json:
    """Return the applications that act for a provider; where no answer was recorded, a made-up one."""
    made = {
        key: str(uuid.uuid5(uuid.NAMESPACE_URL, f"{namespace.lower()}|{key}"))
        for key in ("applicationId", "roleDefinitionId")
    }
    return [made]


def _assumed(kind: str) -> Json:
    if "/" in kind:
        return {"capabilities": "None"}
    return {"capabilities": "SupportsTags, SupportsLocation", "regional": True}
