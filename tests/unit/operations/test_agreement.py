"""Parameter files that contradict coe.yaml or project.yaml are found, with file and line."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path

import pytest

from coe_scaffold.bicep import compile_parameters
from coe_scaffold.model.json import Json
from coe_scaffold.model.resources import Deployment, ResourceGraph
from coe_scaffold.model.settings import Budget, GuardrailException, Model, Project, Settings
from coe_scaffold.operations.agreement import contradictions, governance_contradictions, shared_subnets
from coe_scaffold.operations.predict import Target
from coe_scaffold.ports import CompiledTemplate
from coe_scaffold.scaffold.landing_zone import landing_zone, project_infra
from tests.fakes.workspace import project, settings
from tests.templates.bicep.landing_zones import reader

PLACE = replace(settings(), tags={"costCenter": "4711"})
GIVEN: Mapping[str, Json] = {
    "prefix": "cto",
    "location": "swedencentral",
    "budget": {"amount": 500, "startDate": "2026-11-01"},
    "tags": {
        "costcenter": "4711",
        "owner": "claims@contoso.example",
        "confidentiality": "confidential",
        "ai-risk-class": "limited",
    },
    "components": {"search": True, "agents": False},
}


@pytest.fixture
def files(tmp_path: Path) -> Path:
    trees = {
        "landing-zone": landing_zone(PLACE),
        "claims-chat/infra": project_infra(PLACE, project()),
    }
    for folder, tree in trees.items():
        for path in tree.files:
            if path.endswith("dev.bicepparam"):
                target = tmp_path / folder / path
                target.parent.mkdir(parents=True, exist_ok=True)
                target.write_bytes(tree.files[path])
    return tmp_path


def found(
    root: Path, place: Settings, of: Project | None, given: Mapping[str, Json] = GIVEN
) -> dict[str, tuple[str, str]]:
    """The path of each finding, with its message and where it is."""
    path = root / ("claims-chat/infra/project" if of else "landing-zone/platform") / "dev.bicepparam"
    scope = place.environments["dev"].scope
    deployment = Deployment("d", scope, {}, {name: {"value": value} for name, value in given.items()})
    compiled = CompiledTemplate(path, {})
    target = Target("t", of, deployment, compiled, path, ResourceGraph(()))
    place = replace(place, root=root)
    return {
        one.path: (one.message, one.location)
        for one in contradictions(place, place.environments["dev"], [target])
    }


@pytest.mark.parametrize("of", [None, project()], ids=["platform", "project"])
def test_what_was_rendered_says_the_same(files: Path, of: Project | None) -> None:
    assert found(files, PLACE, of) == {}
    assert found(files, PLACE, of, {"other": 1}) == {}


def test_two_projects_with_the_same_subnets_are_refused_with_a_free_number(files: Path) -> None:
    path = files / "claims-chat/infra/project/dev.bicepparam"
    scope = PLACE.environments["dev"].scope

    def target(name: str, **platform: object) -> Target:
        deployment = Deployment("d", scope, {}, {"platform": {"value": platform}})
        return Target(name, project(name), deployment, CompiledTemplate(path, {}), path, ResourceGraph(()))

    place = replace(PLACE, root=files)
    given = [target("one", slot=1), target("two", slot=2), target("three", slot=1), target("four", slot=1)]
    first, second = shared_subnets(place, given)
    assert first.message == "platform.slot is 1, that of one: they share their subnets"
    assert (first.blocks, first.fix[-2:], second.fix[-2:]) == (True, "3.", "4.")
    line = int(first.location.rpartition(":")[2])
    assert "slot: 1" in path.read_text("utf-8").splitlines()[line - 1]
    own = {"appSubnetId": "x", "agentsSubnetId": "y"}
    assert not list(shared_subnets(place, [target("one", slot=1), target("two", slot=1, **own)]))


def test_policies_of_the_management_group_follow_coe_yaml(files: Path) -> None:
    path = files / "organisation.bicepparam"
    tree, file = landing_zone(PLACE), "governance/organisation.bicepparam"
    path.write_text(tree.text(file), "utf-8")
    read = compile_parameters(file, reader(tree), {})
    target = Target(
        "governance",
        None,
        Deployment("d", PLACE.environments["dev"].scope, {}, read.parameters),
        CompiledTemplate(path, {}),
        path,
        ResourceGraph(()),
    )
    assert not list(governance_contradictions(replace(PLACE, root=files), target))
    exception = GuardrailException("deploy-approved-models", "dev", "pilot", "ai-coe-lead", "2027-01-01")
    changed = replace(
        PLACE,
        root=files,
        models=(Model("gpt-6", "2027-01-01"),),
        locations=replace(PLACE.locations, allowed=("swedencentral",)),
        exceptions=(exception,),
    )
    found = {one.path: one.message for one in governance_contradictions(changed, target)}
    assert set(found) == {"models.models", "allowedLocations", "exemptions"}
    assert found["models.models"].endswith("models.allowed of coe.yaml says gpt-6:2027-01-01")
    assert found["exemptions"].endswith("exceptions of coe.yaml says 1 entry")


def test_a_budget_that_coe_yaml_changed(files: Path) -> None:
    dev = replace(PLACE.environments["dev"], budget=Budget(800), location="westeurope")
    changed = replace(PLACE, environments={**PLACE.environments, "dev": dev})
    given = found(files, changed, None)
    assert set(given) == {"budget.amount", "location"}
    message, place = given["budget.amount"]
    assert message == "budget.amount is 500, environments.dev.budget.monthly of coe.yaml says 800"
    file, _, line = place.rpartition(":")
    assert file == "landing-zone/platform/dev.bicepparam"
    assert "amount: 500" in (files / file).read_text("utf-8").splitlines()[int(line) - 1]
    assert "environments.dev.location of coe.yaml says westeurope" in given["location"][0]


def test_a_tag_and_a_component_of_project_yaml(files: Path) -> None:
    own = replace(project(), risk_tier="high", components={"search": True, "agents": True, "app": True})
    given = found(files, replace(PLACE, tags={"costCenter": "9", "Owner": "x"}), own)
    assert given["tags.costCenter"][0] == "tags.costCenter is 4711, tags.costCenter of coe.yaml says 9"
    assert given["tags.ai-risk-class"][0].endswith("useCase.riskTier of project.yaml says high")
    assert given["components.agents"][0].startswith("components.agents is false,")
    assert given["components.app"][0].startswith("components.app is absent,")
    assert set(given) == {
        "tags.costCenter", "tags.Owner", "tags.ai-risk-class", "components.agents", "components.app"
    }  # fmt: skip
