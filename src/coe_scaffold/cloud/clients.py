"""The Azure SDK's clients: one instance for each operation group and subscription.

One instance per group, because the authorization client shares one api-version between its groups: touching
another group in the middle of a paged list changes the version of the next page.
"""

from __future__ import annotations

import threading
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, TypeVar, cast

if TYPE_CHECKING:
    from azure.core.credentials import TokenCredential
    from azure.mgmt.authorization.v2022_04_01.operations import (
        DenyAssignmentsOperations,
        RoleAssignmentsOperations,
        RoleDefinitionsOperations,
    )
    from azure.mgmt.resource.deployments.operations import (
        DeploymentOperationsOperations,
        DeploymentsOperations,
    )
    from azure.mgmt.resource.deploymentstacks import DeploymentStacksClient
    from azure.mgmt.resource.deploymentstacks.operations import DeploymentStacksOperations
    from azure.mgmt.resource.resources.operations import ResourceGroupsOperations, ResourcesOperations

    from coe_scaffold.cloud.pacing import Pacing

DEPLOYMENTS_API = "2025-04-01"
"""The newest api-version of deployments that all clouds are known to answer."""

_NO_SUBSCRIPTION = "00000000-0000-0000-0000-000000000000"
_T = TypeVar("_T")


@dataclass(frozen=True)
class Connection:
    """How to reach one cloud, and at which pace.

    ``poll`` is the time between polls in seconds if the server names none. ``caller`` is the object id of the
    caller where no token tells it; empty for a sandbox's owner, who has no role assignments and needs none.
    """

    base_url: str
    credential: TokenCredential = field(hash=False)
    options: Mapping[str, Any] = field(hash=False)
    pacing: Pacing = field(hash=False)
    poll: float
    caller: str | None = None


class Clients:
    """Makes each client once, on its first use. Safe to use from several threads."""

    def __init__(self, connection: Connection) -> None:
        self.connection = connection
        self._made: dict[tuple[str, str], Any] = {}
        self._lock = threading.Lock()

    def deployments(self, subscription: str = "") -> DeploymentsOperations:
        """Return the operations on deployments."""
        return cast("DeploymentsOperations", self._deployments("deployments", subscription).deployments)

    def deployment_operations(self, subscription: str = "") -> DeploymentOperationsOperations:
        """Return the operations on deployment operations."""
        client = self._deployments("deployment_operations", subscription)
        return cast("DeploymentOperationsOperations", client.deployment_operations)

    def resource_groups(self, subscription: str) -> ResourceGroupsOperations:
        """Return the operations on resource groups."""
        client = self._resources("resource_groups", subscription)
        return cast("ResourceGroupsOperations", client.resource_groups)

    def resources(self, subscription: str) -> ResourcesOperations:
        """Return the operations on resources of any type."""
        return cast("ResourcesOperations", self._resources("resources", subscription).resources)

    def role_assignments(self, subscription: str = "") -> RoleAssignmentsOperations:
        """Return the operations on role assignments."""
        client = self._authorization("role_assignments", subscription)
        return cast("RoleAssignmentsOperations", client.role_assignments)

    def deny_assignments(self, subscription: str = "") -> DenyAssignmentsOperations:
        """Return the operations on deny assignments."""
        client = self._authorization("deny_assignments", subscription)
        return cast("DenyAssignmentsOperations", client.deny_assignments)

    def role_definitions(self, subscription: str = "") -> RoleDefinitionsOperations:
        """Return the operations on role definitions."""
        client = self._authorization("role_definitions", subscription)
        return cast("RoleDefinitionsOperations", client.role_definitions)

    def stacks(self, subscription: str = "") -> DeploymentStacksOperations:
        """Return the operations on deployment stacks."""
        client = self._stacks("deployment_stacks", subscription)
        return cast("DeploymentStacksOperations", client.deployment_stacks)

    def sender(self) -> DeploymentStacksClient:
        """Return a client that sends any request through the pipeline (``send_request``)."""
        return cast("DeploymentStacksClient", self._stacks("sender", ""))

    def role_definitions_with_conditions(self) -> Any:
        """Return the operations on role definitions in the api-version that tells a block's own condition."""

        def make() -> Any:
            from azure.mgmt.authorization.v2022_05_01_preview import AuthorizationManagementClient

            return self._client(AuthorizationManagementClient, "")

        return self._once("role_definitions_with_conditions", "", make).role_definitions

    def privileged(self, group: str, subscription: str = "") -> Any:
        """Return one of the operation groups of Privileged Identity Management, by its attribute's name."""
        return getattr(self._authorization(group, subscription), group)

    def close(self) -> None:
        """Close the connections of every client."""
        with self._lock:
            for client in self._made.values():
                client.close()
            self._made.clear()

    def _deployments(self, group: str, subscription: str) -> Any:
        def make() -> Any:
            from azure.mgmt.resource.deployments import DeploymentsMgmtClient

            return self._client(DeploymentsMgmtClient, subscription, api_version=DEPLOYMENTS_API)

        return self._once(group, subscription, make)

    def _resources(self, group: str, subscription: str) -> Any:
        def make() -> Any:
            from azure.mgmt.resource.resources import ResourceManagementClient

            return self._client(ResourceManagementClient, subscription)

        return self._once(group, subscription, make)

    def _authorization(self, group: str, subscription: str) -> Any:
        def make() -> Any:
            from azure.mgmt.authorization import AuthorizationManagementClient

            return self._client(AuthorizationManagementClient, subscription)

        return self._once(group, subscription, make)

    def _stacks(self, group: str, subscription: str) -> Any:
        def make() -> Any:
            from azure.mgmt.resource.deploymentstacks import DeploymentStacksClient

            return self._client(DeploymentStacksClient, subscription)

        return self._once(group, subscription, make)

    def _client(self, kind: Callable[..., _T], subscription: str, **extra: Any) -> _T:
        from coe_scaffold.cloud.pacing import PacingPolicy

        connection = self.connection
        return kind(
            connection.credential,
            subscription or _NO_SUBSCRIPTION,
            base_url=connection.base_url,
            polling_interval=connection.poll,
            per_retry_policies=[PacingPolicy(connection.pacing)],
            **connection.options,
            **extra,
        )

    def _once(self, group: str, subscription: str, make: Callable[[], Any]) -> Any:
        with self._lock:
            key = (group, subscription)
            if key not in self._made:
                self._made[key] = make()
            return self._made[key]
