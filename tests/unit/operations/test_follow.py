"""``coe new landing-zone --update`` on a disk: merged by git, nothing lost, nothing written on a dry run."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import date
from pathlib import Path

import click
import pytest
from click.testing import CliRunner, Result

from coe_scaffold.cli.commands.new_landing_zone import command
from coe_scaffold.cli.commands.repo_status import command as status
from coe_scaffold.errors import TargetExistsError, UsageError
from coe_scaffold.local.files import DiskFiles
from coe_scaffold.local.git import merge_texts
from coe_scaffold.model.settings import Settings
from coe_scaffold.operations.follow import FollowedZone, follow_settings
from coe_scaffold.operations.new import new_landing_zone
from coe_scaffold.report.landing_zone import follow_document, follow_text
from coe_scaffold.scaffold.following import Change
from coe_scaffold.scaffold.workspace import WorkspaceAnswers, render_workspace
from tests.fakes.workspace import settings

TODAY = date(2026, 11, 24)
DEV, PROD = "platform/dev.bicepparam", "platform/prod.bicepparam"
LOCK = "modules/lock/main.bicep"


@pytest.fixture
def place(tmp_path: Path) -> Settings:
    made = replace(settings(), root=tmp_path)
    new_landing_zone(made, DiskFiles(), today=TODAY)
    return made


def update(place: Settings, *, dry_run: bool = False) -> FollowedZone:
    return follow_settings(place, DiskFiles(), merge_texts, today=date(2027, 3, 1), dry_run=dry_run)


def edit(place: Settings, path: str, old: str, new: str) -> None:
    file = Path(place.root, "landing-zone", path)
    text = file.read_text()
    assert old in text
    file.write_text(text.replace(old, new))


def contents(place: Settings) -> dict[Path, bytes]:
    return {path: path.read_bytes() for path in Path(place.root).rglob("*") if path.is_file()}


def changed(zone: FollowedZone) -> dict[str, Change]:
    return {item.file: item.change for item in zone.files}


def test_parameter_files_follow_and_keep_what_people_changed(place: Settings) -> None:
    edit(place, DEV, "bastion: false", "bastion: true")
    edit(place, PROD, "costCenter: '4711'", "costCenter: 'ours'")
    later = replace(place, tags={"costCenter": "4712"})
    before = contents(place)
    tried = update(later, dry_run=True)
    assert contents(place) == before
    assert tried.patch.count("+  costCenter: '4712'") >= 2
    done = update(later)
    assert changed(done) == changed(tried)
    assert done.waits
    assert changed(done)[DEV] is Change.MERGED
    assert changed(done)[PROD] is Change.CONFLICT
    merged = Path(place.root, "landing-zone", DEV).read_text()
    assert "bastion: true" in merged
    assert "costCenter: '4712'" in merged
    marked = Path(place.root, "landing-zone", PROD).read_text()
    assert "<<<<<<< yours\n  costCenter: 'ours'\n=======\n  costCenter: '4712'\n>>>>>>> coe.yaml" in marked
    assert update(later).files == ()


def test_it_is_told_as_text_and_as_a_document(place: Settings) -> None:
    zone = update(replace(place, tags={"costCenter": "4712"}), dry_run=True)
    text = follow_text(zone, dry_run=True)
    assert "changed, nobody had edited them: " in text
    assert "+  costCenter: '4712'" in text
    document = follow_document(zone, dry_run=True)
    assert {"path": DEV, "change": "changed", "written": DEV} in document["files"]
    assert "up to date" in follow_text(update(place), dry_run=False)


def test_a_landing_zone_is_not_written_twice(place: Settings) -> None:
    with pytest.raises(TargetExistsError) as refused:
        new_landing_zone(place, DiskFiles(), today=TODAY)
    assert "--update" in str(refused.value.fix)


def test_without_a_landing_zone_nothing_happens(place: Settings, tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="there is no"):
        update(replace(place, root=tmp_path / "elsewhere"))


def test_without_a_record_what_differs_is_an_edit_and_a_record_is_made(place: Settings) -> None:
    record = Path(place.root, "landing-zone/.coe/written.json")
    before = json.loads(record.read_text())
    record.unlink()
    edit(place, DEV, "bastion: false", "bastion: true")
    edit(place, LOCK, "@description(", "// ours\n@description(")
    mine = Path(place.root, "landing-zone", LOCK).read_bytes()
    with pytest.raises(TargetExistsError) as refused:
        new_landing_zone(place, DiskFiles(), today=TODAY)
    assert "--update" in str(refused.value.fix)
    zone = update(place)
    assert changed(zone) == {DEV: Change.CONFLICT, LOCK: Change.BESIDE}
    assert "No record" in follow_text(zone, dry_run=False)
    marked = Path(place.root, "landing-zone", DEV).read_text()
    assert "<<<<<<< yours\n  bastion: true\n=======\n  bastion: false\n>>>>>>> coe.yaml" in marked
    assert Path(place.root, "landing-zone", LOCK).read_bytes() == mine
    made = json.loads(record.read_text())
    assert (made["templates"], made["parameters"]) == (before["templates"], before["parameters"])
    assert update(place).files == ()


def test_a_file_of_that_name_beside_an_edited_template_is_not_overwritten(place: Settings) -> None:
    Path(place.root, "landing-zone/.coe/written.json").unlink()
    edit(place, LOCK, "@description(", "// ours\n@description(")
    mine = Path(place.root, "landing-zone", f"{LOCK}.new")
    mine.write_text("mine\n")
    zone = update(place)
    assert mine.read_text() == "mine\n"
    assert f"{LOCK}.new1" in follow_text(zone, dry_run=False)
    assert Path(place.root, "landing-zone", f"{LOCK}.new1").is_file()


def test_a_link_is_not_followed_out_of_the_landing_zone(place: Settings, tmp_path: Path) -> None:
    file, outside = Path(place.root, "landing-zone", DEV), tmp_path / "outside.bicepparam"
    file.rename(outside)
    file.symlink_to(outside)
    before = outside.read_bytes()
    with pytest.raises(UsageError, match="links"):
        update(replace(place, tags={"costCenter": "4712"}))
    assert outside.read_bytes() == before


def run(folder: Path, *arguments: str) -> Result:
    return CliRunner().invoke(command, ["--workspace", str(folder), *arguments], standalone_mode=False)


def test_the_command_tells_by_its_exit_code_what_is_to_do(tmp_path: Path) -> None:
    for made in render_workspace(WorkspaceAnswers("Contoso", "cto")).files.items():
        (tmp_path / made[0]).write_bytes(made[1])
    assert run(tmp_path, "--no-input").return_value == 0
    assert run(tmp_path, "--update", "--exit-code").return_value == 0
    file = tmp_path / "coe.yaml"
    file.write_text(file.read_text().replace('costCenter: "4711"', 'costCenter: "4712"'))
    assert run(tmp_path, "--update", "--dry-run", "--exit-code").return_value == 4
    document = json.loads(run(tmp_path, "--update", "--output", "json").stdout)
    assert {item["change"] for item in document["files"]} == {"changed"}
    assert run(tmp_path, "--update", "--exit-code").return_value == 0
    assert isinstance(run(tmp_path, "--dry-run").exception, UsageError | click.UsageError)


def test_the_commands_for_repositories_point_to_this_one(place: Settings) -> None:
    folder = Path(place.root, "landing-zone")
    refused = CliRunner().invoke(status, [str(folder)], standalone_mode=False)
    assert isinstance(refused.exception, UsageError)
    assert "coe new landing-zone --update" in str(refused.exception.fix)
