"""Deployment stacks at whichever scope: create, read, delete, ask what one would change."""

from __future__ import annotations

import uuid
from collections.abc import Iterator, Mapping
from typing import Any

from coe_scaffold.cloud import raw, scoped
from coe_scaffold.cloud.clients import Clients
from coe_scaffold.model.json import Json
from coe_scaffold.model.resources import Deployment
from coe_scaffold.model.scope import Scope, ScopeKind
from coe_scaffold.model.stacks import STACK_TYPE, STACK_WHAT_IF_TYPE, ObservedStack, StackSettings

STACKS_API = "2025-07-01"
"""The api-version of stacks and of their what-if results (azure-mgmt-resource-deploymentstacks 1.0.0)."""

RETENTION = "PT3H"
"""How long ARM keeps a what-if result nobody deleted; longer ones are never removed by it."""

ENDED = frozenset({"succeeded", "failed", "canceled"})


def begin(clients: Clients, deployment: Deployment, settings: StackSettings) -> Any:
    """Start to create or update the stack of a deployment and return its poller."""
    operations: Any = clients.stacks(deployment.scope.subscription)
    body = content(deployment, settings)
    scope = deployment.scope
    match scope.kind:
        case ScopeKind.RESOURCE_GROUP:
            return operations.begin_create_or_update_at_resource_group(
                scope.resource_group, deployment.name, body
            )
        case ScopeKind.SUBSCRIPTION:
            return operations.begin_create_or_update_at_subscription(deployment.name, body)
        case ScopeKind.MANAGEMENT_GROUP:
            return operations.begin_create_or_update_at_management_group(scope.name, deployment.name, body)
        case _:
            raise ValueError(f"there are no deployment stacks at {scope}")


def get(clients: Clients, stack: Scope) -> ObservedStack | None:
    """Return a stack, or None when it is not there."""
    from azure.core.exceptions import ResourceNotFoundError

    try:
        return observed(raw.get(clients, stack.path, STACKS_API))
    except ResourceNotFoundError:
        return None


def failures(clients: Clients, stack: Scope) -> list[Json]:
    """Return ARM's errors of what a stack could not delete, each with its resource as target."""
    found = raw.get(clients, stack.path, STACKS_API)["properties"].get("failedResources") or []
    return [{"target": one.get("id"), **one["error"]} for one in found if one.get("error")]


def list_at(clients: Clients, scope: Scope) -> Iterator[ObservedStack]:
    """Yield the stacks of a scope."""
    path = f"{scope.path.rstrip('/')}/providers/{STACK_TYPE}"
    yield from (observed(item) for item in raw.items(clients, path, STACKS_API))


def delete(clients: Clients, stack: Scope) -> None:
    """Delete a stack and detach all it manages; an absent one is no error.

    Nothing else is deleted with it, so an out-of-date list of managed resources does no harm here.
    """
    detached = {
        f"unmanageAction.{kind}": "detach" for kind in ("Resources", "ResourceGroups", "ManagementGroups")
    }
    raw.delete(clients, stack.path, STACKS_API, bypassStackOutOfSyncError="true", **detached)


def what_if(clients: Clients, deployment: Deployment, settings: StackSettings) -> Json:
    """Return ARM's answer to what a stack's deployment would change (``DeploymentStacksWhatIfResult``).

    ARM keeps the answer as a resource; it is deleted once it has been read.
    """
    name = f"coe-{uuid.uuid4().hex}"
    path = deployment.scope.child(STACK_WHAT_IF_TYPE, name).path
    body = content(deployment, settings)
    del body["properties"]["bypassStackOutOfSyncError"], body["tags"]
    body["properties"].update(
        deploymentStackResourceId=deployment.stack_id.path,
        retentionInterval=RETENTION,
        validationLevel=scoped.WHAT_IF_LEVEL,
    )
    try:
        raw.put(clients, path, STACKS_API, body)
        return raw.post_for_result(clients, f"{path}/whatIf", STACKS_API)
    finally:
        raw.delete(clients, path, STACKS_API)


def content(deployment: Deployment, settings: StackSettings) -> dict[str, Any]:
    """Return the body of a stack.

    A list of managed resources that may be wrong is harmful only where something is deleted by it.
    """
    sent = scoped.content(deployment)
    properties: dict[str, Json] = sent["properties"]
    action = settings.action_on_unmanage()
    if settings.deletes:
        action["resourcesWithoutDeleteSupport"] = "detach"
    body: dict[str, Any] = {
        "properties": {
            "template": properties["template"],
            "parameters": properties["parameters"],
            "actionOnUnmanage": action,
            "denySettings": settings.deny_settings(),
            "bypassStackOutOfSyncError": settings.accept_out_of_sync or not settings.deletes,
            "description": "Made by coe-scaffold: change its templates, not the resources.",
        },
        "tags": dict(settings.tags),
    }
    if "location" in sent:
        body["location"] = sent["location"]
    return body


def observed(item: Mapping[str, Json]) -> ObservedStack:
    """Return a stack's JSON as ours."""
    properties = item.get("properties") or {}
    last = properties.get("deploymentId")
    return ObservedStack(
        id=Scope.parse(str(item["id"])),
        state=str(properties.get("provisioningState", "")),
        action=properties.get("actionOnUnmanage") or {},
        deny=properties.get("denySettings") or {},
        managed=tuple(
            sorted(Scope.parse(str(one["id"])) for one in properties.get("resources") or [] if one.get("id"))
        ),
        tags=item.get("tags") or {},
        deployment=Scope.parse(str(last)) if last else None,
    )
