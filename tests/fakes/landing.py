"""A small landing zone as a resource graph: one platform and one project per environment."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from coe_scaffold.model.resources import Resource, ResourceGraph
from coe_scaffold.model.scope import Scope
from coe_scaffold.model.settings import Settings

BLOB = "Microsoft.Storage/storageAccounts/blobServices/containers"


def group(subscription: Scope, name: str, tags: Mapping[str, str]) -> Resource:
    return Resource("Microsoft.Resources/resourceGroups", name, "2024-11-01", subscription, {"tags": tags})


def resource(scope: Scope, resource_type: str, name: str, **body: Any) -> Resource:
    return Resource(resource_type, name, "2025-01-01", scope, body)


def graph(
    settings: Settings, environment: str = "dev", projects: tuple[str, ...] = ("claims-chat",)
) -> ResourceGraph:
    """Everything a rag project deploys; no Machine Learning, Data Factory, Grafana or identity."""
    subscription = settings.environments[environment].scope
    platform = subscription.group(f"rg-cto-platform-{environment}-sdc")
    found = [
        group(subscription, platform.name, {"coe-scope": "platform"}),
        resource(platform, "Microsoft.OperationalInsights/workspaces", f"log-cto-{environment}"),
        resource(
            platform,
            "Microsoft.Storage/storageAccounts",
            "stctoevidence",
            properties={"allowSharedKeyAccess": False},
        ),
        resource(platform, BLOB, "stctoevidence/default/evidence"),
        resource(platform, "Microsoft.ContainerRegistry/registries", f"crcto{environment}"),
    ]
    for name in projects:
        found += _project(subscription, name, environment)
    return ResourceGraph(tuple(found))


def _project(subscription: Scope, name: str, environment: str) -> list[Resource]:
    home = subscription.group(f"rg-cto-{name}-{environment}-sdc")
    identities = subscription.group(f"rg-cto-{name}-id-{environment}-sdc")
    off = {"disableLocalAuth": True}
    account, storage = f"aif-{name}", f"st{name.replace('-', '')}"
    return [
        group(subscription, home.name, {"coe-scope": "project", "coe-project": name}),
        group(subscription, identities.name, {"coe-scope": "identity", "coe-project": name}),
        resource(home, "Microsoft.CognitiveServices/accounts", account, kind="AIServices", properties=off),
        resource(home, "Microsoft.CognitiveServices/accounts/projects", f"{account}/proj-{name}"),
        resource(home, "Microsoft.Search/searchServices", f"srch-{name}", properties=off),
        resource(
            home, "Microsoft.Storage/storageAccounts", storage, properties={"allowSharedKeyAccess": False}
        ),
        resource(home, BLOB, f"{storage}/default/data"),
        resource(home, BLOB, f"{storage}/default/evaluation"),
        resource(home, "Microsoft.KeyVault/vaults", f"kv-{name}"),
    ]
