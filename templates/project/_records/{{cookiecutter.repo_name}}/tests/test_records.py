"""Records: nothing is lost, and of two who write at once only one does."""

from __future__ import annotations

from pathlib import Path

import pytest

from {{ cookiecutter.package_name }}.local.records import SqliteRecords
from {{ cookiecutter.package_name }}.records import Records


@pytest.fixture
def kept(tmp_path: Path) -> Records:
    return SqliteRecords(tmp_path / "kept" / "records.sqlite")


def test_a_record_is_kept_once_and_forgotten(kept: Records, tmp_path: Path) -> None:
    assert kept.add("open/a", {"word": "grün"})
    assert not kept.add("open/a", {"word": "other"})
    again = SqliteRecords(tmp_path / "kept" / "records.sqlite")
    found = again.get("open/a")
    assert found is not None
    assert found.data == {"word": "grün"}
    kept.remove("open/a")
    kept.remove("open/a")
    assert kept.get("open/a") is None


def test_only_the_first_of_two_writers_wins(kept: Records) -> None:
    kept.add("open/a", {"by": "nobody"})
    first = kept.get("open/a")
    assert first is not None
    assert kept.replace("open/a", {"by": "first"}, first.version)
    assert not kept.replace("open/a", {"by": "second"}, first.version)
    assert not kept.replace("open/b", {}, first.version)
    found = kept.get("open/a")
    assert found is not None
    assert found.data == {"by": "first"}


def test_names_come_by_prefix_and_age(kept: Records) -> None:
    for name in ("open/b", "open/a", "done/c", "open_d"):
        kept.add(name, {})
    assert kept.names("open/") == ("open/b", "open/a")
