"""What was compiled is kept between runs, and used only while nothing it was made from has changed."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from coe_scaffold.bicep import compile_bicep
from coe_scaffold.local import kept
from coe_scaffold.local.alike import AlikeFiles
from coe_scaffold.local.compilers import EmbeddedCompiler
from coe_scaffold.local.kept import Kept, kept_by_user
from tests.unit.local.test_alike import MAIN, MODULE, Disk, disk

MAIN_FILE = "a/infra/main/main.bicep"


@pytest.fixture
def cache(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path))
    return tmp_path / "coe-scaffold" / "kept"


def damage(record: Path) -> None:
    """Change the last byte of a record."""
    content = record.read_bytes()
    record.write_bytes(content[:-1] + bytes([content[-1] ^ 1]))


def run(there: Disk, folder: Path, path: str = MAIN_FILE) -> object:
    """Compile as a process of its own would: nothing is in memory."""
    return AlikeFiles(there.read, there.names, Kept(folder)).compile(path, "")


def test_the_next_run_compiles_nothing_and_gets_the_same(tmp_path: Path, compiled: list[str]) -> None:
    there = disk("a", "b")
    first = run(there, tmp_path)
    assert run(there, tmp_path) == first
    other = run(there, tmp_path, "b/infra/main/main.bicep")
    fresh = compile_bicep("b/infra/main/main.bicep", there.read)
    assert other == (fresh.template, fresh.locations)
    assert compiled == [MAIN_FILE]


@pytest.mark.parametrize(
    ("path", "text"),
    [
        ("a/infra/modules/storage.bicep", MODULE.replace("ZRS", "GRS")),
        (MAIN_FILE, MAIN.replace("stexample", "stother")),
        ("a/bicepconfig.json", "{}"),
    ],
)
def test_a_change_is_compiled(path: str, text: str, tmp_path: Path, compiled: list[str]) -> None:
    there = disk("a")
    run(there, tmp_path)
    there.files[path] = text
    fresh = compile_bicep(MAIN_FILE, there.read)
    assert run(there, tmp_path) == (fresh.template, fresh.locations)
    assert len(compiled) == 2


def test_another_compiler_starts_anew(
    tmp_path: Path, compiled: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    run(disk("a"), tmp_path)
    monkeypatch.setattr(kept, "_code", lambda *packages: ("next", *packages))
    run(disk("a"), tmp_path)
    assert len(compiled) == 2


@pytest.mark.parametrize("damage", [b"", b"{}", b"{}\n{}", b"\x00" * 4096])
def test_a_damaged_record_counts_as_none(damage: bytes, tmp_path: Path, compiled: list[str]) -> None:
    first = run(disk("a"), tmp_path)
    (record,) = tmp_path.iterdir()
    record.write_bytes(damage)
    assert run(disk("a"), tmp_path) == first
    assert len(compiled) == 2
    assert record.read_bytes() != damage


def test_a_record_whose_template_was_changed_is_not_used(tmp_path: Path, compiled: list[str]) -> None:
    first = run(disk("a"), tmp_path)
    (record,) = tmp_path.iterdir()
    damage(record)
    assert run(disk("a"), tmp_path) == first
    assert len(compiled) == 2


def test_what_was_not_used_for_longest_goes(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(kept, "_MOST", 2)
    for age, name in ((30, "a"), (20, "b"), (10, "c")):
        before = set(tmp_path.iterdir())
        there = Disk({f"{name}.bicep": f"output {name} int = 1\n"})
        run(there, tmp_path, f"{name}.bicep")
        (record,) = set(tmp_path.iterdir()) - before
        os.utime(record, (record.stat().st_mtime - age,) * 2)
    assert len(list(tmp_path.iterdir())) == 2
    assert record.exists()


def test_the_folder_is_the_owners_alone(cache: Path, tmp_path: Path) -> None:
    (tmp_path / "main.bicep").write_text("output one int = 1\n")
    EmbeddedCompiler().compile(tmp_path / "main.bicep")
    assert cache.stat().st_mode & 0o777 == 0o700
    assert [path.stat().st_mode & 0o777 for path in cache.iterdir()] == [0o600]


@pytest.mark.parametrize("make", ["open", "link", "file"])
def test_a_folder_that_others_may_write_is_not_used(make: str, cache: Path, tmp_path: Path) -> None:
    cache.parent.mkdir()
    if make == "open":
        cache.mkdir()
        cache.chmod(0o777)
    elif make == "link":
        (tmp_path / "elsewhere").mkdir()
        cache.symlink_to(tmp_path / "elsewhere")
    else:
        cache.write_text("")
    assert kept_by_user() is None
    (tmp_path / "main.bicep").write_text("output one int = 1\n")
    assert EmbeddedCompiler().compile(tmp_path / "main.bicep").template["outputs"]
