"""Reads what decides whether writing can succeed: permissions, providers, locks, deleted names, quotas."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from coe_scaffold.catalog import name_questions
from coe_scaffold.cloud import raw
from coe_scaffold.cloud.caller import own_assignments
from coe_scaffold.cloud.clients import Clients
from coe_scaffold.cloud.errors import translated
from coe_scaffold.cloud.names import holder, name_state
from coe_scaffold.cloud.retained import deleted_resources, kept_when_deleted
from coe_scaffold.cloud.tenant_policies import policies_at
from coe_scaffold.model.access import ObservedAssignment, PermissionBlock
from coe_scaffold.model.estate import (
    Lock,
    NameState,
    OfferedModel,
    Quota,
    SoftDeleted,
    SubscriptionState,
)
from coe_scaffold.model.json import Json, JsonObject
from coe_scaffold.model.scope import Scope

AUTHORIZATION_API = "2022-04-01"
LOCKS_API = "2020-05-01"
RESOURCES_API = "2022-12-01"
PROVIDERS_API = "2021-04-01"
COGNITIVE_API = "2025-06-01"


class ArmInspector:
    """Implements ports.Inspector with ARM's own paths."""

    def __init__(self, clients: Clients) -> None:
        self._clients = clients

    def subscription(self, subscription: Scope) -> SubscriptionState:
        """Return a subscription's name, tenant and state."""
        with translated(f"subscription {subscription.subscription}"):
            found = raw.get(self._clients, subscription.path, RESOURCES_API)
        return SubscriptionState(
            id=str(found.get("subscriptionId", "")),
            name=str(found.get("displayName", "")),
            tenant=str(found.get("tenantId", "")),
            state=str(found.get("state", "")),
        )

    def permissions(self, scope: Scope) -> tuple[PermissionBlock, ...]:
        """Return what the caller may do at a scope, one block for each role it holds there."""
        path = f"{scope.path.rstrip('/')}/providers/Microsoft.Authorization/permissions"
        with translated(f"your permissions at {scope}"):
            found = list(raw.items(self._clients, path, AUTHORIZATION_API))
        return tuple(
            PermissionBlock(
                tuple(item.get("actions") or ()),
                tuple(item.get("notActions") or ()),
                tuple(item.get("dataActions") or ()),
                tuple(item.get("notDataActions") or ()),
            )
            for item in found
        )

    def own_assignments(self, scope: Scope) -> tuple[ObservedAssignment, ...]:
        """Return the caller's role assignments at a scope and above it, those of its groups included."""
        return own_assignments(self._clients, scope)

    def providers(self, subscription: Scope) -> Mapping[str, str]:
        """Return the registration state of each resource provider, by its namespace in lower case."""
        with translated(f"resource providers of {subscription}"):
            found = list(raw.items(self._clients, f"{subscription.path}/providers", PROVIDERS_API))
        return {str(item["namespace"]).lower(): str(item["registrationState"]) for item in found}

    def groups(self, subscription: Scope) -> frozenset[str]:
        """Return the names of a subscription's resource groups, in lower case."""
        with translated(f"resource groups of {subscription}"):
            found = raw.items(self._clients, f"{subscription.path}/resourcegroups", RESOURCES_API)
            return frozenset(str(item.get("name", "")).lower() for item in found)

    def locks(self, scope: Scope) -> tuple[Lock, ...]:
        """Return the locks at a scope and below it."""
        path = f"{scope.path}/providers/Microsoft.Authorization/locks"
        with translated(f"locks of {scope}"):
            found = list(raw.items(self._clients, path, LOCKS_API))
        return tuple(sorted(_lock(item) for item in found))

    def soft_deleted(self, subscription: Scope) -> tuple[SoftDeleted, ...]:
        """Return the deleted resources that still hold their names."""
        with translated(f"deleted resources of {subscription}"):
            return tuple(sorted(deleted_resources(self._clients, subscription)))

    def retained(self, resources: Iterable[Scope]) -> tuple[SoftDeleted, ...]:
        """Return which of these resources Azure would keep when they are deleted, as they would be called."""
        with translated("what Azure keeps when it is deleted"):
            return tuple(sorted(kept_when_deleted(self._clients, resources)))

    def policies(self, subscription: Scope) -> tuple[JsonObject, ...]:
        """Return the policies that act on a subscription, inherited ones too, as ARM returns each."""
        with translated(f"policies of {subscription}"):
            return policies_at(self._clients, subscription)

    def name_state(self, subscription: Scope, resource_type: str, name: str) -> NameState:
        """Return whether a globally unique name is free; KeyError for a type whose provider cannot say."""
        question = name_questions()[resource_type.lower()]
        with translated(f"whether the name {name} of {question.type} is free"):
            return name_state(self._clients, subscription, question, name)

    def holder(self, subscription: Scope, resource_type: str, name: str) -> Scope | None:
        """Return the resource in the subscription that has a globally unique name, or None."""
        question = name_questions()[resource_type.lower()]
        with translated(f"who has the name {name} of {question.type}"):
            return holder(self._clients, subscription, question, name)

    def offered_models(self, subscription: Scope, location: str) -> tuple[OfferedModel, ...]:
        """Return the models that can be deployed in a region."""
        path = f"{subscription.path}/providers/Microsoft.CognitiveServices/locations/{location}/models"
        with translated(f"models in {location}"):
            found = [item.get("model") or {} for item in raw.items(self._clients, path, COGNITIVE_API)]
        offered = {
            OfferedModel(
                str(model.get("format", "")),
                str(model.get("name", "")),
                str(model.get("version", "")),
                str(sku.get("name", "")),
                str(sku.get("usageName") or ""),
            )
            for model in found
            for sku in model.get("skus") or []
        }
        return tuple(sorted(offered))

    def model_quotas(self, subscription: Scope, location: str) -> tuple[Quota, ...]:
        """Return the limits on model capacity in a region."""
        path = f"{subscription.path}/providers/Microsoft.CognitiveServices/locations/{location}/usages"
        with translated(f"quotas in {location}"):
            found = list(raw.items(self._clients, path, COGNITIVE_API))
        return tuple(
            sorted(
                Quota(
                    str((item.get("name") or {}).get("value", "")),
                    float(item.get("currentValue") or 0),
                    float(item.get("limit") or 0),
                )
                for item in found
            )
        )


def _lock(item: Json) -> Lock:
    properties = item.get("properties") or {}
    return Lock(
        Scope.parse(str(item["id"])), str(properties.get("level", "")), str(properties.get("notes") or "")
    )
