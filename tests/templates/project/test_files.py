"""What each kind renders to: these files and only these, no residue, evidence in place."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from dataclasses import replace
from fnmatch import filter as matching
from functools import cache
from pathlib import Path
from typing import Any

import pytest
import yaml

from coe_scaffold.catalog import EvidenceItem, evidence, function
from coe_scaffold.scaffold.landing_zone import project_infra
from coe_scaffold.scaffold.project import render_project
from coe_scaffold.scaffold.tree import FileTree
from tests.fakes.workspace import project, settings
from tests.templates.project.conftest import KINDS, TODAY

GOLDEN = Path(__file__).parents[2] / "golden" / "project"
RESIDUE = re.compile(r"\{\{|\{%|%\}|\{#|cookiecutter", re.IGNORECASE)
EXPRESSION = re.compile(r"\$\{\{[^{}]*\}\}")
PATHS = re.compile(r"[\w./*-]+(?:\.(?:md|yaml|yml|jsonl?)|/CODEOWNERS)|^tests/")
MADE_LATER = {"sbom.cdx.json"}
NEEDED = [
    (kind, tier, item)
    for kind in KINDS
    for tier in evidence().tiers
    for item in evidence().needed(kind, tier)
]


@cache
def of_tier(kind: str, tier: str) -> FileTree:
    return render_project(settings(), replace(project(kind=kind), risk_tier=tier), today=TODAY)


def own(tree: FileTree) -> list[str]:
    return [path for path in tree.files if not path.startswith("infra/")]


def test_these_files_and_only_these(kind: str, tree: FileTree) -> None:
    assert own(tree) == (GOLDEN / f"{kind}.txt").read_text(encoding="utf-8").split()


@pytest.mark.parametrize("ci", ["github", "azure-devops"])
def test_what_looks_like_a_secret_is_where_the_baseline_says(kind: str, ci: str) -> None:
    """A line that has moved is a new find and fails every pull request; made-up account numbers are none."""
    tree = render_project(settings(), project(kind=kind), today=TODAY, more={"ci": ci})
    baseline = json.loads(tree.text(".secrets.baseline"))
    found = [item for path, items in baseline["results"].items() if path in tree.files for item in items]
    assert len(found) == 1
    (line,) = (tree.text(item["filename"]).splitlines()[item["line_number"] - 1 :][:2] for item in found)
    assert "detect-secrets==" in "".join(line)
    (skipped,) = (row["pattern"][0] for row in baseline["filters_used"] if "pattern" in row)
    assert re.search(skipped, "evals/data/golden.jsonl")
    assert not re.search(skipped, "src/claims_chat/settings.py")


def test_infrastructure_is_the_landing_zones(kind: str, tree: FileTree) -> None:
    infra = project_infra(settings(), project(kind=kind)).prefix("infra")
    assert {path: tree.files[path] for path in tree.files if path.startswith("infra/")} == infra.files


@pytest.mark.parametrize("tier", evidence().tiers)
def test_no_template_residue(kind: str, tier: str) -> None:
    tree = of_tier(kind, tier)
    for path in own(tree):
        text = tree.text(path)
        if path.startswith((".github/workflows/", "pipelines/")):
            text = EXPRESSION.sub("", text)
        assert not (found := RESIDUE.search(text)), f"{path}: {found and found.group()}"
        assert text.endswith("\n"), f"{path} does not end with a line break"
        assert text.strip() or path.endswith("__init__.py"), f"{path} is empty"


@pytest.mark.parametrize("ci", ["github", "azure-devops"])
@pytest.mark.parametrize("tier", ["minimal", "high"])
def test_every_kind_renders_for_every_provider_and_tier(kind: str, tier: str, ci: str) -> None:
    item = replace(project(kind=kind), risk_tier=tier)
    tree = render_project(settings(), item, today=TODAY, more={"ci": ci})
    assert bool(matching(tree.files, ".github/workflows/*")) is (ci == "github")
    for path in own(tree):
        assert not RESIDUE.search(EXPRESSION.sub("", tree.text(path))), path


def test_documents_show_values_as_people_write_them(tree: FileTree) -> None:
    for path in own(tree):
        if path.endswith(".md"):
            assert "{'" not in tree.text(path), path
            assert "['" not in tree.text(path), path


def test_every_document_of_evidence_says_who_when_and_for_what(tree: FileTree) -> None:
    documents = [path for path in own(tree) if re.search(r"^evidence:", tree.text(path), re.MULTILINE)]
    assert len(documents) > 20
    for path in documents:
        found = re.findall(r"^(owner|approver|gate|review)(?:_by)?: .", tree.text(path), re.MULTILINE)
        assert {"owner", "approver", "gate", "review"} <= set(found), path


def test_no_undated_and_no_unnamed_places(tree: FileTree) -> None:
    for path in own(tree):
        assert "TODO" not in tree.text(path)
        assert "lorem" not in tree.text(path).lower()


@pytest.mark.parametrize(("kind_id", "tier", "item"), NEEDED, ids=lambda value: getattr(value, "id", value))
def test_the_evidence_of_each_tier_is_there(kind_id: str, tier: str, item: EvidenceItem) -> None:
    tree = of_tier(kind_id, tier)
    wanted = [path for path in PATHS.findall(item.files) if path not in MADE_LATER]
    for path in wanted:
        assert matching(tree.files, path + "*" if path.endswith("/") else path), f"{path} is missing"


def test_evidence_names_the_approver_and_gate_of_the_catalogue(tree: FileTree) -> None:
    items = {item.id: item for item in evidence().items}
    found = [facts for path in own(tree) for facts in front_matter(tree, path) if "evidence" in facts]
    assert len(found) > 20
    for facts in found:
        item = items[facts["evidence"]]
        assert (facts["approver"], facts["gate"]) == (function(item.approver).title, item.gate), item.id


def front_matter(tree: FileTree, path: str) -> Iterator[dict[str, Any]]:
    if not path.startswith(("governance/", "docs/")):
        return
    text = tree.text(path)
    if path.endswith(".yaml"):
        yield yaml.safe_load(text)
    elif text.startswith("---\n"):
        yield yaml.safe_load(text.split("---\n")[1])


def test_code_owners_are_the_groups_of_the_table(tree: FileTree) -> None:
    rows = [line.split() for line in tree.text(".github/CODEOWNERS").splitlines() if line[:1] in "/*"]
    teams = {team for row in rows for team in row[1:]}
    assert teams == {f"@contoso/ai-{name}s" for name in settings().functions}
    guarded = ["/governance/", "/evals/thresholds.yaml", "/infra/"]
    guarded += ["/prompts/"] if matching(tree.files, "prompts/*") else []
    for pattern in guarded:
        assert [row for row in rows if row[0] == pattern and len(row) > 1]
    for pattern in (row[0].strip("/") for row in rows):
        assert pattern == "*" or matching(tree.files, pattern + "*"), f"no file matches {pattern}"


def test_a_project_that_is_measured_has_a_threshold_for_every_metric_of_the_baseline(tree: FileTree) -> None:
    thresholds = yaml.safe_load(tree.text("evals/thresholds.yaml"))["metrics"]
    baseline = json.loads(tree.text("evals/baseline.json"))["local"]
    assert len(thresholds) >= 5
    assert baseline.keys() <= thresholds.keys()


def test_the_last_environment_has_reviewers(tree: FileTree) -> None:
    environments = yaml.safe_load(tree.text(".github/environments.yaml"))["environments"]
    assert list(environments) == ["dev", "test", "prod"]
    assert environments["dev"]["reviewers"] == []
    assert len(environments["prod"]["reviewers"]) == 3


def test_the_container_runs_without_root_from_a_pinned_image(tree: FileTree) -> None:
    lines = tree.text("Dockerfile").splitlines()
    images = [line.split()[1] for line in lines if line.startswith("FROM ")]
    assert all(re.fullmatch(r"[\w./-]+:\d+\.\d+\.\d+[\w.-]*", image) for image in images)
    users = [line.split()[1] for line in lines if line.startswith("USER ")]
    assert users
    assert users[-1] not in ("root", "0")
    copied = [line.split()[1:-1] for line in lines if line.startswith("COPY ") and "--from" not in line]
    for source in (source.removeprefix("./") for row in copied for source in row):
        assert matching(tree.files, source + "*"), f"COPY {source}: no such file"
