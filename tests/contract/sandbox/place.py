"""A sandbox for tests: what it is seeded with, and a plain HTTP client for it."""

from __future__ import annotations

import http.client
import json
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any, TypeVar
from urllib.parse import quote, urlsplit

from coe_scaffold.model.scope import Scope
from coe_scaffold.sandbox import Endpoint, Seed

Found = TypeVar("Found")
TENANT = "10000000-0000-4000-8000-000000000000"
SUBSCRIPTIONS = tuple(f"20000000-0000-4000-8000-{number:012d}" for number in range(150))
GROUPS = tuple(f"30000000-0000-4000-8000-00000000000{number}" for number in range(1, 10))
READER = "acdd72a7-3385-48ef-bd42-f606fba81ae7"
PATIENCE = 120
"""Seconds after which nobody waits any longer."""
ENDED = ("", "succeeded", "failed", "canceled")
"""What long-running work says of itself when it is done; most of it says nothing."""
SEED = Seed(TENANT, SUBSCRIPTIONS, ("mg-ai",), GROUPS)


@dataclass(frozen=True)
class Answer:
    """One answer of the server."""

    status: int
    headers: Mapping[str, str]
    body: Any

    @property
    def code(self) -> str:
        return str(self.body["error"]["code"])


@dataclass
class Client:
    """Speaks HTTP to a sandbox and keeps what was said. ``subscription`` is this test's own."""

    endpoint: Endpoint
    subscription: str = SUBSCRIPTIONS[0]
    said: list[tuple[str, str, Any, Answer]] = field(default_factory=list)

    @property
    def scope(self) -> Scope:
        return Scope.subscription_of(self.subscription)

    def call(
        self,
        method: str,
        path: str,
        body: Any = None,
        *,
        version: str = "2024-07-01",
        headers: Mapping[str, str] | None = None,
        query: str = "",
    ) -> Answer:
        url = urlsplit(self.endpoint.url if path.startswith("/") else path)
        target = path if not path.startswith("/") else quote(path, safe="/()'=&?%")
        if path.startswith("/"):
            target += f"?api-version={version}" if version else "?"
            target += f"&{query.replace(' ', '%20')}" if query else ""
        else:
            target = path.partition(url.netloc)[2]
        connection = http.client.HTTPConnection(str(url.hostname), url.port)
        try:
            sent = {"authorization": f"Bearer {self.endpoint.token}", **(headers or {})}
            text = json.dumps(body) if body is not None and not isinstance(body, str) else body
            connection.request(
                method, target, text.encode() if text else None, {"content-type": "application/json", **sent}
            )
            response = connection.getresponse()
            content = response.read()
        finally:
            connection.close()
        shown = json.loads(content) if content else None
        answer = Answer(response.status, {k.lower(): v for k, v in response.getheaders()}, shown)
        self.said.append((method, path, body, answer))
        return answer

    def group(self, name: str = "rg-a", **more: Any) -> Scope:
        scope = self.scope.group(name)
        answer = self.call("PUT", scope.path, {"location": "swedencentral", **more})
        assert answer.status in (200, 201), answer.body
        return scope

    def poll(self, url: str) -> Answer:
        """Follow a Location or Azure-AsyncOperation until the work is done."""

        def ended() -> Answer | None:
            answer = self.call("GET", url)
            state = str((answer.body or {}).get("status", "")).lower()
            return answer if answer.status != 202 and state in ENDED else None

        return eventually(ended, f"{url} never came to an end")


def eventually(found: Callable[[], Found | None], otherwise: str) -> Found:
    """Ask until there is an answer, for as long as a busy machine may take; then fail with ``otherwise``."""
    ends = time.monotonic() + PATIENCE
    while (answer := found()) is None:
        assert time.monotonic() < ends, otherwise
        time.sleep(0.005)
    return answer


STORAGE = {
    "location": "swedencentral",
    "kind": "StorageV2",
    "sku": {"name": "Standard_LRS"},
    "properties": {"allowBlobPublicAccess": False},
}


def inner_template() -> dict[str, Any]:
    """An identity, a storage account with a container, and the identity's role on the account."""
    account = "resourceId('Microsoft.Storage/storageAccounts', concat('st', parameters('name')))"
    identity = "resourceId('Microsoft.ManagedIdentity/userAssignedIdentities', parameters('name'))"
    return {
        "$schema": "https://schema.management.azure.com/schemas/2019-04-01/deploymentTemplate.json#",
        "contentVersion": "1.0.0.0",
        "parameters": {"name": {"type": "string"}, "sku": {"type": "string", "defaultValue": "Standard_LRS"}},
        "resources": [
            {
                "type": "Microsoft.ManagedIdentity/userAssignedIdentities",
                "apiVersion": "2023-01-31",
                "name": "[parameters('name')]",
                "location": "swedencentral",
            },
            {
                "type": "Microsoft.Storage/storageAccounts",
                "apiVersion": "2024-01-01",
                "name": "[concat('st', parameters('name'))]",
                **STORAGE,
                "sku": {"name": "[parameters('sku')]"},
            },
            {
                "type": "Microsoft.Storage/storageAccounts/blobServices/containers",
                "apiVersion": "2024-01-01",
                "name": "[concat('st', parameters('name'), '/default/data')]",
                "properties": {},
                "dependsOn": [f"[{account}]"],
            },
            {
                "type": "Microsoft.Authorization/roleAssignments",
                "apiVersion": "2022-04-01",
                "scope": f"[{account}]",
                "name": "[guid(resourceGroup().id, parameters('name'))]",
                "dependsOn": [f"[{account}]", f"[{identity}]"],
                "properties": {
                    "roleDefinitionId": "[subscriptionResourceId('Microsoft.Authorization/roleDefinitions', "
                    f"'{READER}')]",
                    "principalId": f"[reference({identity}, '2023-01-31').principalId]",
                    "principalType": "ServicePrincipal",
                },
            },
        ],
        "outputs": {
            "blob": {"type": "string", "value": f"[reference({account}).primaryEndpoints.blob]"},
        },
    }


def outer_template(inner: Mapping[str, Any] | None = None) -> dict[str, Any]:
    """A resource group and a nested deployment into it."""
    nested = "resourceId(subscription().subscriptionId, 'rg-a', 'Microsoft.Resources/deployments', 'inner')"
    return {
        "$schema": "https://schema.management.azure.com/schemas/2018-05-01/subscriptionDeploymentTemplate.json#",
        "contentVersion": "1.0.0.0",
        "parameters": {"name": {"type": "string"}, "sku": {"type": "string", "defaultValue": "Standard_LRS"}},
        "resources": [
            {
                "type": "Microsoft.Resources/resourceGroups",
                "apiVersion": "2024-11-01",
                "name": "rg-a",
                "location": "swedencentral",
                "tags": {"managed-by": "test"},
            },
            {
                "type": "Microsoft.Resources/deployments",
                "apiVersion": "2024-11-01",
                "name": "inner",
                "resourceGroup": "rg-a",
                "dependsOn": ["[subscriptionResourceId('Microsoft.Resources/resourceGroups', 'rg-a')]"],
                "properties": {
                    "mode": "Incremental",
                    "expressionEvaluationOptions": {"scope": "inner"},
                    "parameters": {
                        "name": {"value": "[parameters('name')]"},
                        "sku": {"value": "[parameters('sku')]"},
                    },
                    "template": dict(inner or inner_template()),
                },
            },
        ],
        "outputs": {"blob": {"type": "string", "value": f"[reference({nested}).outputs.blob.value]"}},
    }
