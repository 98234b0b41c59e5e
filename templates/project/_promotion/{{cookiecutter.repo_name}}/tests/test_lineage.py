"""Promotion: only the model that was evaluated goes on, and only with somebody's approval."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from {{ cookiecutter.package_name }}.lineage import (
    Door,
    LineageError,
    Record,
    admitted,
    devops_approvers,
    digest,
    github_approvers,
    load,
    main,
    recorded,
    save,
)

RECORD = Record("m", "7", "a" * 64, "d" * 64, "c0ffee", "Ada", {"passed": True, "metrics": {}})
DOOR = Door("prod", ("mlops",), ("Grace",), "a" * 64, "d" * 64, "c0ffee", "run 1")
ENVIRONMENTS = """environments:
  dev: {reviewers: []}
  test: {reviewers: [mlops]}
  prod: {reviewers: [mlops, compliance]}
"""
REVIEW = {
    "state": "approved",
    "user": {"login": "grace"},
    "environments": [{"name": "test"}, {"name": "prod"}],
}


def test_an_approved_model_enters_and_the_record_says_who_let_it_in() -> None:
    (approval,) = admitted(RECORD, DOOR).approvals
    assert (approval.environment, approval.approvers) == ("prod", ("Grace",))
    assert approval.reviewers == ("mlops",)


@pytest.mark.parametrize(
    ("change", "reason"),
    [
        ({"artefact": "b" * 64}, "the model is not what was evaluated"),
        ({"data": "b" * 64}, r"data/manifest\.yaml is not what was evaluated"),
        ({"commit": "beef"}, "the commit is not what was evaluated"),
        ({"approvers": ()}, "nobody of mlops has approved it for prod"),
        ({"approvers": ("ada",)}, "nobody of mlops has approved it for prod"),
    ],
)
def test_what_is_not_right_stays_out(change: dict[str, Any], reason: str) -> None:
    with pytest.raises(LineageError, match=reason):
        admitted(RECORD, replace(DOOR, **change))


def test_all_reasons_are_named_at_once() -> None:
    with pytest.raises(LineageError, match=r"the model .*; the commit .*; nobody"):
        admitted(RECORD, replace(DOOR, artefact="b", commit="b", approvers=()))


def test_an_environment_without_reviewers_asks_nobody() -> None:
    assert admitted(RECORD, replace(DOOR, reviewers=(), approvers=())).approvals[0].approvers == ()


@pytest.mark.parametrize("evaluation", [{}, {"passed": False}, {"passed": "yes"}])
def test_a_model_that_failed_the_gate_is_never_recorded_nor_admitted(
    evaluation: dict[str, Any],
) -> None:
    failed = replace(RECORD, evaluation=evaluation)
    with pytest.raises(LineageError, match="gate did not pass"):
        recorded(failed)
    with pytest.raises(LineageError, match="gate did not pass"):
        admitted(failed, DOOR)


def test_a_record_reads_as_it_was_written(tmp_path: Path) -> None:
    record = admitted(admitted(RECORD, replace(DOOR, environment="test")), DOOR)
    save(record, tmp_path / "promotion.json")
    assert load(tmp_path / "promotion.json") == record


@pytest.mark.parametrize("text", ["", "{}", '{"format": "other"}', '{"format": "promotion/v1"}'])
def test_another_file_is_no_record(text: str, tmp_path: Path) -> None:
    (tmp_path / "promotion.json").write_text(text, "utf-8")
    with pytest.raises(LineageError):
        load(tmp_path / "promotion.json")


def test_a_digest_knows_every_file_by_name_and_content(tmp_path: Path) -> None:
    with pytest.raises(LineageError, match="no model"):
        digest(tmp_path)
    (tmp_path / "a").write_text("1", "utf-8")
    first = digest(tmp_path)
    (tmp_path / "a").rename(tmp_path / "b")
    assert digest(tmp_path) != first
    (tmp_path / "b").rename(tmp_path / "a")
    assert digest(tmp_path) == first


def test_approvals_of_github_count_for_their_environment_only() -> None:
    refused = {**REVIEW, "state": "rejected", "user": {"login": "eve"}}
    assert github_approvers([REVIEW, refused], "prod") == ("grace",)
    assert github_approvers([REVIEW], "dev") == ()


def test_approvals_of_azure_devops_are_those_of_their_steps() -> None:
    steps = [
        {"status": "approved", "actualApprover": {"uniqueName": "grace@example.com"}},
        {"status": "pending"},
    ]
    assert devops_approvers([{"steps": steps}, {}]) == ("grace@example.com",)


def test_the_commands_carry_a_model_through_the_environments(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(tmp_path)
    for name in ("config", "data", "reports", "model"):
        Path(name).mkdir()
    Path("config/app.yaml").write_text("modelName: m\n", "utf-8")
    Path("data/manifest.yaml").write_text("files: []\n", "utf-8")
    Path("reports/evaluation.json").write_text('{"passed": true}', "utf-8")
    Path("model/weights").write_text("1", "utf-8")
    Path("environments.yaml").write_text(ENVIRONMENTS, "utf-8")
    Path("approvals.json").write_text(json.dumps([REVIEW]), "utf-8")
    common = ["--artefact", "model", "--commit", "c0ffee"]
    new = ["record", *common, "--version", "7", "--requester", "ada"]
    enter = ["admit", *common, "--environments", "environments.yaml", "--run", "run 1"]
    enter += ["--approvals", "approvals.json", "--environment"]
    assert main(new) == main([*enter, "test"]) == main([*enter, "prod"]) == 0
    kept = load(Path("promotion.json"))
    assert kept.model == "m"
    assert [approval.environment for approval in kept.approvals] == ["test", "prod"]
    Path("model/weights").write_text("2", "utf-8")
    assert main([*enter, "prod"]) == 1
    assert main([*enter, "nowhere"]) == 1
    assert "lists no environment nowhere" in capsys.readouterr().err
    Path("reports/evaluation.json").write_text('{"passed": false}', "utf-8")
    assert main(new) == 1
