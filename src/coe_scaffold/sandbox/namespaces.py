"""Which resource provider namespaces the sandbox takes resources of."""

from __future__ import annotations

import json
import uuid
from collections.abc import Collection, Mapping
from functools import cache
from pathlib import Path

from coe_scaffold.catalog import api_versions, naming
from coe_scaffold.model.json import Json
from coe_scaffold.sandbox.regions import regions

_REFUSED = frozenset({"microsoft.authorization", "microsoft.resources", "microsoft.management"})
"""Namespaces whose resources have their own surfaces or none; never stored as generic resources."""

_STORED = ("microsoft.resources/templatespecs", "microsoft.resources/deploymentscripts")
"""Types of those namespaces that are stored all the same."""

_UNLISTED = ("Providers.Test", "TrendMicro.DeepSecurity")
"""Namespaces that recorded answers of the service show and its documentation does not list."""

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
_ZONES = ("1", "2", "3")
_KNOWN = ("defaultApiVersion", "apiProfiles", "capabilities")
"""Members of a type that are told as they were recorded."""


@cache
def namespaces() -> tuple[str, ...]:
    """Return every namespace in alphabetical order, as Azure spells them.

    Source: Microsoft Learn, "Resource providers for Azure services".
    """
    listed: list[str] = json.loads((Path(__file__).parent / "namespaces.json").read_text("utf-8"))
    return tuple(sorted((*listed, *_UNLISTED), key=str.lower))


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


def types_of(namespace: str, used: Mapping[str, Collection[str]]) -> list[Json]:
    """Return the resource types of a namespace as ARM shows them, by name.

    Beside the recorded api-versions they tell those of the packaged Bicep and of what is stored, ``used``:
    api-versions by type in lower case.
    """
    prefix = f"{namespace.lower()}/"
    own = _RESOURCES if namespace == "Microsoft.Resources" else ()
    types = {name.lower(): (name, kind) for name, kind in resource_types(namespace).items()}
    versions: dict[str, set[str]] = {}
    for known_versions in (_packaged(), used):
        for kind, found in known_versions.items():
            if kind.startswith(prefix):
                versions.setdefault(kind.removeprefix(prefix), set()).update(found)
    for name in (*own, *versions):
        types.setdefault(name.lower(), (name, {}))
    return [_type(*types[key], versions.get(key, set())) for key in sorted(types)]


def _type(name: str, recorded: Json, versions: set[str]) -> Json:
    every = sorted(versions | set(recorded.get("apiVersions", ())), reverse=True)
    places = [region["displayName"] for region in regions().values()] if recorded.get("regional") else []
    body: dict[str, Json] = {"resourceType": name, "locations": places, "apiVersions": every}
    if recorded.get("zones"):
        zoned = [region["displayName"] for region in regions().values() if region["zones"]]
        body["zoneMappings"] = [{"location": place, "zones": list(_ZONES)} for place in zoned]
    return body | {key: recorded[key] for key in _KNOWN if key in recorded}


@cache
def _packaged() -> Mapping[str, set[str]]:
    return {kind: {version} for kind, version in api_versions().items()}


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
