"""A repository without a workspace around it: a clone, as pipelines have it, or one made for the sample."""

from __future__ import annotations

import os
import shutil
import subprocess
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import yaml

from tests.e2e.conftest import COE, coe

KINDS = ("rag", "agent", "ml", "finetune", "docproc")


def clone(repository: Path, target: Path) -> Path:
    subprocess.run(["git", "clone", "--quiet", str(repository), str(target)], check=True)
    return target


@pytest.fixture
def alone(fresh: Path, tmp_path: Path) -> Path:
    """A clone of a repository that was made in a workspace of Contoso."""
    return clone(fresh / "claims-chat", tmp_path / "clone")


@pytest.fixture(scope="module")
def samples(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with a repository of every kind, made without a workspace; tests only read them."""
    folder = tmp_path_factory.mktemp("samples")
    for kind in KINDS:
        ci = "azure-devops" if kind == "rag" else "github"
        ran = coe("new", "project", f"demo-{kind}", "--kind", kind, "--ci", ci, "--no-input", cwd=folder)
        assert ran.code == 0, ran.err
    return folder


@pytest.mark.parametrize("kind", KINDS)
def test_every_kind_is_checked_and_planned_where_it_lies(samples: Path, kind: str) -> None:
    repository = samples / f"demo-{kind}"
    checked = coe("check", "--output", "json", cwd=repository / "src")
    assert checked.code == 0, checked.out
    units = {unit["name"]: unit for unit in checked.document["units"]}
    assert list(units) == ["dev", "test", "prod"]
    assert all(unit["resources"] > 20 for unit in units.values())
    planned = coe("plan", "--exit-code", "--output", "json", cwd=repository)
    assert planned.code == 4, planned.err
    deployed = [step["id"] for step in planned.document["steps"] if step["kind"] == "deployment"]
    assert deployed == [f"deploy/demo-{kind}-dev"]
    assert "No --env: dev." in planned.err


def test_whose_settings_count_is_said_in_one_line_beside_the_document(samples: Path) -> None:
    ran = coe("check", "--env", "prod", "--output", "sarif", cwd=samples / "demo-rag")
    assert ran.code == 0, ran.err
    assert ran.document["version"] == "2.1.0"
    (told,) = ran.err.splitlines()
    assert "settings of Contoso, a sample" in told


def test_an_environment_it_does_not_have_is_wrong_usage(samples: Path) -> None:
    ran = coe("plan", "--env", "staging", cwd=samples / "demo-ml")
    assert ran.code == 2
    assert "Known: dev, test, prod." in ran.err


def test_a_guardrail_that_fails_ends_with_three(alone: Path) -> None:
    infra = alone / "infra/project/dev.bicepparam"
    text = infra.read_text("utf-8")
    infra.write_text(text.replace("version: '2025-12-11'", "version: '2024-05-13'"), "utf-8")
    ran = coe("check", "--env", "dev", cwd=alone)
    assert ran.code == 3, ran.out
    assert "model" in ran.out


def test_a_plan_without_a_workspace_is_the_workspaces_less_the_platform(fresh: Path, alone: Path) -> None:
    whole = coe("plan", "--env", "dev", "--output", "json", cwd=fresh).document
    own = coe("plan", "--env", "dev", "--output", "json", cwd=alone).document
    known = {step["id"]: step for step in whole["steps"]}
    for step in own["steps"]:
        assert step["scope"] == known[step["id"]]["scope"]
    kinds = [step["kind"] for step in own["steps"]]
    assert kinds.count("deployment") == 1
    assert kinds.count("roleAssignment") > 5


def test_what_others_have_in_the_subscription_is_not_touched(applied: Path, tmp_path: Path) -> None:
    """The project's repository, with the sandbox of the workspace that everything was applied to."""
    repository = tmp_path / "alone"
    shutil.copytree(applied / "claims-chat", repository)
    shutil.copy(applied / ".coe/sandbox.db", repository / ".coe/sandbox.db")
    for arguments in (("plan", "--exit-code"), ("drift",), ("access", "audit")):
        ran = coe(*arguments, "--env", "dev", cwd=repository)
        assert ran.code == 0, ran.out + ran.err
    again = coe("apply", "--env", "dev", "--yes", cwd=repository)
    assert again.code == 0, again.err
    assert "othing to change" in again.out


def test_applying_needs_the_platform_and_real_ids(samples: Path, tmp_path: Path) -> None:
    repository = clone(samples / "demo-docproc", tmp_path / "clone")
    ran = coe("apply", "--env", "dev", "--yes", cwd=repository)
    assert ran.code == 1
    assert "resource group rg-cto-platform-dev-sdc is not there" in ran.err
    assert "coe apply in its workspace" in ran.err
    azure = coe("apply", "--env", "dev", "--yes", cwd=repository, env={"COE_CLOUD": "azure"})
    assert azure.code == 2
    assert "the ids of Contoso are samples: azure has no such tenant" in azure.err


def test_the_template_is_followed_without_a_workspace_too(alone: Path) -> None:
    assert coe("repo", "status", "--exit-code", cwd=alone).code == 0
    assert "up to date" in coe("repo", "update", cwd=alone).out
    wired = coe("pipeline", "wire", cwd=alone)
    assert wired.code == 0, wired.err
    assert "gh variable set AZURE_CLIENT_ID" in wired.out


def test_a_changed_coe_yaml_comes_with_an_update(workspace: Path) -> None:
    shutil.rmtree(workspace / "claims-chat")
    made = coe("new", "project", "claims-chat", "--kind", "rag", "--no-input", cwd=workspace)
    assert made.code == 0, made.err
    text = (workspace / "coe.yaml").read_text("utf-8")
    changed = text.replace("nodes: 8", "nodes: 4").replace('"4711"', '"4712"')
    (workspace / "coe.yaml").write_text(changed, "utf-8")
    told = coe("check", "--env", "dev", cwd=workspace)
    assert told.code == 0, told.out
    assert "claims-chat/infra/project/dev.bicepparam:24" in told.out
    assert "tags.costCenter: 4711 → 4712" in told.out
    status = coe("repo", "status", "--output", "json", cwd=workspace / "claims-chat")
    assert status.document["incoming"]["changed"] == [
        ".coe/organisation.yaml",
        *(f"infra/project/{name}.bicepparam" for name in ("dev", "prod", "test")),
    ]
    identity = {"GIT_AUTHOR_NAME": "Ada", "GIT_AUTHOR_EMAIL": "ada@contoso.example"}
    committer = {key.replace("AUTHOR", "COMMITTER"): value for key, value in identity.items()}
    updated = coe("repo", "update", cwd=workspace / "claims-chat", env=identity | committer)
    assert updated.code == 0, updated.err
    assert "nodes: 4" in (workspace / "claims-chat/.coe/organisation.yaml").read_text("utf-8")
    quiet = coe("check", "--env", "dev", "--output", "json", cwd=workspace)
    assert {
        one["subject"] for one in quiet.document["findings"] if one["guardrail"] == "parameters-agree"
    } == {"landing-zone/platform/dev.bicepparam"}


def github_steps(repository: Path) -> Iterator[tuple[str, dict[str, Any]]]:
    """The steps of the pull request's workflows that call coe."""
    for path in sorted((repository / ".github/workflows").glob("*.yaml")):
        workflow = yaml.safe_load(path.read_text("utf-8"))
        if "pull_request" in workflow[True]:
            for job in workflow["jobs"].values():
                yield from (
                    (path.stem, step) for step in job.get("steps", ()) if "coe " in step.get("run", "")
                )


def azure_steps(repository: Path) -> Iterator[str]:
    pipeline = yaml.safe_load((repository / ".azuredevops/pull-request.yaml").read_text("utf-8"))
    for stage in pipeline["stages"]:
        for job in stage["jobs"]:
            for step in job["steps"]:
                script = step.get("script") or step.get("inputs", {}).get("inlineScript", "")
                if "coe " in script:
                    yield script


def run(script: str, folder: Path, tools: Path, **more: str) -> None:
    """Run a step as a runner does; what it installs is there already."""
    tools.mkdir(exist_ok=True)
    for name, text in {"pipx": "#!/bin/sh\n", "coe": f'#!/bin/sh\nexec {COE} "$@"\n'}.items():
        (tools / name).write_text(text, "utf-8")
        (tools / name).chmod(0o755)
    environ = {key: value for key, value in os.environ.items() if not key.startswith("COE_")}
    environ |= {"PATH": f"{tools}:{os.environ['PATH']}", "CI": "true", **more}
    command = ["bash", "--noprofile", "--norc", "-eo", "pipefail", "-c", script]
    done = subprocess.run(command, cwd=folder, env=environ, capture_output=True, text=True)
    assert done.returncode == 0, done.stdout + done.stderr


def test_the_workflows_of_a_pull_request_work_in_a_clone(alone: Path, tmp_path: Path) -> None:
    steps = list(github_steps(alone))
    assert [name for name, _ in steps] == ["iac-scan", "plan"]
    for _, step in steps:
        run(step["run"], alone, tmp_path / "tools", GITHUB_STEP_SUMMARY=str(tmp_path / "summary.md"))
    comment = (alone / "plan.md").read_text("utf-8")
    assert "claims-chat-dev" in comment
    assert "only claims-chat is planned, by .coe/organisation.yaml" in comment
    assert comment == (tmp_path / "summary.md").read_text("utf-8")


def test_the_pipeline_of_a_pull_request_works_in_a_clone(samples: Path, tmp_path: Path) -> None:
    repository = clone(samples / "demo-rag", tmp_path / "clone")
    steps = list(azure_steps(repository))
    assert len(steps) == 2
    for script in steps:
        run(script, repository, tmp_path / "tools")
    assert "demo-rag-dev" in (repository / "plan.md").read_text("utf-8")
