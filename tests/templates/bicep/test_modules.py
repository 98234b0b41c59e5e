"""Each module and template compiles, is documented, and follows the conventions of this folder."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from itertools import pairwise
from typing import Any

import pytest

from coe_scaffold.bicep import compile_bicep
from tests.templates.bicep import diagrams
from tests.templates.bicep.landing_zones import TOPOLOGIES
from tests.templates.bicep.readmes import ROOT, modules, render

FILES = sorted(path.relative_to(ROOT).as_posix() for path in ROOT.rglob("main.bicep"))
SCOPES = {"platform/main.bicep", "project/main.bicep"} | {
    f"modules/{name}/main.bicep"
    for name in (
        "budget",
        "defender",
        "log-initiative",
        "policy-assignments",
        "policy-exemption",
        "role-assignment-subscription",
    )
}
GROUP_SCOPES = {"governance/main.bicep"} | {
    f"modules/{name}/main.bicep" for name in ("custom-roles", "initiative-assignments", "model-policies")
}


def compile_packaged(path: str) -> Mapping[str, Any]:
    return compile_bicep(path, lambda name: (ROOT / name).read_bytes()).template


def test_the_modules_a_landing_zone_needs_are_there() -> None:
    names = {path.split("/")[1] for path in modules()}
    assert names >= {
        "network", "private-dns-zones", "monitoring", "application-insights", "key-vault", "storage",
        "container-registry", "foundry", "ai-search", "identities", "private-endpoint", "budget",
        "action-group", "lock", "role-assignments", "defender", "policy-assignments",
    }  # fmt: skip


@pytest.mark.parametrize("path", FILES)
def test_it_compiles_and_everything_is_described(path: str) -> None:
    template = compile_packaged(path)
    assert template["metadata"]["description"]
    members = {**template.get("parameters", {}), **template.get("outputs", {})}
    assert not [name for name, body in members.items() if not body.get("metadata", {}).get("description")]
    wide = "subscriptionDeploymentTemplate" if path in SCOPES else "managementGroupDeploymentTemplate"
    schema = wide if path in SCOPES | GROUP_SCOPES else "deploymentTemplate"
    assert template["$schema"].endswith(f"/{schema}.json#")
    assert len(json.dumps(template)) < 3_000_000


@pytest.mark.parametrize("path", modules())
def test_readme_is_what_the_module_says(path: str) -> None:
    readme = (ROOT / path).with_name("README.md").read_text()
    assert readme == render(path), "run: python -m tests.templates.bicep.readmes"


@pytest.mark.parametrize("topology", TOPOLOGIES)
def test_page_of_a_topology_is_what_the_templates_create(topology: str) -> None:
    page = (diagrams.PAGES / f"{topology}.md").read_text()
    assert page == diagrams.render(topology), "run: python -m tests.templates.bicep.readmes"


@pytest.mark.parametrize("path", sorted(path.relative_to(ROOT).as_posix() for path in ROOT.rglob("*.bicep")))
def test_it_is_plain_bicep_without_templating_or_secrets(path: str) -> None:
    text = (ROOT / path).read_text()
    assert "{{" not in text
    assert "{%" not in text
    assert not re.search(r"\b(list[A-Z]\w*|newGuid)\(|^(extension|provider)\b|resourceInput<", text, re.M)


def test_every_choice_about_safety_is_closed() -> None:
    """Nobody can open a resource with a parameter: there is none for access or networks."""
    opening = re.compile(r"public|localAuth|sharedKey|adminUser|anonymous|purge|tls", re.I)
    found = [
        (path, name)
        for path in FILES
        for name in compile_packaged(path).get("parameters", {})
        if opening.search(name)
    ]
    assert not found


def test_every_shared_type_and_member_is_described() -> None:
    """A declaration, or a member of a type (not a table's row), follows its decorators."""
    text = (ROOT / "modules/types.bicep").read_text()
    lines = [line for line in text.splitlines() if line.strip() and not line.startswith("//")]
    declared = [
        (before, line)
        for before, line in pairwise(lines)
        if re.match(r"(type|var) \w+ =|  \w+: [a-z][\w\[\]?]*$", line)
    ]
    assert len(declared) > 40
    assert not [line for before, line in declared if not before.lstrip().startswith("@")]
