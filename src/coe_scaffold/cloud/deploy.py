"""Deploys: starts a deployment or a stack, reports its operations, nested ones too, explains failures."""

from __future__ import annotations

import contextlib
import time
from collections.abc import Callable, Container, Iterator
from typing import Any

from coe_scaffold.cloud import history, raw, scoped, stacks
from coe_scaffold.cloud.clients import Clients
from coe_scaffold.cloud.errors import (
    WRAPPERS,
    chain_of,
    cloud_error,
    error_body,
    from_response,
    translated,
)
from coe_scaffold.cloud.inspect import PROVIDERS_API
from coe_scaffold.cloud.removal import removal_api
from coe_scaffold.cloud.retained import purge, recover
from coe_scaffold.errors import CloudError
from coe_scaffold.model.estate import Recovery, SoftDeleted
from coe_scaffold.model.resources import Deployment
from coe_scaffold.model.scope import Scope
from coe_scaffold.model.stacks import STACK_TYPE
from coe_scaffold.ports import Operation

_NESTED = "microsoft.resources/deployments"
_BUSY = frozenset({"DeploymentActive", "DeploymentStackInNonTerminalState"})
"""Codes that say that an earlier deployment of the same name still runs."""
_ACTIVE_TRIES = 3
"""How often a deployment waits for an earlier one of the same name."""


class ArmDeployer:
    """Implements ports.Deployer with the Azure SDK."""

    def __init__(self, clients: Clients) -> None:
        self._clients = clients

    def deploy(self, deployment: Deployment, progress: Callable[[Operation], None]) -> tuple[str, ...]:
        """Deploy, wait to the end, and return the ids of the resources ARM reports as its output.

        A deployment with ``stack`` becomes a deployment stack, whose id is among the result. Old records of
        this deployment are removed from a history that is nearly full. Raises CloudError with the innermost
        cause. An earlier deployment of the same name that still runs is waited for first.
        """
        from azure.core.exceptions import HttpResponseError

        with translated(f"deployment {deployment.name}"):
            before = self._trimmed(deployment, progress)
            poller = self._begin(deployment)
            watch = _Watch(self._clients, deployment, progress, before)
            try:
                while not poller.done():
                    watch.look()
                    poller.wait(self._clients.connection.poll)
                result = poller.result()
            except HttpResponseError as error:
                watch.look()
                raise self._failure(deployment, watch.name, error) from error
            watch.look()
        if deployment.stack is not None:
            managed = getattr(result.properties, "resources", None) or []
            return (*(str(item.id) for item in managed if item.id), deployment.stack_id.path)
        outputs = getattr(result.properties, "output_resources", None) or []
        return tuple(str(item.id) for item in outputs if item.id)

    def settle(self, deployment: Deployment) -> None:
        """Wait until an earlier deployment of the same name has ended; return at once when there is none."""
        from azure.core.exceptions import ResourceNotFoundError

        with translated(f"deployment {deployment.name}"), contextlib.suppress(ResourceNotFoundError):
            self._wait_for_active(deployment)

    def delete_resource_group(self, group: Scope) -> None:
        """Delete a resource group and wait until it is gone; an absent one is no error."""
        from azure.core.exceptions import ResourceNotFoundError

        with translated(f"deleting resource group {group.name}"):
            try:
                poller = self._clients.resource_groups(group.subscription).begin_delete(group.name)
                poller.wait()
                poller.result()
            except ResourceNotFoundError:
                return

    def delete_resource(self, resource: Scope) -> None:
        """Delete a resource, lock or stack by its id and wait until it is gone; an absent one is no error.

        What a stack manages is detached and stays.
        """
        with translated(f"deleting {resource.name}"):
            if resource.resource_type.lower() == STACK_TYPE.lower():
                stacks.delete(self._clients, resource)
                return
            raw.delete(self._clients, resource.path, removal_api(self._clients, resource))

    def recover(self, recovery: Recovery) -> tuple[str, ...]:
        """Recover a deleted resource; return the ids of what is new: it, and its group when that was gone."""
        with translated(f"recovering {recovery.deleted.was.name}"):
            return recover(self._clients, recovery)

    def purge(self, deleted: SoftDeleted) -> None:
        """Purge a soft-deleted resource, so that its name is free; an absent one is no error."""
        from azure.core.exceptions import ResourceNotFoundError

        with translated(f"purging {deleted.was.name}"), contextlib.suppress(ResourceNotFoundError):
            purge(self._clients, deleted)

    def register_provider(self, subscription: Scope, namespace: str) -> None:
        """Register a resource provider in a subscription and wait until it is."""
        path = f"{subscription.path}/providers/{namespace}"
        with translated(f"registering {namespace}"):
            state = raw.post(self._clients, f"{path}/register", PROVIDERS_API)
            while str(state.get("registrationState", "")).lower() != "registered":
                time.sleep(self._clients.connection.poll)
                state = raw.get(self._clients, path, PROVIDERS_API)

    def _trimmed(self, deployment: Deployment, progress: Callable[[Operation], None]) -> frozenset[str]:
        """Make room in the history and return the names of this deployment's records in it."""
        from azure.core.exceptions import AzureError

        keep = ""
        try:
            if deployment.stack is not None:
                stack = stacks.get(self._clients, deployment.stack_id)
                keep = stack.deployment.name if stack and stack.deployment else ""
            return history.trim(self._clients, deployment, progress, keep=keep)
        except AzureError:  # who may not list or delete deployments may still deploy
            return frozenset()

    def _begin(self, deployment: Deployment) -> Any:
        from azure.core.exceptions import ResourceExistsError

        for _ in range(_ACTIVE_TRIES):
            try:
                return self._started(deployment)
            except ResourceExistsError as error:
                if from_response(error).code not in _BUSY:
                    raise
                self._wait_for_active(deployment)
        return self._started(deployment)

    def _started(self, deployment: Deployment) -> Any:
        if deployment.stack is None:
            return scoped.begin(self._clients, deployment)
        return stacks.begin(self._clients, deployment, deployment.stack)

    def _wait_for_active(self, deployment: Deployment) -> None:
        while True:
            if deployment.stack is not None:
                stack = stacks.get(self._clients, deployment.stack_id)
                state = stack.state if stack else "succeeded"
            else:
                record = scoped.get(self._clients, deployment.scope, deployment.name)
                found = record.properties.provisioning_state
                state = str(getattr(found, "value", found))
            if state.lower() in stacks.ENDED:
                return
            time.sleep(self._clients.connection.poll)

    def _failure(self, deployment: Deployment, name: str, error: Any) -> CloudError:
        """Return the cause of a failed deployment: from the answer, else from its operations.

        ``name`` is the deployment's, or that of the one a stack has made, when it is known.
        """
        what = f"deployment {deployment.name}"
        translated_error = from_response(error, what)
        chain = list(chain_of(error_body(error)))
        if any(info.code.lower() not in WRAPPERS for info in chain):
            return translated_error
        correlation = translated_error.correlation_id
        if deployment.stack is not None:
            left = stacks.failures(self._clients, deployment.stack_id)
            inner = [info for failure in left for info in chain_of(failure)]
            if inner:
                return cloud_error([*chain, *inner], what=what, correlation_id=correlation)
        if not name:
            return translated_error
        for operation in _all_operations(self._clients, deployment.scope, name):
            status = operation.as_dict().get("properties", {}).get("statusMessage") or {}
            inner = list(chain_of(status.get("error") or status))
            if inner and str(operation.properties.provisioning_state).lower() == "failed":
                return cloud_error(
                    [*chain, *inner], what=what, status=translated_error.status, correlation_id=correlation
                )
        return translated_error


class _Watch:
    """Tells what has changed in the operations of a running deployment since the last look."""

    def __init__(
        self,
        clients: Clients,
        deployment: Deployment,
        progress: Callable[[Operation], None],
        before: frozenset[str],
    ) -> None:
        self._clients = clients
        self._deployment = deployment
        self._progress = progress
        self._before = before
        self._told: dict[str, str] = {}
        self.name = "" if deployment.stack else deployment.name
        """The name of the deployment that is watched; empty until a stack has made one."""

    def look(self) -> None:
        """Report every operation whose state is new; a failed look is no failed deployment."""
        from azure.core.exceptions import AzureError

        with contextlib.suppress(AzureError):
            self.name = self.name or self._made_by_stack()
            if self.name:
                ended = {one for one, state in self._told.items() if state.lower() in stacks.ENDED}
                for operation in _all_operations(self._clients, self._deployment.scope, self.name, ended):
                    self._tell(operation)

    def _made_by_stack(self) -> str:
        """Return the name of the deployment that the stack has made, or an empty string as long as it has
        made none: a stack that still deploys does not name it.
        """
        records = scoped.list_at(self._clients, self._deployment.scope)
        own = self._deployment.name.lower()
        return next(
            (
                str(one.name)
                for one in records
                if history.is_ours(str(one.name), self._deployment)
                and str(one.name).lower() != own
                and str(one.name) not in self._before
            ),
            "",
        )

    def _tell(self, operation: Any) -> None:
        properties = operation.properties
        target = properties.target_resource
        if target is None or not target.id:
            return
        state = str(properties.provisioning_state)
        if self._told.get(target.id) != state:
            self._told[target.id] = state
            detail = str(properties.status_code or "") if state.lower() == "failed" else ""
            self._progress(Operation(str(target.id), state, detail))


def _all_operations(clients: Clients, scope: Scope, name: str, without: Container[str] = ()) -> Iterator[Any]:
    """Yield the operations of a deployment, those of a nested one before the operation that made it.

    The nested deployments ``without`` (ids) are not looked into again.
    """
    from azure.core.exceptions import ResourceNotFoundError

    for operation in scoped.operations_of(clients, scope, name):
        target = operation.properties.target_resource if operation.properties else None
        if target is not None and _nests(target) and target.id not in without:
            home, _, nested = str(target.id).partition("/providers/Microsoft.Resources/deployments/")
            with contextlib.suppress(ResourceNotFoundError):
                yield from _all_operations(clients, Scope.parse(home or "/"), nested, without)
        yield operation


def _nests(target: Any) -> bool:
    return str(target.resource_type).lower() == _NESTED
