"""Writes any resource a template can name, and tells what is stored of it: one place for all surfaces."""

from __future__ import annotations

from collections.abc import Mapping

from coe_scaffold.model.json import Json
from coe_scaffold.model.resources import Resource
from coe_scaffold.model.scope import Scope
from coe_scaffold.sandbox import authorisation, estate, policing, refusals, registration, store
from coe_scaffold.sandbox.namespaces import known
from coe_scaffold.sandbox.store import Transaction
from coe_scaffold.sandbox.surfaces import (
    assignments,
    groups,
    locks,
    management_groups,
    policies,
    policy_definitions,
    roles,
    tags,
)
from coe_scaffold.sandbox.world import World

GROUP = "microsoft.resources/resourcegroups"
_SUBMITTED_IN = {
    GROUP: store.GROUP,
    assignments.TYPE.lower(): store.ASSIGNMENT,
    locks.TYPE.lower(): store.LOCK,
    policies.TYPE.lower(): store.POLICY_ASSIGNMENT,
    policy_definitions.DEFINITION.lower(): store.POLICY_DEFINITION,
    policy_definitions.SET.lower(): store.POLICY_SET,
    policy_definitions.EXEMPTION.lower(): store.POLICY_EXEMPTION,
}
_NOT_STORED = ("microsoft.authorization/", "microsoft.resources/", "microsoft.management/")


def create(tx: Transaction, world: World, resource: Resource) -> bool:
    """Create or update a resource and return whether it is new; raise ArmError when ARM would refuse it."""
    body, scope, kind = resource.body, resource.scope, resource.type.lower()
    authorisation.check(tx, f"{_spelled(resource)}/write", resource.id, body)
    authorisation.check_linked(tx, resource.id, body)
    resource = policing.admit(tx, world, resource)
    body = resource.body
    match kind:
        case "microsoft.resources/resourcegroups":
            return groups.write(tx, resource.id, body, resource.api_version)[1]
        case "microsoft.resources/tags":
            tags.write(tx, scope, _properties(body).get("tags") or {})
            return False
        case "microsoft.authorization/roleassignments":
            new = tx.get(store.ASSIGNMENT, resource.id.key) is None
            assignments.write(tx, world, scope, resource.name, body)
            return new
        case "microsoft.authorization/roledefinitions":
            new = tx.get(store.ROLE, resource.name) is None
            roles.write(tx, scope, resource.name, body)
            return new
        case "microsoft.authorization/locks":
            return locks.write(tx, scope, resource.name, body)[1]
        case "microsoft.management/managementgroups/subscriptions":
            return management_groups.place(tx, world.tenant, *resource.name.split("/"))
        case "microsoft.authorization/policyassignments":
            return policies.write(tx, world, scope, resource.name, body)[1]
    if kind.rpartition("/")[2] in policy_definitions.KINDS and kind.startswith("microsoft.authorization/"):
        word = kind.rpartition("/")[2]
        return policy_definitions.write(tx, world, scope, word, resource.name, body)[1]
    if kind.startswith(_NOT_STORED) and not known(resource.type):
        raise refusals.not_modelled(resource.type)
    registration.require(tx, world, resource.id, template=True)
    return estate.write(tx, world.tenant, resource.id, body, resource.api_version).created


def submitted(tx: Transaction, resource: Resource) -> Mapping[str, Json] | None:
    """Return what was last submitted for a resource, or None when there is no such resource."""
    kind = resource.type.lower()
    if kind == roles.TYPE.lower():
        document = tx.get(store.ROLE, resource.name)
    elif kind == tags.TYPE.lower():
        return _submitted_tags(tx, resource.scope)
    elif kind == "microsoft.management/managementgroups/subscriptions":
        return {} if management_groups.placed(tx, *resource.name.split("/")) else None
    else:
        document = tx.get(_SUBMITTED_IN.get(kind, store.RESOURCE), resource.id.key)
    return None if document is None else document["submitted"]


def shown(tx: Transaction, resource: Scope) -> Json | None:
    """Return a resource, group, assignment, role or lock as GET shows it, or None."""
    kind = resource.resource_type.lower()
    if kind == GROUP:
        group = tx.get(store.GROUP, resource.key)
        return groups.show(group) if group else None
    if kind == "microsoft.resources/subscriptions":
        found = tx.get(store.SUBSCRIPTION, resource.name)
        return {"id": resource.path, "subscriptionId": resource.name, **found} if found else None
    if kind in _SUBMITTED_IN:
        document = tx.get(_SUBMITTED_IN[kind], resource.key)
        return document.get("shown", document) if document else None
    if kind == roles.TYPE.lower():
        return roles.find(tx, resource.name)
    return estate.find(tx, resource)


def _spelled(resource: Resource) -> str:
    if resource.type.lower() == GROUP:
        return "Microsoft.Resources/subscriptions/resourceGroups"
    return resource.type


def _submitted_tags(tx: Transaction, scope: Scope) -> Mapping[str, Json] | None:
    document = tx.get(store.GROUP, scope.key) or tx.get(store.RESOURCE, scope.key)
    given = document["submitted"].get("tags") if document else None
    return {"properties": {"tags": given}} if given else None


def _properties(body: Mapping[str, Json]) -> Mapping[str, Json]:
    properties = body.get("properties")
    return properties if isinstance(properties, Mapping) else {}
