from __future__ import annotations

import re
from dataclasses import replace
from pathlib import PurePosixPath

import pytest
from hypothesis import given
from hypothesis import settings as no_deadline
from hypothesis import strategies as st

from coe_scaffold.config.source import Source
from coe_scaffold.config.workspace import load
from coe_scaffold.errors import UsageError
from coe_scaffold.model.coe import FUNCTION_IDS
from coe_scaffold.model.settings import Cloud, Group, Settings
from coe_scaffold.scaffold.tree import FileTree
from coe_scaffold.scaffold.workspace import WorkspaceAnswers, render_workspace, sample_id

TENANT = "10000000-0000-4000-8000-000000000000"
GUID = re.compile(r"[0-9a-f]{8}-[0-9a-f]{4}-5[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}")
CONTOSO = WorkspaceAnswers("Contoso", "cto")


def parsed(tree: FileTree) -> Settings:
    return load(PurePosixPath("/ws"), Source("coe.yaml", tree.text("coe.yaml")))


def test_a_sandbox_workspace_is_valid_and_complete() -> None:
    tree = render_workspace(CONTOSO)
    settings = parsed(tree)
    assert set(tree.files) == {"coe.yaml", ".gitignore", "README.md"}
    assert settings.organisation.name == "Contoso"
    assert list(settings.environments) == ["dev", "test", "prod"]
    assert settings.environments["prod"].profile == "strict"
    assert all(settings.groups(function) for function in FUNCTION_IDS)
    assert settings.cloud is Cloud.SANDBOX


def test_sample_ids_are_guids_all_different_and_always_the_same() -> None:
    settings = parsed(render_workspace(CONTOSO))
    ids = [
        settings.organisation.tenant,
        *(environment.subscription for environment in settings.environments.values()),
        *(group.id for groups in settings.functions.values() for group in groups),
    ]
    assert len(set(ids)) == len(ids) == 13
    assert all(GUID.fullmatch(item) for item in ids)
    assert render_workspace(CONTOSO) == render_workspace(WorkspaceAnswers("Contoso", "cto"))
    assert parsed(render_workspace(WorkspaceAnswers("Fabrikam", "cto"))).organisation.tenant not in ids


@no_deadline(deadline=None)
@given(st.text(min_size=1, max_size=60).filter(lambda name: name.isprintable() and name.strip()))
def test_any_printable_name_survives(name: str) -> None:
    assert parsed(render_workspace(WorkspaceAnswers(name, "cto"))).organisation.name == name


@pytest.mark.parametrize("prefix", ["true", "null", "no", "y1"])
def test_a_prefix_that_looks_like_something_else_stays_text(prefix: str) -> None:
    assert parsed(render_workspace(WorkspaceAnswers("Contoso", prefix))).organisation.prefix == prefix


@pytest.mark.parametrize(
    ("name", "prefix"), [("", "cto"), (" ", "cto"), ("a\nb", "cto"), ("Contoso", "x"), ("Contoso", "1ab")]
)
def test_a_name_or_prefix_that_cannot_be_used_is_refused(name: str, prefix: str) -> None:
    with pytest.raises(UsageError):
        render_workspace(WorkspaceAnswers(name, prefix))


def test_a_real_cloud_names_everything_it_lacks_at_once() -> None:
    with pytest.raises(UsageError) as error:
        render_workspace(replace(CONTOSO, cloud=Cloud.AZURE, subscriptions={"dev": sample_id("x", "dev")}))
    missing = error.value.detail.splitlines()
    assert len(missing) == 1 + 2 + 9
    assert "subscription of dev" not in missing
    assert "group of mlops-engineer" in missing


def test_given_ids_are_kept() -> None:
    ids = {name: sample_id("real", name) for name in ("dev", "test", "prod")}
    groups = {
        function: (Group(sample_id("real", function), f"g-{function}", ""),) for function in FUNCTION_IDS
    }
    settings = parsed(
        render_workspace(
            WorkspaceAnswers(
                "Contoso",
                "cto",
                cloud=Cloud.AZURE,
                tenant=sample_id("real", "tenant"),
                locations=("westeurope",),
                github="contoso-ai",
                subscriptions=ids,
                groups=groups,
            )
        )
    )
    assert {name: item.subscription for name, item in settings.environments.items()} == ids
    assert settings.functions == groups
    assert settings.locations.default == "westeurope"
    assert settings.repository.organisation == "contoso-ai"
    assert "samples for the sandbox" not in render_workspace(CONTOSO).text("README.md")


def test_what_would_be_left_out_or_is_no_id_is_refused_at_once() -> None:
    given = replace(
        CONTOSO, subscriptions={"uat": TENANT, "dev": "x"}, groups={"boss": (Group(TENANT),)}, tenant="y"
    )
    with pytest.raises(UsageError) as refused:
        render_workspace(given)
    assert (refused.value.detail or "").splitlines() == [
        "'uat' is no environment",
        "'boss' is no CoE function",
        "tenant: 'y' is no GUID",
        "subscription of dev: 'x' is no GUID",
    ]
