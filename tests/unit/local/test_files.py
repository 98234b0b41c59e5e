from __future__ import annotations

import os
from pathlib import Path

import pytest

from coe_scaffold.errors import TargetExistsError, UsageError
from coe_scaffold.local.files import DiskFiles

FILES = {"a.txt": b"1", "b/c.sh": b"2"}


def names(folder: Path) -> list[str]:
    return sorted(path.name for path in folder.iterdir())


def test_a_tree_is_written_whole(tmp_path: Path) -> None:
    target = tmp_path / "deep" / "repo"
    DiskFiles().write_tree(target, FILES, executable=frozenset({"b/c.sh"}))
    assert (target / "b" / "c.sh").read_bytes() == b"2"
    assert os.access(target / "b" / "c.sh", os.X_OK)
    assert not os.access(target / "a.txt", os.X_OK)
    assert names(tmp_path / "deep") == ["repo"]


def test_an_empty_folder_is_fine(tmp_path: Path) -> None:
    (tmp_path / "repo").mkdir()
    DiskFiles().write_tree(tmp_path / "repo", FILES)
    assert names(tmp_path / "repo") == ["a.txt", "b"]


def test_a_shell_in_an_empty_folder_is_in_the_filled_one(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    DiskFiles().write_tree(Path(), {"coe.yaml": b"x", "docs/a.md": b"y"})
    assert names(Path()) == ["coe.yaml", "docs"]
    assert Path("docs/a.md").read_bytes() == b"y"


def test_moving_in_that_stops_half_way_leaves_the_folder_empty(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    rename = Path.rename

    def stopping(path: Path, target: Path) -> Path:
        if path.name == "b" and target.parent == tmp_path:
            raise KeyboardInterrupt
        return rename(path, target)

    monkeypatch.setattr(Path, "rename", stopping)
    with pytest.raises(KeyboardInterrupt):
        DiskFiles().write_tree(tmp_path, {"a": b"", "b": b""})
    assert list(tmp_path.iterdir()) == []


def test_a_folder_with_something_in_it_is_left_alone(tmp_path: Path) -> None:
    (tmp_path / "repo").mkdir()
    (tmp_path / "repo" / "mine").write_text("x")
    with pytest.raises(TargetExistsError, match="not empty") as error:
        DiskFiles().write_tree(tmp_path / "repo", FILES)
    assert "mine" in error.value.detail
    assert names(tmp_path / "repo") == ["mine"]
    assert names(tmp_path) == ["repo"]


@pytest.mark.parametrize("link", [False, True])
def test_a_file_or_a_link_in_the_way_is_refused(tmp_path: Path, link: bool) -> None:
    target = tmp_path / "repo"
    if link:
        (tmp_path / "elsewhere").mkdir()
        target.symlink_to(tmp_path / "elsewhere")
    else:
        target.write_text("x")
    with pytest.raises(TargetExistsError, match="not a folder"):
        DiskFiles().write_tree(target, FILES)


@pytest.mark.parametrize("failure", [OSError("no space"), KeyboardInterrupt()])
def test_nothing_is_left_behind_when_writing_stops_half_way(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, failure: BaseException
) -> None:
    write = Path.write_bytes

    def stops(path: Path, content: bytes) -> int:
        if path.name == "c.sh":
            raise failure
        return write(path, content)

    monkeypatch.setattr(Path, "write_bytes", stops)
    with pytest.raises(KeyboardInterrupt if isinstance(failure, KeyboardInterrupt) else UsageError):
        DiskFiles().write_tree(tmp_path / "repo", FILES)
    assert names(tmp_path) == []


def test_a_file_is_replaced_whole_and_keeps_its_mode(tmp_path: Path) -> None:
    target = tmp_path / "run.sh"
    target.write_text("old")
    target.chmod(0o750)
    DiskFiles().write(target, b"new")
    assert target.read_bytes() == b"new"
    assert target.stat().st_mode & 0o777 == 0o750
    assert names(tmp_path) == ["run.sh"]


def test_the_old_file_stays_when_replacing_stops_half_way(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    target = tmp_path / "plan.json"
    target.write_text("old")

    def stops(descriptor: int) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr(os, "fsync", stops)
    with pytest.raises(KeyboardInterrupt):
        DiskFiles().write(target, b"new")
    assert target.read_text() == "old"
    assert names(tmp_path) == ["plan.json"]


def test_lines_are_appended_one_by_one(tmp_path: Path) -> None:
    target = tmp_path / "runs" / "1.jsonl"
    for line in ("first", "zweite ä\n"):
        DiskFiles().append(target, line)
    assert target.read_text(encoding="utf-8") == "first\nzweite ä\n"


def test_what_cannot_be_read_or_written_is_named(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="missing cannot be read"):
        DiskFiles().read(tmp_path / "missing")
    (tmp_path / "file").write_text("x")
    with pytest.raises(UsageError, match="cannot be written"):
        DiskFiles().write(tmp_path / "file" / "below", b"")


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="this system has no named pipes")
def test_what_is_no_file_is_not_replaced(tmp_path: Path) -> None:
    pipe, folder = tmp_path / "pipe", tmp_path / "folder"
    os.mkfifo(pipe)
    folder.mkdir()
    for path in (pipe, folder):
        with pytest.raises(UsageError, match="is not a file"):
            DiskFiles().write(path, b"x")
    assert (pipe.is_fifo(), folder.is_dir()) == (True, True)


def test_a_private_file_is_for_its_owner_alone_even_when_it_was_not(tmp_path: Path) -> None:
    path = tmp_path / "plan.json"
    DiskFiles().write(path, b"1")
    DiskFiles().write(path, b"2", private=True)
    assert path.stat().st_mode & 0o777 == 0o600


def test_files_are_as_private_as_their_writer_wants_them(tmp_path: Path) -> None:
    before = os.umask(0o077)
    try:
        DiskFiles().write_tree(tmp_path / "new", {"a/b": b"1", "run": b"2"}, executable=frozenset({"run"}))
        DiskFiles().write(tmp_path / "new" / "c", b"3")
    finally:
        os.umask(before)
    modes = {path: (tmp_path / "new" / path).stat().st_mode & 0o777 for path in (".", "a", "a/b", "run", "c")}
    assert modes == {".": 0o700, "a": 0o700, "a/b": 0o600, "run": 0o700, "c": 0o600}
