"""What is written, and when its budgets start."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from pathlib import Path

from coe_scaffold.local.files import DiskFiles
from coe_scaffold.operations.new import new_landing_zone
from tests.fakes.workspace import settings


def test_budgets_start_in_the_month_the_landing_zone_is_written(tmp_path: Path) -> None:
    made = new_landing_zone(replace(settings(), root=tmp_path), DiskFiles(), today=date(2026, 11, 24))
    written = (made.folder / "platform/prod.bicepparam").read_text()
    assert "startDate: '2026-11-01'" in written
    assert "platform/prod.bicepparam" in made.files
