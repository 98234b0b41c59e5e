"""Reads the policies that are in force at a scope: assignments, exemptions and the definitions they name."""

from __future__ import annotations

from collections.abc import Iterable
from concurrent.futures import ThreadPoolExecutor

from coe_scaffold.cloud import raw
from coe_scaffold.cloud.clients import Clients
from coe_scaffold.model.json import Json
from coe_scaffold.model.scope import Scope

POLICY_API = "2023-04-01"
_EXEMPTIONS_API = "2022-07-01-preview"
_AT_ONCE = 8
"""Definitions that are read at the same time: an initiative may name hundreds."""

_AUTHORIZATION = "providers/Microsoft.Authorization"


def policies_at(clients: Clients, subscription: Scope) -> tuple[Json, ...]:
    """Return what acts on a subscription, inherited assignments included, as ARM returns each.

    A definition that is gone or may not be read is left out. The Azure SDK's errors pass for the rest.
    """
    home = f"{subscription.path}/{_AUTHORIZATION}"
    assignments = list(raw.items(clients, f"{home}/policyAssignments", POLICY_API))
    if not assignments:
        return ()
    exemptions = list(raw.items(clients, f"{home}/policyExemptions", _EXEMPTIONS_API))
    with ThreadPoolExecutor(_AT_ONCE) as pool:
        named = _read(clients, pool, (_properties(one).get("policyDefinitionId") for one in assignments))
        members = (
            member.get("policyDefinitionId")
            for one in named
            for member in _properties(one).get("policyDefinitions") or ()
        )
        inner = _read(clients, pool, members)
    return (*assignments, *exemptions, *named, *inner)


def _read(clients: Clients, pool: ThreadPoolExecutor, ids: Iterable[Json]) -> list[Json]:
    wanted = {str(one).lower(): str(one) for one in ids if one}
    return [found for found in pool.map(lambda one: _definition(clients, one), wanted.values()) if found]


def _definition(clients: Clients, identifier: str) -> Json:
    from azure.core.exceptions import HttpResponseError

    try:
        return raw.get(clients, Scope.parse(identifier).path, POLICY_API)
    except HttpResponseError as error:
        if error.status_code in (403, 404):
            return None
        raise


def _properties(item: Json) -> Json:
    return item.get("properties") or {}
