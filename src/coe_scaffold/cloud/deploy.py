"""Deploys: starts a deployment, reports its operations while it runs, nested ones too, explains failures."""

from __future__ import annotations

import contextlib
import time
from collections.abc import Callable, Iterator
from typing import Any

from coe_scaffold.cloud import raw, scoped
from coe_scaffold.cloud.clients import Clients
from coe_scaffold.cloud.errors import chain_of, cloud_error, error_body, from_response, translated
from coe_scaffold.cloud.inspect import COGNITIVE_API, PROVIDERS_API, VAULTS_API
from coe_scaffold.cloud.removal import removal_api
from coe_scaffold.errors import CloudError
from coe_scaffold.model.estate import SoftDeleted
from coe_scaffold.model.resources import Deployment
from coe_scaffold.model.scope import Scope
from coe_scaffold.ports import Operation

_NESTED = "microsoft.resources/deployments"
_DONE = frozenset({"succeeded", "failed", "canceled"})
_ACTIVE_TRIES = 3
"""How often a deployment waits for an earlier one of the same name."""


class ArmDeployer:
    """Implements ports.Deployer with the Azure SDK."""

    def __init__(self, clients: Clients) -> None:
        self._clients = clients

    def deploy(self, deployment: Deployment, progress: Callable[[Operation], None]) -> tuple[str, ...]:
        """Deploy, wait to the end, and return the ids of the resources ARM reports as its output.

        Raises CloudError with the innermost cause. An earlier deployment of the same name that still runs
        is waited for first.
        """
        from azure.core.exceptions import HttpResponseError

        what = f"deployment {deployment.name}"
        with translated(what):
            poller = self._begin(deployment)
            watch = _Watch(self._clients, deployment, progress)
            while not poller.done():
                watch.look()
                poller.wait(self._clients.connection.poll)
            watch.look()
            try:
                result = poller.result()
            except HttpResponseError as error:
                raise self._failure(deployment, error) from error
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
        """Delete a resource or lock by its id and wait until it is gone; an absent one is no error."""
        with translated(f"deleting {resource.name}"):
            raw.delete(self._clients, resource.path, removal_api(resource))

    def purge(self, deleted: SoftDeleted) -> None:
        """Purge a soft-deleted resource, so that its name is free; an absent one is no error."""
        from azure.core.exceptions import ResourceNotFoundError

        with translated(f"purging {deleted.was.name}"), contextlib.suppress(ResourceNotFoundError):
            if "/deletedvaults/" in deleted.id.key:
                raw.post(self._clients, f"{deleted.id.path}/purge", VAULTS_API)
            else:
                raw.delete(self._clients, deleted.id.path, COGNITIVE_API)

    def register_provider(self, subscription: Scope, namespace: str) -> None:
        """Register a resource provider in a subscription and wait until it is."""
        path = f"{subscription.path}/providers/{namespace}"
        with translated(f"registering {namespace}"):
            state = raw.post(self._clients, f"{path}/register", PROVIDERS_API)
            while str(state.get("registrationState", "")).lower() != "registered":
                time.sleep(self._clients.connection.poll)
                state = raw.get(self._clients, path, PROVIDERS_API)

    def _begin(self, deployment: Deployment) -> Any:
        from azure.core.exceptions import ResourceExistsError

        for _ in range(_ACTIVE_TRIES):
            try:
                return scoped.begin(self._clients, deployment)
            except ResourceExistsError as error:
                if from_response(error).code != "DeploymentActive":
                    raise
                self._wait_for_active(deployment)
        return scoped.begin(self._clients, deployment)

    def _wait_for_active(self, deployment: Deployment) -> None:
        while True:
            record = scoped.get(self._clients, deployment.scope, deployment.name)
            state = record.properties.provisioning_state
            if str(getattr(state, "value", state)).lower() in _DONE:
                return
            time.sleep(self._clients.connection.poll)

    def _failure(self, deployment: Deployment, error: Any) -> CloudError:
        """Return the cause of a failed deployment: from the answer, else from its operations."""
        what = f"deployment {deployment.name}"
        translated_error = from_response(error, what)
        chain = list(chain_of(error_body(error)))
        if len(chain) > 1:
            return translated_error
        for operation in _all_operations(self._clients, deployment.scope, deployment.name):
            status = operation.as_dict().get("properties", {}).get("statusMessage") or {}
            inner = list(chain_of(status.get("error") or status))
            if inner and str(operation.properties.provisioning_state).lower() == "failed":
                correlation = translated_error.correlation_id
                return cloud_error(
                    [*chain, *inner], what=what, status=translated_error.status, correlation_id=correlation
                )
        return translated_error


class _Watch:
    """Tells what has changed in the operations of a running deployment since the last look."""

    def __init__(
        self, clients: Clients, deployment: Deployment, progress: Callable[[Operation], None]
    ) -> None:
        self._clients = clients
        self._deployment = deployment
        self._progress = progress
        self._told: dict[str, str] = {}

    def look(self) -> None:
        """Report every operation whose state is new; a failed look is no failed deployment."""
        from azure.core.exceptions import AzureError

        with contextlib.suppress(AzureError):
            for operation in _all_operations(self._clients, self._deployment.scope, self._deployment.name):
                self._tell(operation)

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


def _all_operations(clients: Clients, scope: Scope, name: str) -> Iterator[Any]:
    """Yield the operations of a deployment, those of a nested one before the operation that made it."""
    from azure.core.exceptions import ResourceNotFoundError

    for operation in scoped.operations_of(clients, scope, name):
        target = operation.properties.target_resource if operation.properties else None
        if target is not None and str(target.resource_type).lower() == _NESTED:
            home, _, nested = str(target.id).partition("/providers/Microsoft.Resources/deployments/")
            with contextlib.suppress(ResourceNotFoundError):
                yield from _all_operations(clients, Scope.parse(home or "/"), nested)
        yield operation
