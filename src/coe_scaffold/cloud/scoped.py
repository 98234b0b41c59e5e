"""Deployment calls at whichever scope a deployment has: the SDK has one method for each kind of scope."""

from __future__ import annotations

from typing import Any, cast

from coe_scaffold.cloud.clients import Clients
from coe_scaffold.model.json import Json, Unknown, unknowns
from coe_scaffold.model.resources import Deployment
from coe_scaffold.model.scope import Scope, ScopeKind

WHAT_IF_LEVEL = "ProviderNoRbac"
"""Validation level of what-if: who may only read shall see the plan; rights are asked about separately."""


def what_if(clients: Clients, deployment: Deployment) -> Any:
    """Ask ARM what a deployment would change, and wait for the answer (``WhatIfOperationResult``)."""
    operations: Any = clients.deployments(deployment.scope.subscription)
    body = content(deployment)
    body["properties"]["whatIfSettings"] = {"resultFormat": "FullResourcePayloads"}
    body["properties"]["validationLevel"] = WHAT_IF_LEVEL
    scope = deployment.scope
    match scope.kind:
        case ScopeKind.SUBSCRIPTION:
            poller = operations.begin_what_if_at_subscription_scope(deployment.name, body)
        case ScopeKind.RESOURCE_GROUP:
            poller = operations.begin_what_if(scope.resource_group, deployment.name, body)
        case ScopeKind.MANAGEMENT_GROUP:
            poller = operations.begin_what_if_at_management_group_scope(scope.name, deployment.name, body)
        case _:
            poller = operations.begin_what_if_at_tenant_scope(deployment.name, body)
    return poller.result()


def begin(clients: Clients, deployment: Deployment) -> Any:
    """Start a deployment and return its poller."""
    operations: Any = clients.deployments(deployment.scope.subscription)
    body = content(deployment)
    if deployment.scope.kind is ScopeKind.TENANT:
        return operations.begin_create_or_update_at_tenant_scope(deployment.name, body)
    return operations.begin_create_or_update_at_scope(deployment.scope.path.strip("/"), deployment.name, body)


def get(clients: Clients, scope: Scope, name: str) -> Any:
    """Return a deployment's record."""
    operations: Any = clients.deployments(scope.subscription)
    if scope.kind is ScopeKind.TENANT:
        return operations.get_at_tenant_scope(name)
    return operations.get_at_scope(scope.path.strip("/"), name)


def list_at(clients: Clients, scope: Scope) -> list[Any]:
    """Return the deployments in the history of a scope."""
    operations: Any = clients.deployments(scope.subscription)
    if scope.kind is ScopeKind.TENANT:
        return list(operations.list_at_tenant_scope())
    return list(operations.list_at_scope(scope.path.strip("/")))


def forget(clients: Clients, scope: Scope, name: str) -> Any:
    """Start to delete a deployment from the history of a scope, not its resources; return the poller."""
    operations: Any = clients.deployments(scope.subscription)
    if scope.kind is ScopeKind.TENANT:
        return operations.begin_delete_at_tenant_scope(name)
    return operations.begin_delete_at_scope(scope.path.strip("/"), name)


def operations_of(clients: Clients, scope: Scope, name: str) -> list[Any]:
    """Return the operations of a deployment, one per resource."""
    operations: Any = clients.deployment_operations(scope.subscription)
    if scope.kind is ScopeKind.TENANT:
        return list(operations.list_at_tenant_scope(name))
    return list(operations.list_at_scope(scope.path.strip("/"), name))


def content(deployment: Deployment) -> dict[str, Json]:
    """Return the body of a deployment request."""
    if any(isinstance(value, Unknown) for value in unknowns(deployment.parameters)):
        raise ValueError("a deployment's parameters must be known before it is sent")
    properties: dict[str, Json] = {
        "mode": "Incremental",
        "template": cast(Json, deployment.template),
        "parameters": cast(Json, deployment.parameters),
    }
    body: dict[str, Json] = {"properties": properties}
    if deployment.location and deployment.scope.kind is not ScopeKind.RESOURCE_GROUP:
        body["location"] = deployment.location
    return body
