"""Workspaces as hypothesis makes them, written to a folder; and what others have in the cloud before."""

from __future__ import annotations

import shutil
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import yaml
from hypothesis import strategies as st

from coe_scaffold.cli.context import Workplace, open_workspace
from coe_scaffold.cloud import raw
from coe_scaffold.cloud.session import Session
from coe_scaffold.local.templates import opened
from coe_scaffold.model.coe import FUNCTION_IDS
from coe_scaffold.model.scope import Scope
from coe_scaffold.operations.new import new_landing_zone, new_repository

KINDS = ("rag", "agent", "ml", "finetune", "docproc")
FOREIGN = ("group", "lock", "assignment", "adopted", "marked", "tags")
READER = "acdd72a7-3385-48ef-bd42-f606fba81ae7"
COST_READER = "72fafb9e-0641-4937-9268-a91bfd8191a3"


@dataclass(frozen=True)
class Shape:
    """What is special about a workspace; ``groups`` says how many fill each function."""

    environments: tuple[str, ...]
    groups: tuple[int, ...]
    kinds: tuple[str, ...]
    topology: str
    pim: str
    stacks: str
    location: str
    foreign: frozenset[str]


shapes = st.builds(
    Shape,
    environments=st.sampled_from([("dev",), ("test",), ("dev", "prod"), ("dev", "test", "prod")]),
    groups=st.tuples(*(st.integers(1, 2) for _ in FUNCTION_IDS)),
    kinds=st.lists(st.sampled_from(KINDS), max_size=2).map(tuple),
    topology=st.sampled_from(["standalone", "hub"]),
    pim=st.sampled_from(["on", "off", "none"]),
    stacks=st.sampled_from(["auto", "never"]),
    location=st.sampled_from(["swedencentral", "westeurope"]),
    foreign=st.frozensets(st.sampled_from(FOREIGN)),
)


def write(shape: Shape, folder: Path) -> Workplace:
    """Write a workspace anew: coe.yaml, landing zone, and of the projects what is deployed."""
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir()
    (folder / "coe.yaml").write_text(yaml.safe_dump(_workspace(shape), sort_keys=False))
    place = open_workspace(folder)
    today = place.clock.now().date()
    new_landing_zone(place.settings, place.files, today=today)
    for path in (folder / "landing-zone" / "platform").glob("*.bicepparam"):
        text = path.read_text()
        assert "topology: 'standalone'" in text
        path.write_text(text.replace("topology: 'standalone'", f"topology: '{shape.topology}'"))
    for number, kind in enumerate(shape.kinds):
        with opened(kind) as manifest:
            new = new_repository(place.settings, f"app-{number}", manifest, answers={}, today=today)
        for name, content in new.tree.files.items():
            if name == "project.yaml" or name.startswith("infra/"):
                place.files.write(new.folder / name, content)
        place = open_workspace(folder)
    return place


def plant(shape: Shape, session: Session, place: Workplace, environment: str) -> None:
    """Make what others have: none of it is the workspace's, some of it looks like it."""
    settings, clients = place.settings, session.clients
    home = settings.environments[environment].scope
    above = Scope.management_group(settings.organisation.management_group)
    lead = settings.functions["ai-coe-lead"][0].id
    group = home.group("rg-others")
    body: dict[str, Any] = {"location": "swedencentral", "tags": {"team": "others"}}
    if shape.foreign & {"group", "lock"}:
        raw.put(clients, group.path, "2021-04-01", body)
        identity = group.child("Microsoft.ManagedIdentity/userAssignedIdentities", "id-others")
        raw.put(clients, identity.path, "2023-01-31", body)
    if "lock" in shape.foreign:
        lock = group.child("Microsoft.Authorization/locks", "keep")
        raw.put(clients, lock.path, "2020-05-01", {"properties": {"level": "CanNotDelete"}})
    if "assignment" in shape.foreign:
        _assign(session, home, 1, lead, READER, "by hand")
    if "adopted" in shape.foreign:
        _assign(session, above, 2, lead, COST_READER, "by hand")
    if "marked" in shape.foreign:
        _assign(session, above, 3, lead, READER, "coe-scaffold: ai-coe-lead: of another workspace")
    if "tags" in shape.foreign:
        tags = f"{home.path}/providers/Microsoft.Resources/tags/default"
        raw.put(clients, tags, "2021-04-01", {"properties": {"tags": {"team": "others"}}})


def _assign(session: Session, scope: Scope, number: int, principal: str, role: str, description: str) -> None:
    name = f"11111111-0000-4000-8000-{number:012d}"
    definition = f"/providers/Microsoft.Authorization/roleDefinitions/{role}"
    properties = {
        "roleDefinitionId": definition,
        "principalId": principal,
        "principalType": "Group",
        "description": description,
    }
    path = scope.child("Microsoft.Authorization/roleAssignments", name).path
    raw.put(session.clients, path, "2022-04-01", {"properties": properties})


def _workspace(shape: Shape) -> dict[str, Any]:
    return {
        "apiVersion": "coe-scaffold/v1",
        "organisation": {
            "name": "Contoso",
            "prefix": "cto",
            "tenant": "10000000-0000-4000-8000-000000000000",
            "managementGroup": "mg-ai",
        },
        "cloud": "sandbox",
        "locations": {
            "default": shape.location,
            "allowed": ["swedencentral", "westeurope"],
            "dataZone": "eu",
        },
        "environments": {
            name: {
                "subscription": f"20000000-0000-4000-8000-{number:012d}",
                "profile": "strict" if name == "prod" else "standard",
                "budget": {"monthly": 500, "currency": "EUR"},
            }
            for number, name in enumerate(shape.environments, start=1)
        },
        "functions": {
            function: [
                {
                    "id": f"30000000-0000-4000-8000-0000000{one}{number:04d}",
                    "name": f"{function}-{one}",
                    "email": f"{function}-{one}@contoso.example",
                }
                for one in range(count)
            ]
            for number, (function, count) in enumerate(zip(FUNCTION_IDS, shape.groups, strict=True))
        },
        "tags": {"costCenter": "4711"},
        "models": {"allowed": [{"name": "gpt-5.2", "version": "2025-12-11"}]},
        "access": {"pim": shape.pim},
        "stacks": {"use": shape.stacks},
    }
