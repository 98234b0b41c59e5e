"""Journals: written line by line, read back, torn at the end or corrupt in the middle."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from coe_scaffold.errors import CorruptStateError, UsageError
from coe_scaffold.execution.journal import Journal, read, runs, start
from coe_scaffold.model.journal import Entry, Event
from coe_scaffold.model.plan import Plan
from tests.fakes.clock import FakeClock
from tests.fakes.files import MemoryFiles

PLAN = Plan("dev", "sandbox", "i" * 64, "o" * 64, ())
FOLDER = Path("/ws/.coe/runs")


def entry(step: str, event: Event = Event.STARTED, **more: object) -> Entry:
    return Entry("r", step, event, "2026-11-24T02:00:00+00:00", **more)  # type: ignore[arg-type]


def journal(files: MemoryFiles) -> Journal:
    return start(PLAN, files=files, clock=FakeClock(), folder=FOLDER)


def test_a_run_is_read_as_written() -> None:
    files = MemoryFiles()
    made = journal(files)
    entries = (entry("a"), entry("a", Event.SUCCEEDED, created=("/x",), data={"k": [1]}), entry("b"))
    for one in entries:
        made.append(one)
    run = read(made.path, files)
    assert (run.id, made.path.name) == ("20261124T020000-dev", "20261124T020000-dev.jsonl")
    assert (run.environment, run.cloud, run.inputs, run.observed) == ("dev", "sandbox", "i" * 64, "o" * 64)
    assert run.entries == entries
    assert not run.torn


def test_a_journal_is_there_with_its_whole_first_line_or_not_at_all() -> None:
    files = MemoryFiles()
    files.room = 0  # nothing is appended to it: what is appended can be torn
    assert read(journal(files).path, files).entries == ()


@given(
    st.lists(st.tuples(st.text(), st.sampled_from(Event), st.text(), st.lists(st.text())), max_size=6),
    st.data(),
)
@settings(max_examples=60, deadline=None)
def test_a_kill_at_any_byte_loses_at_most_the_torn_line(
    rows: list[tuple[str, Event, str, list[str]]], data: st.DataObject
) -> None:
    files = MemoryFiles()
    made = journal(files)
    header = len(files.content[made.path])
    entries = [Entry("r", step, event, "t", detail, tuple(ids)) for step, event, detail, ids in rows]
    for one in entries:
        made.append(one)
    whole = files.content[made.path]
    cut = data.draw(st.integers(header, len(whole)))
    files.content[made.path] = whole[:cut]
    run = read(made.path, files)
    assert list(run.entries) == entries[: whole[header:cut].count(b"\n")]
    assert run.torn == (not whole[:cut].endswith(b"\n"))


@pytest.mark.parametrize(
    ("line", "reason"),
    [
        (b"{", "it is not JSON"),
        (b"[]", "it is not a JSON object"),
        (b"{}", "it is no entry"),
        (b"\xff\xfe", "it is not JSON"),
        (b'{"run":"r","step":"s","event":"danced","at":"","detail":"","created":[],"data":null}', "no entry"),
    ],
)
def test_a_corrupt_line_is_named(line: bytes, reason: str) -> None:
    files = MemoryFiles()
    made = journal(files)
    made.append(entry("a"))
    files.content[made.path] += line + b"\n"
    made.append(entry("b"))
    with pytest.raises(CorruptStateError, match=f"jsonl:3: the journal cannot be read: .*{reason}") as caught:
        read(made.path, files)
    assert caught.value.fix


@pytest.mark.parametrize("content", [b"", b'{"form', b'{"format":"other"}\n', b"{}\n"])
def test_a_journal_without_its_first_line_is_corrupt(content: bytes) -> None:
    files = MemoryFiles()
    files.content[Path("j")] = content
    with pytest.raises(CorruptStateError, match="j:1:"):
        read(Path("j"), files)


def test_a_first_line_with_a_missing_member_is_corrupt() -> None:
    files = MemoryFiles()
    files.content[Path("j")] = b'{"format":"coe-scaffold/journal/v1","run":"r"}\n'
    with pytest.raises(CorruptStateError, match="'environment' is missing"):
        read(Path("j"), files)


def test_a_missing_journal_is_said_to_be_missing() -> None:
    with pytest.raises(UsageError):
        read(Path("nowhere"), MemoryFiles())


def test_runs_are_listed_oldest_first_and_get_different_ids(tmp_path: Path) -> None:
    assert runs(tmp_path / "none") == ()
    for name in ("20261124T020000-dev", "20261123T020000-dev"):
        (tmp_path / f"{name}.jsonl").touch()
    (tmp_path / "note.txt").touch()
    assert [path.stem for path in runs(tmp_path)] == ["20261123T020000-dev", "20261124T020000-dev"]
    again = start(PLAN, files=MemoryFiles(), clock=FakeClock(), folder=tmp_path)
    assert again.run == "20261124T020000-dev-2"
