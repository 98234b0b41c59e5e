"""Where in an environment the matrix's kinds of places are: resource graph → scopes.

Conventions of the landing zone: resource groups carry the tag ``coe-scope`` (platform, project, identity),
everything of a project carries ``coe-project``; blob containers are named data, evaluation and evidence.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from coe_scaffold.catalog import Owner, PlaceKind, scope_kinds
from coe_scaffold.model.resources import Resource, ResourceGraph
from coe_scaffold.model.scope import Scope
from coe_scaffold.model.settings import Settings

_GROUP_TYPE = "microsoft.resources/resourcegroups"


@dataclass(frozen=True)
class Place:
    """A scope of a kind the matrix knows. ``project`` is empty for what projects share."""

    kind: str
    scope: Scope
    project: str = ""


@dataclass(frozen=True)
class _Origin:
    owner: str
    project: str


def places(settings: Settings, environment: str, graph: ResourceGraph) -> Mapping[str, tuple[Place, ...]]:
    """Return the places of each kind in an environment, sorted by scope; kinds without a place have none."""
    groups = {
        resource.name.lower(): _tags(resource) for resource in graph.of_type(_GROUP_TYPE) if _named(resource)
    }
    by_type: dict[str, list[Resource]] = {}
    for resource in graph.resources:
        if not resource.existing and _named(resource):
            by_type.setdefault(resource.type.lower(), []).append(resource)
    found = {
        kind.id: _of_kind(kind, by_type.get(kind.resource_type.lower(), []), groups)
        for kind in scope_kinds().values()
        if kind.owner is not Owner.HIERARCHY
    }
    return {**_hierarchy(settings, environment), **found}


def sample_places(settings: Settings, environment: str) -> Mapping[str, tuple[Place, ...]]:
    """Return one made-up place of every kind, to ask what the matrix alone would allow."""
    subscription = settings.environments[environment].scope
    found = dict(_hierarchy(settings, environment))
    for kind in scope_kinds().values():
        if kind.owner is Owner.HIERARCHY:
            continue
        owner = Owner.PROJECT if kind.owner in (Owner.ANY, Owner.NEAREST) else kind.owner
        scope = subscription.group(f"rg-{owner}")
        if kind.resource_type.lower() != _GROUP_TYPE:
            parents = ["sample"] * (kind.resource_type.count("/") - 1)
            scope = scope.child(kind.resource_type, "/".join([*parents, kind.resource_name or "sample"]))
        found[kind.id] = (Place(kind.id, scope),)
    return found


def _hierarchy(settings: Settings, environment: str) -> dict[str, tuple[Place, ...]]:
    management_group = Scope.management_group(settings.organisation.management_group)
    return {
        "management-group": (Place("management-group", management_group),),
        "subscription": (Place("subscription", settings.environments[environment].scope),),
    }


def _of_kind(
    kind: PlaceKind, candidates: list[Resource], groups: Mapping[str, Mapping[str, str]]
) -> tuple[Place, ...]:
    origins = [(resource, _origin(resource, groups)) for resource in candidates if _fits(kind, resource)]
    if kind.owner is Owner.NEAREST:
        wanted = (
            Owner.PROJECT if any(origin.owner == Owner.PROJECT for _, origin in origins) else Owner.PLATFORM
        )
        origins = [pair for pair in origins if pair[1].owner == wanted]
    elif kind.owner is not Owner.ANY:
        origins = [pair for pair in origins if pair[1].owner == kind.owner]
    found = {Place(kind.id, resource.id, origin.project) for resource, origin in origins}
    return tuple(sorted(found, key=lambda place: place.scope.key))


def _fits(kind: PlaceKind, resource: Resource) -> bool:
    if kind.resource_name and resource.name.rsplit("/", 1)[-1].lower() != kind.resource_name:
        return False
    own = resource.body.get("kind")
    return not (kind.resource_kind and isinstance(own, str) and own.lower() != kind.resource_kind.lower())


def _origin(resource: Resource, groups: Mapping[str, Mapping[str, str]]) -> _Origin:
    """Return whose a resource is; its resource group's tags decide, its own stand in for an unseen group."""
    group = groups.get(resource.id.resource_group.lower())
    own = _tags(resource)
    tags = own if group is None else group
    project = tags.get("coe-project", "") or own.get("coe-project", "")
    owner = tags.get("coe-scope") or (Owner.PROJECT.value if project else Owner.PLATFORM.value)
    return _Origin(owner, "" if owner == Owner.PLATFORM else project)


def _tags(resource: Resource) -> Mapping[str, str]:
    tags = resource.body.get("tags")
    if not isinstance(tags, Mapping):
        return {}
    return {str(name).lower(): value for name, value in tags.items() if isinstance(value, str)}


def _named(resource: Resource) -> bool:
    return resource.known_id
