"""Where and when a template is deployed: what ``deployment()``, ``subscription()`` and their kin answer."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime

from coe_scaffold.model.json import JsonObject, Unknown
from coe_scaffold.model.scope import Scope, ScopeKind

DEPLOYMENT_TYPE = "Microsoft.Resources/deployments"

PUBLIC_CLOUD: Mapping[str, object] = {
    "name": "AzureCloud",
    "gallery": "https://gallery.azure.com/",
    "graph": "https://graph.windows.net/",
    "portal": "https://portal.azure.com",
    "graphAudience": "https://graph.windows.net/",
    "activeDirectoryDataLake": "https://datalake.azure.net/",
    "batch": "https://batch.core.windows.net/",
    "media": "https://rest.media.azure.net",
    "sqlManagement": "https://management.core.windows.net:8443/",
    "vmImageAliasDoc": "https://raw.githubusercontent.com/Azure/azure-rest-api-specs/master/arm-compute/quickstart-templates/aliases.json",
    "resourceManager": "https://management.azure.com/",
    "authentication": {
        "loginEndpoint": "https://login.microsoftonline.com/",
        "audiences": ["https://management.core.windows.net/", "https://management.azure.com/"],
        "tenant": "common",
        "identityProvider": "AAD",
    },
    "suffixes": {
        "acrLoginServer": ".azurecr.io",
        "azureFrontDoorEndpointSuffix": "azurefd.net",
        "azureDatalakeAnalyticsCatalogAndJob": "azuredatalakeanalytics.net",
        "azureDatalakeStoreFileSystem": "azuredatalakestore.net",
        "keyvaultDns": ".vault.azure.net",
        "sqlServerHostname": ".database.windows.net",
        "storage": "core.windows.net",
    },
}
"""``environment()`` in the public cloud (documentation of the deployment functions)."""


_HEAD = re.compile(r"(?i)^/subscriptions/([^/]+)(?:/resourceGroups/([^/]+))?")


def canonical(scope: Scope) -> Scope:
    """Return a scope with ``subscriptions`` and ``resourceGroups`` spelled as ARM spells them."""
    match = _HEAD.match(scope.path)
    if match is None:
        return scope
    subscription, group = match.groups()
    head = f"/subscriptions/{subscription}" + (f"/resourceGroups/{group}" if group else "")
    return Scope(head + scope.path[match.end() :])


@dataclass(frozen=True)
class DeploymentContext:
    """One deployment: its name, scope, and the facts a template may ask for.

    ``location`` is where ARM keeps the deployment's record (empty at resource group scope; Unknown when
    nobody says it). ``tenant`` is
    a GUID. ``now`` and ``new_guid`` answer ``utcNow()`` and ``newGuid()``. ``environment`` answers
    ``environment()``. ``subscription_name`` and ``group_location`` are empty when nobody knows them: the
    template then gets an Unknown, or what the runtime says. ``deployer`` answers ``deployer()``, and
    ``provider`` what ``providers()`` asks of a namespace: its resource types as ARM shows them.
    ``source`` is the JSON pointer of the template inside the outermost one (empty for itself), and
    ``depth`` counts the deployments around this one.
    """

    name: str
    scope: Scope
    location: str | Unknown
    tenant: str
    now: datetime
    new_guid: Callable[[], str]
    environment: JsonObject = field(default_factory=lambda: PUBLIC_CLOUD, hash=False)
    subscription_name: str = ""
    group_location: str = ""
    deployer: JsonObject = field(default_factory=dict, hash=False)
    provider: Callable[[str], list[JsonObject]] | None = field(default=None, hash=False)
    source: str = ""
    depth: int = 0

    def __post_init__(self) -> None:
        """Spell the scope as ARM does: ``guid()`` and ``uniqueString()`` of it depend on the letters."""
        object.__setattr__(self, "scope", canonical(self.scope))

    @property
    def id(self) -> Scope:
        """The deployment's own resource id."""
        return self.scope.child(DEPLOYMENT_TYPE, self.name)

    @property
    def in_resource_group(self) -> bool:
        """Whether this deployment targets a resource group."""
        return self.scope.kind is ScopeKind.RESOURCE_GROUP
