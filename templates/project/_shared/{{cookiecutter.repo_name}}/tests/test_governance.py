"""Every piece of evidence says who owns and approves it, and until when; every link leads somewhere."""

from __future__ import annotations

import re
from datetime import date
from pathlib import Path
from typing import Any

import pytest
import yaml

ROOT = Path(__file__).parents[1]
EVIDENCE = [
    path
    for folder in ("governance", "docs")
    for path in sorted((ROOT / folder).rglob("*"))
    if path.suffix in (".md", ".yaml") and path.name != "README.md"
]
MARKDOWN = sorted(
    path for path in ROOT.rglob("*.md") if ".venv" not in path.parts and "reports" not in path.parts
)
KEYS = {"evidence", "owner", "approver", "gate", "status", "updated", "review_by"}
GATES = {"intake", "design", "build", "release", "operate"}


def name(path: Path) -> str:
    return path.relative_to(ROOT).as_posix()


def facts(path: Path) -> dict[str, Any]:
    text = path.read_text(encoding="utf-8")
    found = yaml.safe_load(text.split("---\n")[1] if path.suffix == ".md" else text)
    assert isinstance(found, dict)
    return found


@pytest.mark.parametrize("path", EVIDENCE, ids=name)
def test_evidence_names_owner_approver_gate_and_review(path: Path) -> None:
    found = facts(path)
    assert set(found) >= KEYS
    assert found["gate"] in GATES
    assert found["status"] in ("draft", "approved")
    updated, review = (date.fromisoformat(str(found[key])) for key in ("updated", "review_by"))
    assert updated < review


def test_intake_record_and_project_agree() -> None:
    intake = facts(ROOT / "governance" / "intake.yaml")
    project = yaml.safe_load((ROOT / "project.yaml").read_text(encoding="utf-8"))
    risk = facts(ROOT / "governance" / "risk-classification.yaml")
    assert intake["risk_tier"] == risk["tier"] == project["useCase"]["riskTier"]
    assert intake["data_classification"] == project["useCase"]["dataClassification"]
    assert intake["title"] == project["title"]


def test_nothing_open_and_critical_is_in_the_risk_register() -> None:
    risks = facts(ROOT / "governance" / "risk-register.yaml")["risks"]
    assert all(
        risk["owner"] and risk["status"] in ("open", "mitigated", "accepted") for risk in risks
    )
    assert not [r["id"] for r in risks if r["severity"] == "critical" and r["status"] == "open"]


@pytest.mark.parametrize("path", MARKDOWN, ids=name)
def test_links_lead_somewhere(path: Path) -> None:
    for target in re.findall(r"\]\(([^)#]+)(?:#[^)]*)?\)", path.read_text(encoding="utf-8")):
        if not target.startswith(("http:", "https:", "mailto:")):
            assert (path.parent / target).exists(), f"{name(path)} links to {target}"
