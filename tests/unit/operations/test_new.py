"""What is written, and when its budgets start."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest

from coe_scaffold.errors import ConfigError, TargetExistsError
from coe_scaffold.local.files import DiskFiles
from coe_scaffold.operations.new import NewRepository, init, new_landing_zone, write_repository
from coe_scaffold.scaffold.tree import FileTree
from coe_scaffold.scaffold.workspace import WorkspaceAnswers
from tests.fakes.workspace import project, settings


def test_budgets_start_in_the_month_the_landing_zone_is_written(tmp_path: Path) -> None:
    made = new_landing_zone(replace(settings(), root=tmp_path), DiskFiles(), today=date(2026, 11, 24))
    written = (made.folder / "platform/prod.bicepparam").read_text()
    assert "startDate: '2026-11-01'" in written
    assert "platform/prod.bicepparam" in made.files


def test_a_folder_that_holds_files_gets_the_others_and_no_link_leads_out(tmp_path: Path) -> None:
    into, elsewhere = tmp_path / "into", tmp_path / "elsewhere"
    into.mkdir()
    elsewhere.mkdir()
    (into / "Makefile").write_text("all:\n")
    new = NewRepository(into, project(), FileTree({"docs/a.md": b"a", "README.md": b"r"}))
    (into / "docs").symlink_to(elsewhere)
    with pytest.raises(TargetExistsError) as error:
        write_repository(new, DiskFiles(), into=into)
    assert error.value.detail == "docs/a.md"
    assert not list(elsewhere.iterdir())
    assert not (into / "README.md").exists()
    (into / "docs").unlink()
    link = tmp_path / "link"
    link.symlink_to(into)
    assert write_repository(new, DiskFiles(), into=link).files == ("README.md", "docs/a.md")
    assert (into / "docs" / "a.md").read_bytes() == b"a"


def test_a_workspace_that_would_not_be_valid_is_not_written(tmp_path: Path) -> None:
    with pytest.raises(ConfigError, match="2 problems"):
        init(tmp_path / "ws", WorkspaceAnswers("Contoso", "cto", locations=("Sweden Central",)), DiskFiles())
    assert not (tmp_path / "ws").exists()
