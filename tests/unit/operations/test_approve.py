"""Approving plan files: for whom, for exactly which content, and what is refused without."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from coe_scaffold.errors import BlockedError, ConfigError, UsageError
from coe_scaffold.local.files import DiskFiles
from coe_scaffold.model.plan import Plan
from coe_scaffold.model.settings import Settings
from coe_scaffold.operations.approve import approve, record_path, refuse_other_steps, refuse_unapproved
from coe_scaffold.planning.codec import dumps
from tests.fakes.clock import FakeClock
from tests.fakes.plans import sample
from tests.fakes.workspace import settings

ASKED = ("ai-coe-lead", "compliance-officer")


def workspace() -> Settings:
    known = settings()
    strict = replace(known.environments["dev"], approvals=ASKED)
    return replace(known, environments={**known.environments, "dev": strict})


def written(folder: Path, plan: Plan | None = None) -> Path:
    path = folder / "plan.json"
    path.write_text(dumps(plan or replace(sample(), findings=())), encoding="utf-8")
    return path


def say_yes(path: Path, function: str) -> tuple[str, ...]:
    known = approve(workspace(), path, function=function, by="ada", files=DiskFiles(), clock=FakeClock())
    return known.missing(ASKED)


def test_all_functions_must_approve_the_same_content(tmp_path: Path) -> None:
    path = written(tmp_path)
    for function, missing in ((ASKED[0], (ASKED[1],)), (ASKED[1], ())):
        with pytest.raises(BlockedError, match="lacks the approval"):
            refuse_unapproved(workspace(), "dev", path, files=DiskFiles())
        assert say_yes(path, function) == missing
    refuse_unapproved(workspace(), "dev", path, files=DiskFiles())
    path.write_text(dumps(replace(sample(), findings=(), notes=("one more",))), encoding="utf-8")
    with pytest.raises(BlockedError, match=f"{ASKED[0]}, {ASKED[1]}"):
        refuse_unapproved(workspace(), "dev", path, files=DiskFiles())
    assert say_yes(path, ASKED[0]) == (ASKED[1],)


def test_an_environment_that_asks_takes_plan_files_only(tmp_path: Path) -> None:
    with pytest.raises(BlockedError, match="approved plan files only"):
        refuse_unapproved(workspace(), "dev", None, files=DiskFiles())
    refuse_unapproved(workspace(), "test", None, files=DiskFiles())


def test_who_is_not_asked_cannot_approve_and_a_forbidden_plan_cannot_be(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="does not ask 'data-engineer'"):
        say_yes(written(tmp_path), "data-engineer")
    with pytest.raises(BlockedError, match="cannot be approved"):
        say_yes(written(tmp_path, sample()), ASKED[0])


def test_a_broken_record_is_an_error_and_no_approval(tmp_path: Path) -> None:
    path = written(tmp_path)
    record_path(path).write_text("{}")
    with pytest.raises(ConfigError, match="1 problem"):
        refuse_unapproved(workspace(), "dev", path, files=DiskFiles())


def test_resuming_does_not_widen_what_was_approved() -> None:
    plan = sample()
    refuse_other_steps(plan, replace(plan, steps=plan.steps[1:]))
    with pytest.raises(BlockedError, match="not approved"):
        refuse_other_steps(replace(plan, steps=plan.writes[1:]), replace(plan, steps=plan.writes))
