"""How one goes on with a run that has not ended: what applies is resumed, what removes is asked for again."""

from __future__ import annotations

from pathlib import Path

import pytest

from coe_scaffold.errors import UsageError
from coe_scaffold.execution.journal import start
from coe_scaffold.local.files import DiskFiles
from coe_scaffold.operations.runs import known_runs, latest_resumable
from coe_scaffold.planning import combine
from coe_scaffold.planning.codec import dumps
from coe_scaffold.report import runs as view
from tests.fakes.clock import FakeClock
from tests.fakes.plans import STORAGE, assign

FILES = DiskFiles()


def begun(folder: Path, clock: FakeClock, *, undoes: str = "", again: str = "") -> str:
    """Begin a run that is interrupted at once."""
    made = combine("dev", "sandbox", (), (assign(STORAGE),))
    journal = start(
        made, files=FILES, clock=clock, folder=folder, undoes=undoes, again=again, text=dumps(made)
    )
    return journal.run


def test_what_applies_is_resumed(tmp_path: Path) -> None:
    run = begun(tmp_path, FakeClock())
    assert latest_resumable(tmp_path, "dev", FILES).run.id == run
    listed = view.text(known_runs(tmp_path, FILES))
    assert listed.endswith("To go on: coe apply --env dev --resume")


@pytest.mark.parametrize("environment", ["dev", None])
def test_what_takes_away_is_not_resumed_by_applying(tmp_path: Path, environment: str | None) -> None:
    clock = FakeClock()
    first = begun(tmp_path, clock)
    again = f"coe undo {first}"
    run = begun(tmp_path, clock, undoes=first, again=again)
    with pytest.raises(UsageError) as refused:
        latest_resumable(tmp_path, environment, FILES)
    assert run in refused.value.summary
    assert f"To go on removing: {again}." in refused.value.fix
    known = known_runs(tmp_path, FILES)
    assert view.text(known).endswith(f"To go on: {again}")
    told = view.document(known)["runs"]
    assert [(one["resumable"], one["wayOn"]) for one in told] == [
        (True, "coe apply --env dev --resume"),
        (False, again),
    ]


def test_without_runs_there_is_none_to_resume(tmp_path: Path) -> None:
    begun(tmp_path, FakeClock())
    with pytest.raises(UsageError, match=r"there is no run of prod to resume$"):
        latest_resumable(tmp_path, "prod", FILES)
