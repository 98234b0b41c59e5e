"""What 'coe apply' is asked for: a plan file, an environment or a run, and nothing that contradicts it."""

from __future__ import annotations

from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

from coe_scaffold.cli.applying import Manner, asked_for
from coe_scaffold.errors import UsageError
from coe_scaffold.local.files import DiskFiles
from coe_scaffold.planning import combine
from coe_scaffold.planning.codec import dumps
from coe_scaffold.planning.recovery import OnDeleted

PLACE: Any = SimpleNamespace(files=DiskFiles())


def manner(deleted: OnDeleted = OnDeleted.KEEP) -> Manner:
    return Manner(yes=True, ask=False, deleted=deleted)


@pytest.fixture
def plan_file(tmp_path: Path) -> Path:
    path = tmp_path / "plan.json"
    path.write_text(dumps(combine("prod", "sandbox", (), ())))
    return path


@pytest.mark.parametrize("environment", [None, "prod"])
def test_a_plan_file_names_its_environment(plan_file: Path, environment: str | None) -> None:
    assert asked_for(PLACE, plan_file, environment, manner(), go_on=False) == "prod"


@pytest.mark.parametrize(
    ("environment", "deleted", "go_on", "words"),
    [
        ("dev", OnDeleted.KEEP, False, "is a plan of prod, not of dev"),
        ("all", OnDeleted.KEEP, False, "is a plan of prod, not of all"),
        (None, OnDeleted.KEEP, True, "--resume takes no plan file"),
        (None, OnDeleted.PURGE, False, "says itself what is recovered or purged"),
    ],
)
def test_what_contradicts_a_plan_file_is_refused(
    plan_file: Path, environment: str | None, deleted: OnDeleted, go_on: bool, words: str
) -> None:
    with pytest.raises(UsageError) as refused:
        asked_for(PLACE, plan_file, environment, manner(deleted), go_on=go_on)
    assert words in refused.value.summary
    assert refused.value.fix


def test_without_a_plan_file(plan_file: Path) -> None:
    assert asked_for(PLACE, None, "dev", manner(OnDeleted.PURGE), go_on=False) == "dev"
    assert asked_for(PLACE, None, None, manner(), go_on=True) is None
    for environment, go_on in ((None, False), ("all", True)):
        with pytest.raises(UsageError):
            asked_for(PLACE, None, environment, manner(), go_on=go_on)
