"""The lock of a workspace: one holder, and no lock where nothing can be written."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from pathlib import Path

import pytest

from coe_scaffold.errors import CoeError, UsageError
from coe_scaffold.local.exclusive import exclusive

NOW = datetime(2026, 11, 24, 2, 0, tzinfo=UTC)


def test_the_holder_says_who_it_is_and_leaves_nothing(tmp_path: Path) -> None:
    lock = tmp_path / ".coe" / "lock"
    with exclusive(lock, "coe apply", NOW) as note:
        note("20261124T020000-dev")
        holder = json.loads(lock.read_text(encoding="utf-8"))
        assert (holder["command"], holder["run"]) == ("coe apply", "20261124T020000-dev")
        with pytest.raises(CoeError, match="already") as refused, exclusive(lock, "coe undo", NOW):
            pass
    assert "run 20261124T020000-dev" in refused.value.summary
    assert lock.read_bytes() == b""


def test_a_place_that_cannot_be_written_is_named(tmp_path: Path) -> None:
    (tmp_path / ".coe").write_text("a file where the folder should be")
    with pytest.raises(UsageError) as refused, exclusive(tmp_path / ".coe" / "lock", "coe apply", NOW):
        pass
    assert str(tmp_path / ".coe" / "lock") in refused.value.summary
