from __future__ import annotations

from dataclasses import replace
from datetime import date
from pathlib import PurePosixPath
from typing import Any

import pytest
import yaml

from coe_scaffold.config.source import Source
from coe_scaffold.config.workspace import load_project
from coe_scaffold.errors import BlockedError, UsageError
from coe_scaffold.model.repository import ORGANISATION_FILE
from coe_scaffold.model.settings import Group, Project, Repository
from coe_scaffold.scaffold.project import new_project, package_name, render_project
from coe_scaffold.scaffold.provenance import PATH
from coe_scaffold.scaffold.tree import FileTree
from tests.fakes.workspace import project, settings

TODAY = date(2026, 11, 24)


def rendered(item: Project) -> FileTree:
    return render_project(settings(item), item, today=TODAY)


def read(tree: FileTree, path: str) -> Any:
    return yaml.safe_load(tree.text(path))


def parsed(tree: FileTree) -> Project:
    return load_project(Source("project.yaml", tree.text("project.yaml"), "claims-chat"), settings())


def test_defaults_make_a_project_of_all_environments() -> None:
    item = new_project(settings(), "claims-chat", "rag")
    assert item.title == "Claims chat"
    assert item.environments == ("dev", "test", "prod")
    assert item.risk_tier == "limited"
    assert item.folder == "claims-chat"


def test_answers_reach_project_yaml_and_come_back() -> None:
    answers = {
        "title": 'Schäden "A" \\ {{ x }} #1: - yes',
        "owner": "claims@contoso.example",
        "sponsor": "COO",
        "value_metric": "hours saved",
        "users": "handlers",
        "data_classification": "restricted",
        "personal_data": "no",
        "autonomy": "supervised",
        "affected_people": "customers",
        "area": "essential-services",
        "risk_tier": "high",
    }
    item = new_project(settings(), "claims-chat", "rag", answers, environments=("dev", "prod"))
    tree = rendered(item)
    assert parsed(tree) == item
    intake, risk = (read(tree, f"governance/{name}.yaml") for name in ("intake", "risk-classification"))
    assert (intake["personal_data"], intake["affected_people"]) == (False, "customers")
    assert risk["annex_iii_area"] == "essential-services"
    assert [one["answer"] for one in risk["questions"]] == [False, True, True, False]


def test_what_nobody_answered_stays_open() -> None:
    intake, risk = (
        read(rendered(project()), f"governance/{name}.yaml") for name in ("intake", "risk-classification")
    )
    assert (intake["personal_data"], intake["affected_people"], risk["annex_iii_area"]) == (None, None, None)


def test_group_overrides_reach_project_yaml() -> None:
    group = Group("40000000-0000-4000-8000-000000000001", "claims: engineers")
    item = replace(project(), functions={"ai-engineer": (group,)})
    tree = rendered(item)
    assert parsed(tree).functions == {"ai-engineer": (group,)}
    assert "@contoso/claims-engineers" in tree.text(".github/CODEOWNERS")


@pytest.mark.parametrize(
    "name",
    [
        "a",
        "Claims",
        "claims_chat",
        "-x",
        "claims--x",
        "x" * 21,
        "yaml",
        "requests",
        "tests",
        "import",
        "json",
    ],
)
def test_a_name_that_cannot_be_used_is_refused(name: str) -> None:
    with pytest.raises(UsageError):
        new_project(settings(), name, "rag")


def test_an_unknown_environment_is_refused() -> None:
    with pytest.raises(UsageError, match="stage") as error:
        new_project(settings(), "claims-chat", "rag", environments=("dev", "stage"))
    assert "prod" in error.value.fix


def test_a_prohibited_use_case_gets_nothing() -> None:
    with pytest.raises(BlockedError, match="prohibited") as error:
        new_project(settings(), "claims-chat", "rag", {"risk_tier": "prohibited"})
    assert "Article 5" in error.value.detail


def test_packages_are_identifiers() -> None:
    assert package_name("claims-chat") == "claims_chat"


def test_the_same_arguments_give_the_same_bytes() -> None:
    assert rendered(project()) == rendered(project())


def test_dates_come_from_the_argument_only() -> None:
    later = render_project(settings(), project(), today=date(2030, 1, 31))
    assert read(later, "governance/intake.yaml")["updated"] == "2030-01-31"
    assert read(later, "governance/intake.yaml")["review_by"] == "2031-01-31"
    assert "2026-11-24" not in "".join(later.text(path) for path in later.files if path.endswith(".md"))


def test_a_high_risk_project_is_reviewed_every_quarter_and_gets_more() -> None:
    limited, high = rendered(project()), rendered(replace(project(), risk_tier="high"))
    assert read(high, "governance/intake.yaml")["review_by"] == "2027-02-23"
    assert set(high.files) - set(limited.files) == {"governance/fria.md"}


def test_a_repository_carries_the_coe_yaml_it_was_rendered_with() -> None:
    text = "# Contoso\napiVersion: coe-scaffold/v1\n"
    item = project()
    first = render_project(replace(settings(item), text=text), item, today=TODAY)
    carried = first.text(ORGANISATION_FILE)
    assert carried.endswith(text)
    assert read(first, PATH)["files"][ORGANISATION_FILE]["owner"] == "platform"
    again = render_project(replace(settings(item), text=carried), item, today=TODAY)
    assert again.text(ORGANISATION_FILE) == carried
    assert ORGANISATION_FILE not in rendered(item).files


def test_provenance_says_where_everything_comes_from() -> None:
    tree = rendered(project())
    record = read(tree, PATH)
    assert record["template"] == "rag"
    assert record["answers"]["date"] == "2026-11-24"
    assert {path: row["sha256"] for path, row in record["files"].items()} == tree.without([PATH]).hashes()
    assert record["files"]["infra/project/dev.bicepparam"]["owner"] == "shared"


def test_infrastructure_has_a_parameter_file_for_each_environment() -> None:
    tree = rendered(replace(project(), environments=("dev", "prod")))
    parameters = {PurePosixPath(path).name for path in tree.files if path.endswith(".bicepparam")}
    assert parameters == {"dev.bicepparam", "prod.bicepparam"}
    assert "infra/project/main.bicep" in tree.files


def test_teams_live_in_the_organisation_of_coe_yaml() -> None:
    workspace = replace(settings(), repository=Repository("contoso-ai"))
    tree = render_project(workspace, project(), today=TODAY)
    assert "@contoso-ai/ai-data-scientists" in tree.text(".github/CODEOWNERS")


def test_every_function_of_the_table_has_its_group_in_the_raci() -> None:
    functions = read(rendered(project()), "governance/raci.yaml")["functions"]
    assert {name: row["groups"][0]["id"] for name, row in functions.items()} == {
        name: groups[0].id for name, groups in settings().functions.items()
    }
