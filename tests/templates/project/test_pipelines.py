"""Workflows and other files that a service reads, judged by that service's schema and by linters."""

from __future__ import annotations

import json
import re
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
import yaml

from coe_scaffold.local.files import DiskFiles
from coe_scaffold.scaffold.tree import FileTree
from tests.templates.project.conftest import KINDS, rendered

BIN = Path(sys.executable).parent
SCHEMAS = {
    "vendor.github-workflows": ".github/workflows/*",
    "vendor.dependabot": ".github/dependabot.yml",
    "vendor.github-issue-forms": ".github/ISSUE_TEMPLATE/[!c]*",
    "vendor.github-issue-config": ".github/ISSUE_TEMPLATE/config.yml",
}
PINNED = re.compile(r"uses: [\w.-]+(?:/[\w.-]+)+@[0-9a-f]{40} # v\d+\.\d+\.\d+$|uses: \./\.github/workflows/")


def workflows(tree: FileTree) -> dict[str, dict[Any, Any]]:
    """YAML 1.1 reads the key ``on`` as True."""
    paths = [path for path in tree.files if path.startswith(".github/workflows/")]
    return {Path(path).stem: yaml.safe_load(tree.text(path)) for path in paths}


@pytest.fixture(scope="module")
def every(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """What GitHub reads, of every kind: for judges that take longer to start than to judge."""
    folder = tmp_path_factory.mktemp("every")
    for name in KINDS:
        files = {path: rendered(name).files[path] for path in rendered(name).files if ".github/" in path}
        DiskFiles().write_tree(folder / name, files)
    return folder


@pytest.mark.parametrize(("schema", "glob"), SCHEMAS.items(), ids=list(SCHEMAS))
def test_files_fit_the_vendors_schema(every: Path, schema: str, glob: str) -> None:
    files = [str(path) for path in sorted(every.glob(f"*/{glob}"))]
    assert {path.parts[len(every.parts)] for path in map(Path, files)} == set(KINDS)
    command = [str(BIN / "check-jsonschema"), "--builtin-schema", schema, *files]
    result = subprocess.run(command, capture_output=True, text=True)
    assert result.returncode == 0, result.stdout + result.stderr


def test_pre_commit_accepts_its_configuration(repository: Path) -> None:
    command = [sys.executable, "-m", "pre_commit", "validate-config", ".pre-commit-config.yaml"]
    result = subprocess.run(command, cwd=repository, capture_output=True, text=True)
    assert result.returncode == 0, result.stdout + result.stderr
    hooks = yaml.safe_load((repository / ".pre-commit-config.yaml").read_text("utf-8"))["repos"]
    assert all(re.fullmatch(r"[0-9a-f]{40}", hook["rev"]) for hook in hooks)


def zizmor(folder: Path) -> list[dict[str, Any]]:
    command = [str(BIN / "zizmor"), "--offline", "--no-progress", "--persona", "auditor", "--format", "json"]
    result = subprocess.run([*command, str(folder)], capture_output=True, text=True)
    findings: list[dict[str, Any]] = json.loads(result.stdout)
    return findings


def severe(findings: list[dict[str, Any]]) -> list[str]:
    return [item["ident"] for item in findings if item["determinations"]["severity"] in ("Medium", "High")]


def test_zizmor_finds_nothing_above_low(repository: Path, tmp_path: Path) -> None:
    findings = zizmor(repository)
    assert findings, "zizmor judged nothing"
    assert severe(findings) == []
    shutil.copytree(repository / ".github", tmp_path / "bad" / ".github")
    deploy = tmp_path / "bad" / ".github" / "workflows" / "deploy.yaml"
    deploy.write_text(re.sub(r"@[0-9a-f]{40}", "@main", deploy.read_text("utf-8")), "utf-8")
    assert "unpinned-uses" in severe(zizmor(tmp_path / "bad"))


def test_actions_are_pinned_by_commit(tree: FileTree) -> None:
    lines = [
        line.strip().removeprefix("- ")
        for path in tree.files
        if path.startswith(".github/workflows/")
        for line in tree.text(path).splitlines()
        if "uses:" in line
    ]
    assert len(lines) > 15
    assert [line for line in lines if not PINNED.match(line)] == []


def test_every_job_has_few_rights_and_an_end(tree: FileTree) -> None:
    for name, workflow in workflows(tree).items():
        assert workflow["permissions"] == {}, name
        assert "group" in workflow["concurrency"], name
        for job in workflow["jobs"].values():
            more = {"plan": {"pull-requests"}, "promote": {"actions"}, "promote-to": {"actions"}}.get(
                name, set()
            )
            assert set(job["permissions"]) <= {"contents", "id-token", "security-events", *more}, name
            assert job["permissions"]["contents"] == "read", name
            assert "uses" in job or job["timeout-minutes"] <= 60, name


def test_azure_is_entered_without_a_secret(tree: FileTree) -> None:
    deploy = tree.text(".github/workflows/deploy.yaml")
    assert "client-id: ${{ vars.AZURE_CLIENT_ID }}" in deploy
    assert workflows(tree)["deploy"]["jobs"]["deploy"]["permissions"]["id-token"] == "write"
    expressions = re.findall(r"\$\{\{.*?\}\}", "".join(map(tree.text, tree.files)))
    assert expressions
    assert not [expression for expression in expressions if "secrets." in expression]


def test_a_release_goes_through_the_environments_in_turn(tree: FileTree) -> None:
    jobs = workflows(tree)["release"]["jobs"]
    assert [(name, job.get("needs")) for name, job in jobs.items()] == [
        ("sbom", None),
        ("test", "sbom"),
        ("prod", "test"),
    ]
    assert jobs["prod"]["with"] == {"environment": "prod"}


@pytest.mark.parametrize("kind", ["ml", "finetune"], scope="session", indirect=True)
def test_a_model_is_promoted_from_environment_to_environment(tree: FileTree) -> None:
    jobs = workflows(tree)["promote"]["jobs"]
    assert [(name, job.get("needs")) for name, job in jobs.items()] == [
        ("candidate", None),
        ("test", "candidate"),
        ("prod", "test"),
    ]
    assert [jobs[name]["with"] for name in ("test", "prod")] == [
        {"environment": "test", "from": "dev"},
        {"environment": "prod", "from": "test"},
    ]
    job = workflows(tree)["promote-to"]["jobs"]["promote"]
    assert job["environment"] == "${{ inputs.environment }}"
    names = [step.get("name") or step["uses"].partition("@")[0] for step in job["steps"]]
    assert names.index("Who approved, and is it what was evaluated") < names.index("azure/login")


@pytest.mark.parametrize("kind", ["rag", "agent", "docproc"], scope="session", indirect=True)
def test_only_models_are_promoted(tree: FileTree) -> None:
    assert "promote" not in workflows(tree)


def test_promotions_sign_in_as_the_pipeline_and_not_as_its_machine(tree: FileTree, kind: str) -> None:
    for name in ("promote", "promote-to") if kind in ("ml", "finetune") else ():
        job = next(job for job in workflows(tree)[name]["jobs"].values() if "env" in job)
        assert job["env"]["AZURE_TOKEN_CREDENTIALS"] == "dev"


def test_every_image_is_listed_and_applications_get_traffic_in_steps(tree: FileTree, kind: str) -> None:
    deploy = tree.text(".github/workflows/deploy.yaml")
    assert deploy.index("docker build") < deploy.index("cyclonedx-py") < deploy.index("docker push")
    assert ("claims_chat.cloud.revisions" in deploy) is (kind in ("rag", "agent", "docproc"))


def test_what_is_missing_is_said_before_anything_changes(tree: FileTree, kind: str) -> None:
    """Applications ask first; only what has an index fills it, after the image and before the release."""
    steps = [
        step.get("run", step.get("uses", "")) for step in workflows(tree)["deploy"]["jobs"]["deploy"]["steps"]
    ]
    told = [
        "prerequisites",
        "azure/login",
        "docker push",
        "revisions --ask",
        "cloud.indexing",
        "revisions --im",
    ]
    found = [word for step in steps for word in told if word in step]
    assert found == {
        "rag": told,
        "agent": [word for word in told if word != "cloud.indexing"],
        "docproc": [word for word in told if word != "cloud.indexing"],
    }.get(kind, ["azure/login", "docker push"])
    for item in workflows(tree)["deploy"]["jobs"]["deploy"]["steps"]:
        if "cloud.indexing" in item.get("run", ""):
            assert item["env"]["AZURE_TOKEN_CREDENTIALS"] == "dev"  # not an identity of the runner's machine
    released = str(workflows(tree)["release"]["jobs"]["sbom"])
    assert ("prerequisites" in released) is ("prerequisites" in found)


def test_required_checks_are_jobs_that_run_on_every_pull_request(tree: FileTree) -> None:
    ruleset = json.loads(tree.text(".github/rulesets/main.json"))
    rules = {rule["type"]: rule.get("parameters", {}) for rule in ruleset["rules"]}
    wanted = {check["context"] for check in rules["required_status_checks"]["required_status_checks"]}
    always = {
        job
        for workflow in workflows(tree).values()
        if "pull_request" in workflow[True] and not (workflow[True]["pull_request"] or {}).get("paths")
        for job in workflow["jobs"]
    }
    assert wanted <= always
    assert rules["pull_request"]["require_code_owner_review"]


def test_code_is_scanned_in_the_languages_it_is_written_in(tree: FileTree) -> None:
    languages = workflows(tree)["codeql"]["jobs"]["analyse"]["strategy"]["matrix"]["language"]
    scripts = any(path.endswith(".js") for path in tree.files)
    assert languages == ["python", *(["javascript-typescript"] if scripts else []), "actions"]
