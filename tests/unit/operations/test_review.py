"""The review sees what lacks, says who answers for it, and passes only what is complete."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import replace
from datetime import date
from pathlib import Path

import jsonschema
import pytest

from coe_scaffold.catalog import evidence
from coe_scaffold.catalog.review import checks_of
from coe_scaffold.errors import UsageError
from coe_scaffold.local.files import DiskFiles
from coe_scaffold.model.review import Review, Reviewed, Standing
from coe_scaffold.model.settings import Project
from coe_scaffold.operations.review import review
from coe_scaffold.report import review as view
from coe_scaffold.scaffold.manifest import kinds
from coe_scaffold.scaffold.project import render_project
from coe_scaffold.scaffold.reviewing import _OPERATIONS
from tests.fakes.workspace import project as sample
from tests.fakes.workspace import settings

TODAY = date(2026, 11, 24)
Edit = Callable[[Path], None]


@pytest.fixture
def project() -> Project:
    return sample()


@pytest.fixture
def folder(tmp_path: Path, project: Project) -> Path:
    tree = render_project(settings(), project, today=TODAY)
    DiskFiles().write_tree(tmp_path / "repo", tree.files, executable=tree.executable)
    return tmp_path / "repo"


def swap(file: str, old: str, new: str) -> Edit:
    def edit(folder: Path) -> None:
        text = (folder / file).read_text()
        assert old in text
        (folder / file).write_text(text.replace(old, new))

    return edit


def remove(file: str) -> Edit:
    return lambda folder: (folder / file).unlink()


def item(result: Review, name: str) -> Reviewed:
    (found,) = (item for item in result.items if item.id == name)
    return found


@pytest.mark.parametrize("kind", [kind.id for kind in kinds()])
def test_a_fresh_repository_of_any_kind_fails_no_check(kind: str, tmp_path: Path) -> None:
    fresh = sample(kind=kind)
    tree = render_project(settings(), fresh, today=TODAY)
    DiskFiles().write_tree(tmp_path, tree.files, executable=tree.executable)
    result = review(tmp_path, fresh, today=TODAY)
    missing = [item for item in result.items if item.standing is Standing.MISSING]
    assert [lack.message for item in missing for lack in item.lacks if not lack.person] == []
    assert missing == []


def test_a_fresh_repository_waits_for_people(folder: Path, project: Project) -> None:
    result = review(folder, project, today=TODAY)
    assert review(folder, project, gate="build", today=TODAY).passed
    intake = review(folder, project, gate="intake", today=TODAY)
    assert not intake.passed
    assert {item.approver for item in intake.items} == {
        "AI CoE Lead",
        "Business Analyst",
        "Compliance Officer",
    }
    assert len(result.items) == len(evidence().needed("rag", "limited"))


@pytest.mark.parametrize(
    ("name", "edit", "message"),
    [
        ("data-manifest", lambda f: (f / "data/new.md").write_text("x"), "new.md is there and not listed"),
        (
            "data-manifest",
            swap("data/manifest.yaml", "classification: internal", "classification:"),
            "not filled in",
        ),
        (
            "risk-register",
            swap("governance/risk-register.yaml", "status: mitigated", "status: open"),
            "severity critical",
        ),
        (
            "risk-class",
            swap("governance/risk-classification.yaml", "tier: limited", "tier: minimal"),
            "'limited'",
        ),
        ("raci", swap("governance/raci.yaml", "    groups:\n", "    people:\n"), "groups not filled in"),
        (
            "impact-assessment",
            swap("governance/impact-assessment.md", "## Adverse impact", "## Other"),
            "Adverse impact",
        ),
        ("impact-assessment", remove("governance/impact-assessment.md"), "not there"),
        ("model-card", swap("docs/model-card.md", "## Contact", "## Address"), "Contact"),
        ("eval-gate", swap(".github/workflows/evaluate.yaml", "make evaluate", "true"), "evaluation gate"),
        ("ci-oidc", swap(".github/workflows/deploy.yaml", "client-id:", "creds:"), "secret"),
        ("codeowners", swap(".github/CODEOWNERS", "/infra/ ", "/intra/ "), "/infra/ has no owner"),
        ("branch-rules", swap(".github/rulesets/main.json", '{"context": "iac-scan"},', ""), "iac-scan"),
        ("pre-commit", remove(".secrets.baseline"), "not there"),
        ("third-party-register", swap("pyproject.toml", '"uvicorn', '"left-pad>=1", "uvicorn'), "left-pad"),
        ("eval-golden-set", lambda f: (f / "evals/data/golden.jsonl").write_text("{}\n{"), "at least 10"),
        (
            "environments-reviewers",
            swap(".github/environments.yaml", "preventSelfReview: true", "x: 1"),
            "authors",
        ),
        (
            "monitoring-plan",
            swap("docs/monitoring.md", "review_by: 2027-11-24", "review_by: 2026-01-01"),
            "has passed",
        ),
        (
            "monitoring-plan",
            swap("docs/monitoring.md", "| any |", "| |"),
            "Infrastructure: no act when",
        ),
        (
            "monitoring-plan",
            swap("docs/monitoring.md", "more than 20 lines", "more than 21 lines"),
            "Safety: infra/project/dev.bicepparam says 20, the plan says 'more than 21 lines in a day'",
        ),
        (
            "monitoring-plan",
            swap("infra/project/prod.bicepparam", "  appFailing: {", "  appRestarting2: {"),
            "the alert rule 'appRestarting2' of infra/project/prod.bicepparam is not in the table",
        ),
        (
            "monitoring-plan",
            swap("infra/project/prod.bicepparam", "param alerts = {", "param alerts = {{"),
            "its alert rules cannot be read: ",
        ),
        (
            "monitoring-plan",
            swap("docs/monitoring.md", "| `appFailing` |", "| |"),
            "Application health: no alert rule",
        ),
        (
            "monitoring-plan",
            swap("docs/monitoring.md", "`appFailing`", "`appBroken`"),
            "infra/project/dev.bicepparam has no alert rule 'appBroken'",
        ),
        ("monitoring-plan", remove("infra/modules/alerts/main.bicep"), "not there"),
        (
            "review-cadence",
            swap("governance/intake.yaml", 'next: "2027-11-24"', 'next: "2028-11-24"'),
            "within 366",
        ),
        ("transparency-note", swap("config/app.yaml", "disclosure:", "discloses:"), "no disclosure"),
    ],
)
def test_what_a_check_can_see_is_seen(
    folder: Path, project: Project, name: str, edit: Edit, message: str
) -> None:
    edit(folder)
    found = item(review(folder, project, today=TODAY), name)
    assert found.standing is Standing.MISSING
    assert any(message in lack.message for lack in found.lacks if not lack.person), found.lacks


def test_an_approved_document_without_tasks_is_complete(folder: Path, project: Project) -> None:
    swap("docs/threat-model.md", "status: draft", "status: approved")(folder)
    assert item(review(folder, project, today=TODAY), "threat-model").standing is Standing.COMPLETE


def test_tasks_for_people_come_with_their_line(folder: Path, project: Project) -> None:
    lacks = item(review(folder, project, today=TODAY), "ai-literacy").lacks
    assert [lack for lack in lacks if lack.line and lack.message.startswith("to do by AI CoE Lead")]
    assert all(lack.person for lack in lacks)


def test_unknown_gates_and_prohibited_cases_are_refused(folder: Path, project: Project) -> None:
    with pytest.raises(UsageError, match="gate"):
        review(folder, project, gate="bild", today=TODAY)
    with pytest.raises(UsageError, match="prohibited"):
        review(folder, replace(project, risk_tier="prohibited"), today=TODAY)


def test_every_item_of_the_catalogue_has_checks_that_exist() -> None:
    for row in evidence().items:
        checks = checks_of(row.id)
        assert checks, row.id
        assert {check["op"] for check in checks} <= set(_OPERATIONS)


def test_the_formats_agree(folder: Path, project: Project) -> None:
    remove("docs/bcdr.md")(folder)
    result = review(folder, project, gate="release", today=TODAY)
    document = view.document(result)
    assert document["format"] == "coe-scaffold/review/v1"
    json.dumps(document)
    log = view.sarif(result, version="1")
    levels = {row["ruleId"]: row["level"] for row in log["runs"][0]["results"]}
    assert levels["bcdr"] == "error"
    assert levels["rollback"] == "note"
    schema = {"required": ["version", "runs"], "properties": {"version": {"const": "2.1.0"}}}
    jsonschema.validate(log, schema)
    for text in (view.text(result), view.markdown(result)):
        assert "docs/bcdr.md" in text
        assert "MLOps Engineer" in text
        assert "EU AI Act Art. 15(4)" in text
    [asked] = [row["restsOn"] for row in document["items"] if row["id"] == "bcdr"]
    assert asked == ["EU AI Act Art. 15(4)", "NIST AI RMF MANAGE 2.4", "ISO/IEC 42001 A.6.2.6"]
