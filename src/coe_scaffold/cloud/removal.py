"""The api-version to delete a resource with: ARM asks for one that its provider knows."""

from __future__ import annotations

from collections.abc import Iterable

from coe_scaffold.catalog import api_versions
from coe_scaffold.cloud import raw
from coe_scaffold.cloud.clients import Clients
from coe_scaffold.cloud.inspect import PROVIDERS_API
from coe_scaffold.errors import CloudError
from coe_scaffold.model.scope import Scope


def removal_api(clients: Clients, resource: Scope) -> str:
    """Return the api-version that deletes a resource.

    It is the one that the packaged templates make the type with; for other types ARM is asked, and the
    newest that is no preview taken. Raises CloudError for a type that its provider does not have, and lets
    the Azure SDK's errors pass.
    """
    kind = resource.resource_type
    return api_versions().get(kind.lower()) or _newest(resource, _offered(clients, resource))


def _offered(clients: Clients, resource: Scope) -> list[str]:
    namespace, _, name = resource.resource_type.partition("/")
    home = f"/subscriptions/{resource.subscription}" if resource.subscription else ""
    provider = raw.get(clients, f"{home}/providers/{namespace}", PROVIDERS_API)
    for kind in provider.get("resourceTypes") or ():
        if str(kind.get("resourceType", "")).lower() == name.lower():
            return [str(version) for version in kind.get("apiVersions") or ()]
    return []


def _newest(resource: Scope, versions: Iterable[str]) -> str:
    ordered = sorted(versions)
    stable = [version for version in ordered if not version.endswith("preview")]
    if not ordered:
        raise CloudError(
            f"the provider tells no api-version that deletes {resource.resource_type}",
            fix=f"Delete {resource} yourself, then run the command again.",
            code="COE-CLD-002",
        )
    return (stable or ordered)[-1]
