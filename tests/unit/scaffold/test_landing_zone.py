"""The landing zone as files: which ones, with which parameters, compiling as they are."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import date

import pytest

from coe_scaffold.bicep import compile_parameters
from coe_scaffold.model.json import Json
from coe_scaffold.model.settings import Group, Repository
from coe_scaffold.scaffold.components import KINDS, made_of
from coe_scaffold.scaffold.landing_zone import landing_zone, project_infra
from coe_scaffold.scaffold.tree import FileTree
from tests.fakes.workspace import project, settings
from tests.templates.bicep.landing_zones import reader

ENVIRONMENTS = ("dev", "test", "prod")


def values(tree: FileTree, file: str) -> dict[str, Json]:
    compiled = compile_parameters(file, reader(tree), {})
    assert compiled.template_path == f"{file.split('/')[0]}/main.bicep"
    return {name: body["value"] for name, body in compiled.parameters.items()}


def test_it_holds_every_template_and_a_parameter_file_per_environment() -> None:
    tree = landing_zone(settings())
    assert {f"platform/{name}.bicepparam" for name in ENVIRONMENTS} < tree.files.keys()
    assert {"bicepconfig.json", "platform/main.bicep", "project/main.bicep"} < tree.files.keys()
    assert {"README.md", "modules/storage/README.md"} < tree.files.keys()
    assert not tree.executable


def test_a_project_gets_only_what_its_template_uses() -> None:
    tree = project_infra(settings(), project())
    assert {f"project/{name}.bicepparam" for name in ENVIRONMENTS} < tree.files.keys()
    assert {"modules/foundry/main.bicep", "modules/foundry/README.md"} < tree.files.keys()
    assert "modules/types.bicep" in tree.files
    assert "bicepconfig.json" in tree.files
    assert "README.md" not in tree.files
    assert not [path for path in tree.files if "network" in path or path.startswith("platform/")]
    uses = {
        used
        for path, content in tree.files.items()
        if path.endswith("main.bicep")
        for used in re.findall(r"'\.\./(?:modules/)?([\w-]+/main)\.bicep'", content.decode())
    }
    modules = {path for path in tree.files if path.startswith("modules/") and path.endswith("main.bicep")}
    assert modules == {f"modules/{used}.bicep" for used in uses}


@pytest.mark.parametrize("environment", ENVIRONMENTS)
def test_parameters_fit_their_template(environment: str) -> None:
    platform = values(landing_zone(settings()), f"platform/{environment}.bicepparam")
    workload = values(project_infra(settings(), project()), f"project/{environment}.bicepparam")
    for given in (platform, workload):
        assert given["prefix"] == "cto"
        assert given["environmentName"] == environment
        assert given["location"] == "swedencentral"
        assert given["profile"] == ("strict" if environment == "prod" else "standard")
        assert given["tags"]["managed-by"] == "coe-scaffold"
        assert given["tags"]["coe-environment"] == environment
        assert given["tags"]["costCenter"] == "4711"
    assert "coe-project" not in platform["tags"]
    assert workload["tags"]["coe-project"] == workload["projectName"] == "claims-chat"
    assert workload["displayName"] == "Claims chat"


@pytest.mark.parametrize("kind", KINDS)
def test_a_project_has_the_components_of_its_kind(kind: str) -> None:
    given = values(project_infra(settings(), project(kind=kind)), "project/dev.bicepparam")
    assert {name for name, chosen in given["components"].items() if chosen} == KINDS[kind]
    own = replace(project(kind=kind), components={"search": True, "app": False})
    assert made_of(own) == KINDS[kind] - {"app"} | {"search"}
    assert bool(given["models"]) == ("foundry" in KINDS[kind])


def test_each_project_has_subnets_of_its_own() -> None:
    first, second = project("claims-chat"), project("tariffs")
    both = settings(first, second)
    slots = [
        values(project_infra(both, item), "project/dev.bicepparam")["platform"]["slot"]
        for item in (first, second, project("newcomer"))
    ]
    assert slots == [1, 2, 3]
    assert len(values(landing_zone(both), "platform/dev.bicepparam")["network"]["projectPrefixes"]) == 8


def test_only_the_projects_environments_get_a_file() -> None:
    tree = project_infra(settings(), replace(project(), environments=("dev",)))
    assert [path for path in tree.files if path.endswith(".bicepparam")] == ["project/dev.bicepparam"]


def test_networks_of_environments_do_not_overlap() -> None:
    tree = landing_zone(settings())
    ranges = [
        values(tree, f"platform/{name}.bicepparam")["network"]["addressPrefix"] for name in ENVIRONMENTS
    ]
    assert ranges == ["10.100.0.0/20", "10.101.0.0/20", "10.102.0.0/20"]


def test_the_budget_follows_coe_yaml_and_starts_this_month() -> None:
    tree = landing_zone(settings(), today=date(2026, 11, 24))
    assert values(tree, "platform/test.bicepparam")["budget"] == {"amount": 1000, "startDate": "2026-11-01"}
    without = values(landing_zone(settings()), "platform/test.bicepparam")["budget"]
    assert without == {"amount": 1000}


def test_groups_with_an_email_are_told() -> None:
    sample = settings()
    lead = Group("30000000-0000-4000-8000-000000000001", "ai-leads", "leads@contoso.example")
    mlops = Group("30000000-0000-4000-8000-000000000009", "", "mlops@contoso.example")
    silent = {name: tuple(replace(g, email="") for g in groups) for name, groups in sample.functions.items()}
    functions = {**silent, "ai-coe-lead": (lead,), "mlops-engineer": (mlops,)}
    tree = landing_zone(replace(sample, functions=functions))
    assert values(tree, "platform/dev.bicepparam")["contacts"] == {
        "budget": [{"name": "ai-leads", "email": "leads@contoso.example"}],
        "incident": [{"name": mlops.id, "email": "mlops@contoso.example"}],
        "security": ["mlops@contoso.example"],
        "functions": [
            {"id": "ai-coe-lead", "receivers": [{"name": "ai-leads", "email": "leads@contoso.example"}]},
            {"id": "mlops-engineer", "receivers": [{"name": mlops.id, "email": "mlops@contoso.example"}]},
        ],
    }


def test_the_repository_is_whose_pipelines_deploy() -> None:
    named = replace(settings(), repository=Repository("Contoso-AI"))
    given = values(project_infra(named, project()), "project/dev.bicepparam")
    assert given["repository"] == {"owner": "Contoso-AI", "name": "claims-chat"}
    unnamed = values(project_infra(settings(), project()), "project/dev.bicepparam")
    assert unnamed["repository"]["owner"] == "contoso"


def test_models_are_those_of_coe_yaml() -> None:
    (model,) = values(project_infra(settings(), project()), "project/dev.bicepparam")["models"]
    assert model == {
        "name": "gpt-5.2", "format": "OpenAI", "model": "gpt-5.2", "version": "2026-01-15",
        "sku": "DataZoneStandard", "capacity": 10,
    }  # fmt: skip
    none = replace(settings(), models=())
    assert values(project_infra(none, project()), "project/dev.bicepparam")["models"] == []


def test_tags_of_coe_yaml_replace_facts_but_not_conventions() -> None:
    sample = replace(settings(), tags={"Owner": "it", "COE-Environment": "other"})
    tags = values(landing_zone(sample), "platform/dev.bicepparam")["tags"]
    assert tags["Owner"] == "it"
    assert "owner" not in tags
    assert tags["coe-environment"] == "dev"
    assert len({name.lower() for name in tags}) == len(tags)


def test_the_same_settings_give_the_same_bytes() -> None:
    assert landing_zone(settings()).hashes() == landing_zone(settings()).hashes()


def test_free_text_cannot_break_a_parameter_file() -> None:
    hostile = replace(project(), title="It's\n${x} \\ // ''' }", owner="a'b")
    given = values(project_infra(settings(), hostile), "project/dev.bicepparam")
    assert given["displayName"] == hostile.title
    assert given["tags"]["owner"] == "a'b"
