"""What others had in the cloud before the workspace's first apply: nothing of it may ever be touched."""

from __future__ import annotations

import json
import urllib.request
from typing import Any

from coe_scaffold.cli.context import open_workspace
from tests.contract.kill.bench import Bench

_COST_READER = "72fafb9e-0641-4937-9268-a91bfd8191a3"
_READER = "acdd72a7-3385-48ef-bd42-f606fba81ae7"


def plant(bench: Bench) -> None:
    """Make a locked group with an identity, tags, and two assignments: one of them is what the plan wants."""
    settings = open_workspace(bench.folder).settings
    subscription = f"/subscriptions/{settings.environments['dev'].subscription}"
    lead, engineer = (settings.functions[name][0].id for name in ("ai-coe-lead", "ai-engineer"))
    home = f"/providers/Microsoft.Management/managementGroups/{settings.organisation.management_group}"
    group = f"{subscription}/resourceGroups/rg-others"
    identity = f"{group}/providers/Microsoft.ManagedIdentity/userAssignedIdentities/id-others"
    authorization = "providers/Microsoft.Authorization"
    put(bench, group, "2021-04-01", {"location": "swedencentral", "tags": {"team": "others"}})
    put(bench, identity, "2023-01-31", {"location": "swedencentral", "tags": {"team": "others"}})
    put(bench, f"{group}/{authorization}/locks/keep", "2020-05-01", {"properties": {"level": "CanNotDelete"}})
    for scope, name, principal, role in (
        (subscription, "11111111-0000-4000-8000-000000000001", engineer, _READER),
        (home, "11111111-0000-4000-8000-000000000002", lead, _COST_READER),
    ):
        body = {
            "roleDefinitionId": f"{subscription}/{authorization}/roleDefinitions/{role}",
            "principalId": principal,
            "principalType": "Group",
        }
        put(bench, f"{scope}/{authorization}/roleAssignments/{name}", "2022-04-01", {"properties": body})


def put(bench: Bench, path: str, version: str, body: Any) -> None:
    """PUT a resource to the bench's sandbox."""
    url, token = bench.endpoint
    request = urllib.request.Request(
        f"{url}{path}?api-version={version}",
        json.dumps(body).encode(),
        {"Authorization": f"Bearer {token}", "Content-Type": "application/json"},
        method="PUT",
    )
    with urllib.request.urlopen(request, timeout=30) as answer:
        assert answer.status in (200, 201)
