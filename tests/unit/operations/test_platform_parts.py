"""A project that points to what its platform does not make is told, before Azure refuses the deployment."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from coe_scaffold.model.finding import Severity
from coe_scaffold.model.json import Json
from coe_scaffold.model.resources import Deployment, ResourceGraph
from coe_scaffold.operations.platform_parts import missing_parts
from coe_scaffold.operations.predict import Target
from coe_scaffold.ports import CompiledTemplate
from tests.fakes.workspace import project, settings
from tests.templates.bicep.landing_zones import TOPOLOGIES, graph, tree, values

OWN, LOGS = TOPOLOGIES["existing"][1], TOPOLOGIES["existing"][2]


def target(folder: Path, template: str, whole: ResourceGraph, platform: Json = None) -> Target:
    file = folder / f"{template}.bicepparam"
    file.write_bytes(tree(template).files[f"{template}/dev.bicepparam"])
    given: dict[str, Json] = {} if platform is None else {"platform": {"value": platform}}
    deployment = Deployment("d", settings().environments["dev"].scope, {}, given)
    of = project() if template == "project" else None
    return Target(template, of, deployment, CompiledTemplate(file, {}), file, whole)


def lacking(folder: Path, changed: dict[str, Any], platform: dict[str, Any]) -> list[str]:
    """The last words of the ids that the project lacks, with the platform and the project changed."""
    own = values("project", "dev")["platform"] | platform
    targets = [
        target(folder, "platform", graph("platform", "dev", **changed)),
        target(folder, "project", graph("project", "dev", platform=own), own),
    ]
    found = [*missing_parts(replace(settings(), root=folder), targets)]
    assert all((one.severity, one.subject) == (Severity.HIGH, "project.bicepparam") for one in found)
    assert all(one.location.startswith("project.bicepparam:") for one in found)
    return [str(one.actual).rpartition("/")[2] for one in found]


def network(**changed: object) -> dict[str, Any]:
    return {"network": {**values("platform", "dev")["network"], **changed}}


def test_what_the_platform_makes_is_there(tmp_path: Path) -> None:
    assert lacking(tmp_path, {}, {}) == []


@pytest.mark.parametrize(
    ("changed", "expected"),
    [
        (network(existing=TOPOLOGIES["existing"][0]["existing"]), {"snet-app-1", "snet-endpoints"}),
        ({"monitoring": OWN["monitoring"]}, {"log-cto-platform-dev-sdc"}),
        (network(projectPrefixes=[]), {"snet-app-1"}),
    ],
)
def test_what_it_does_not_make_is_told(changed: dict[str, Any], expected: set[str], tmp_path: Path) -> None:
    assert set(lacking(tmp_path, changed, {})) == expected


def test_zones_of_ones_own_must_be_named_in_the_project_too(tmp_path: Path) -> None:
    zones = lacking(tmp_path, {"dns": OWN["dns"]}, {})
    assert "privatelink.openai.azure.com" in zones
    assert lacking(tmp_path, {"dns": OWN["dns"]}, {"zonesGroupId": LOGS["zonesGroupId"]}) == []


def test_what_the_project_names_by_its_id_is_its_own_to_know(tmp_path: Path) -> None:
    assert lacking(tmp_path, {**network(existing=TOPOLOGIES["existing"][0]["existing"])}, dict(LOGS)) == []


def test_without_the_platform_nothing_is_known_of_it(tmp_path: Path) -> None:
    alone = target(tmp_path, "project", graph("project", "dev"))
    assert not [*missing_parts(settings(), [alone])]
