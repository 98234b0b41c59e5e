"""Pipelines of Azure DevOps: the vendor's schema, GitHub's stages, no secret, nothing without an end."""

from __future__ import annotations

import re
import subprocess
import sys
from dataclasses import replace
from datetime import date
from functools import cache
from pathlib import Path
from typing import Any

import pytest
import yaml

from coe_scaffold.local.files import DiskFiles
from coe_scaffold.operations.review import review
from coe_scaffold.scaffold.project import render_project
from coe_scaffold.scaffold.tree import FileTree
from tests.fakes.workspace import project, settings
from tests.templates.project.conftest import KINDS

CHECKER = Path(sys.executable).parent / "check-jsonschema"
TODAY = date(2026, 11, 24)
PIPELINES = ("pull-request", "main", "release", "scheduled", "deploy")
PROMOTED = ("ml", "finetune")


def pipelines(kind: str) -> tuple[str, ...]:
    return (*PIPELINES, "promote", "promote-to") if kind in PROMOTED else PIPELINES


@cache
def of_kind(kind: str) -> FileTree:
    return render_project(settings(), project(kind=kind), today=TODAY, more={"ci": "azure-devops"})


@pytest.fixture(scope="module")
def azure(kind: str) -> FileTree:
    return of_kind(kind)


@pytest.fixture(scope="module")
def folder(azure: FileTree, kind: str, tmp_path_factory: pytest.TempPathFactory) -> Path:
    target = tmp_path_factory.mktemp(kind) / "claims-chat"
    DiskFiles().write_tree(target, azure.files, executable=azure.executable)
    return target


def test_deployments_run_in_the_pool_that_the_settings_name(azure: FileTree, kind: str) -> None:
    place = settings()
    place = replace(place, repository=replace(place.repository, runner="inside net"))
    named = render_project(place, project(kind=kind), today=TODAY, more={"ci": "azure-devops"})
    names = ("deploy", "promote", "promote-to") if kind in PROMOTED else ("deploy",)
    for name in names:
        assert 'pool:\n          name: "inside net"\n' in named.text(f".azuredevops/{name}.yaml")
        (job,) = jobs(pipeline(named, name)["stages"][:1])
        assert job.pop("pool") == {"name": "inside net"}
        assert [job] == jobs(pipeline(azure, name)["stages"][:1])


def test_applications_and_tuned_models_are_evaluated_on_azure_in_the_pool(azure: FileTree, kind: str) -> None:
    place = settings()
    place = replace(place, repository=replace(place.repository, runner="inside"))
    named = render_project(place, project(kind=kind), today=TODAY, more={"ci": "azure-devops"})
    found = {job["job"]: job for job in jobs(pipeline(named, "scheduled")["stages"][-1:])}
    assert ("evaluate_azure" in found) is (kind != "ml")
    if "evaluate_azure" in found:
        assert found["evaluate_azure"]["pool"] == {"name": "inside"}
        names = {item["displayName"] for item in pipeline(named, "scheduled")["schedules"]}
        assert found["evaluate_azure"]["condition"].split("'")[-2] in names
    assert "evaluate_azure" not in azure.text(".azuredevops/scheduled.yaml")


def pipeline(tree: FileTree, name: str) -> Any:
    return yaml.safe_load(tree.text(f".azuredevops/{name}.yaml"))


def jobs(stages: list[dict[str, Any]]) -> list[dict[str, Any]]:
    return [job for stage in stages for job in stage.get("jobs", ())]


def test_they_fit_the_vendors_schema(tmp_path: Path) -> None:
    """Those of every kind at once, and each text once."""
    texts = {
        of_kind(name).files[f".azuredevops/{file}.yaml"]: f"{name}-{file}.yaml"
        for name in KINDS
        for file in pipelines(name)
    }
    assert len(texts) > len(pipelines("ml"))
    DiskFiles().write_tree(tmp_path, {path: text for text, path in texts.items()})
    files = [str(tmp_path / path) for path in texts.values()]
    options = ("--data-transform", "azure-pipelines", "--regex-variant", "nonunicode")
    command = [str(CHECKER), "--builtin-schema", "vendor.azure-pipelines", *options, *files]
    result = subprocess.run(command, capture_output=True, text=True)
    assert result.returncode == 0, result.stdout + result.stderr


def test_a_repository_has_one_providers_files_and_documents_name_them(
    azure: FileTree, tree: FileTree
) -> None:
    assert not [path for path in azure.files if path.startswith(".github/")]
    assert not [path for path in tree.files if path.startswith(".azuredevops/")]
    for path in azure.files:
        if path.endswith(".md"):
            assert ".github/" not in azure.text(path), path


def test_pull_requests_run_every_gate(azure: FileTree) -> None:
    text = azure.text(".azuredevops/pull-request.yaml")
    for gate in ("make check", "make test", "make evaluate", "detect-secrets", "coe check", "coe plan"):
        assert gate in text
    assert {job["job"] for job in jobs(pipeline(azure, "pull-request")["stages"])} >= {
        "test",
        "evaluate",
        "secrets",
    }


def test_a_release_goes_through_the_environments_in_turn(azure: FileTree) -> None:
    stages = pipeline(azure, "release")["stages"]
    assert [stage["parameters"]["environment"] for stage in stages[1:]] == ["test", "prod"]
    assert [stage["parameters"]["dependsOn"] for stage in stages[1:]] == [["sbom"], ["deploy_test"]]
    deploy = azure.text(".azuredevops/deploy.yaml")
    assert "environment: claims-chat-${{ parameters.environment }}" in deploy


def test_an_application_is_released_with_traffic_in_steps(azure: FileTree, kind: str) -> None:
    shifts = "claims_chat.cloud.revisions" in azure.text(".azuredevops/deploy.yaml")
    assert shifts is (kind in ("rag", "agent", "docproc"))


def test_every_job_ends_and_none_keeps_a_secret(azure: FileTree, kind: str) -> None:
    for name in pipelines(kind):
        text = azure.text(f".azuredevops/{name}.yaml")
        assert not re.search(r"(?i)client_?secret|password|creds|AZURE_CREDENTIALS", text)
        assert text.count("- checkout:") == text.count('persistCredentials: "false"')
        for job in jobs(pipeline(azure, name)["stages"]):
            assert int(job["timeoutInMinutes"]) <= 60


def test_a_model_is_promoted_from_environment_to_environment(azure: FileTree, kind: str) -> None:
    assert (".azuredevops/promote.yaml" in azure.files) is (kind in PROMOTED)
    if kind not in PROMOTED:
        return
    candidate, *others = pipeline(azure, "promote")["stages"]
    assert candidate["stage"] == "candidate"
    assert [stage["parameters"]["environment"] for stage in others] == ["test", "prod"]
    assert [stage["parameters"]["from"] for stage in others] == ["dev", "test"]
    assert [stage["parameters"]["dependsOn"] for stage in others] == [["candidate"], ["promote_test"]]
    text = azure.text(".azuredevops/promote-to.yaml")
    assert text.index("lineage admit") < text.index("azureSubscription")
    assert "environment: claims-chat-${{ parameters.environment }}" in text


def test_nothing_of_the_template_is_left(azure: FileTree) -> None:
    for path in azure.files:
        if path.startswith(".azuredevops/"):
            assert "cookiecutter" not in azure.text(path)
            assert "{%" not in azure.text(path)


def test_the_build_gate_passes(folder: Path, kind: str) -> None:
    result = review(folder, project(kind=kind), gate="build", today=TODAY)
    assert [(item.id, item.lacks) for item in result.items if item.lacks] == []
