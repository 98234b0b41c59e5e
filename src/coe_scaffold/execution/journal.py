"""The journal of a run: JSON Lines in ``.coe/runs/<run>.jsonl``, one line on the disk before the next write.

The first line says what the run is for, every other line is an :class:`Entry`. A run that was killed
leaves at most one torn line at the end; reading ignores that one and no other.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from pathlib import Path

from coe_scaffold.errors import CorruptStateError, UsageError
from coe_scaffold.model.journal import Entry, Event
from coe_scaffold.model.json import JsonObject
from coe_scaffold.model.plan import Plan
from coe_scaffold.ports import Clock, FileStore

JOURNAL_FORMAT = "coe-scaffold/journal/v1"


@dataclass(frozen=True)
class Run:
    """A journal that was read. ``torn`` tells that its last line was cut off and ignored.

    ``undoes`` is the run that this one takes back, if any. ``again`` is the command to give once more when
    it did not end, where that is not ``coe apply --resume``.
    """

    id: str
    environment: str
    cloud: str
    inputs: str
    observed: str
    started: str
    entries: tuple[Entry, ...] = ()
    torn: bool = False
    undoes: str = ""
    again: str = ""


class Journal:
    """Appends the entries of one run; each is on the disk when ``append`` returns."""

    def __init__(self, files: FileStore, path: Path, run: str) -> None:
        self._files = files
        self.path = path
        self.run = run

    def append(self, entry: Entry) -> None:
        """Write one entry; raise UsageError that names the way on when it cannot be written."""
        try:
            self._files.append(self.path, _line(entry_to_json(entry)))
        except UsageError as error:
            fix = f"{error.fix} Then 'coe runs' tells how to go on with {self.run}.".strip()
            raise UsageError(error.summary, detail=error.detail, fix=fix) from error


def start(
    plan: Plan,
    *,
    files: FileStore,
    clock: Clock,
    folder: Path,
    undoes: str = "",
    again: str = "",
    text: str = "",
) -> Journal:
    """Begin the journal of a new run in ``folder``; its id is time and environment, unique there.

    ``text`` is the plan's file; it is written first, so that every journal has one.
    """
    now = clock.now()
    name = f"{now:%Y%m%dT%H%M%S}-{plan.environment}"
    run, number = name, 1
    while (folder / f"{run}.jsonl").exists():
        number += 1
        run = f"{name}-{number}"
    path = folder / f"{run}.jsonl"
    header = {
        "format": JOURNAL_FORMAT,
        "run": run,
        "environment": plan.environment,
        "cloud": plan.cloud,
        "inputs": plan.inputs,
        "observed": plan.observed,
        "started": now.isoformat(),
        **({"undoes": undoes} if undoes else {}),
        **({"again": again} if again else {}),
    }
    if text:
        files.write(plan_path(folder, run), text.encode(), private=True)
    files.write(
        path, _line(header).encode() + b"\n"
    )  # whole or not there, so that a kill leaves no torn start
    return Journal(files, path, run)


def reopen(path: Path, files: FileStore) -> Journal:
    """Return the journal of an earlier run to be continued; its torn last line, if any, is cut off.

    Raises CorruptStateError and UsageError as :func:`read` does.
    """
    found = read(path, files)
    if found.torn:
        files.write(path, files.read(path).rpartition(b"\n")[0] + b"\n")
    return Journal(files, path, found.id)


def plan_path(folder: Path, run: str, attempt: int = 1) -> Path:
    """Return where the plan of a run is kept; each time a run is resumed it has one plan more."""
    return folder / (f"{run}.plan.json" if attempt == 1 else f"{run}.plan-{attempt}.json")


def plan_paths(folder: Path, run: str) -> tuple[Path, ...]:
    """Return the plans of a run, its first one first."""
    paths: list[Path] = []
    while (path := plan_path(folder, run, len(paths) + 1)).exists():
        paths.append(path)
    return tuple(paths)


def read(path: Path, files: FileStore) -> Run:
    """Return the run a journal tells of.

    Raises CorruptStateError with the line number for a line that is no entry, the torn last one
    excepted, and UsageError when the file cannot be read.
    """
    *lines, tail = files.read(path).split(b"\n")
    numbered = [(number, line) for number, line in enumerate(lines, start=1) if line.strip()]
    if not numbered:
        raise _corrupt(path, 1, "the first line is missing or torn")
    header = _parse(path, *numbered[0])
    if header.get("format") != JOURNAL_FORMAT:
        raise _corrupt(path, 1, f"its format is {header.get('format')!r}, not {JOURNAL_FORMAT}")
    try:
        known = {key: str(header[key]) for key in ("environment", "cloud", "inputs", "observed", "started")}
        run = str(header["run"])
    except KeyError as error:
        raise _corrupt(path, 1, f"{error} is missing") from None
    entries = tuple(_entry(path, number, line) for number, line in numbered[1:])
    told = {key: str(header.get(key, "")) for key in ("undoes", "again")}
    return Run(run, **known, entries=entries, torn=bool(tail.strip()), **told)


def runs(folder: Path) -> tuple[Path, ...]:
    """Return the journals in a folder, oldest first; none when the folder is missing."""
    return tuple(sorted(folder.glob("*.jsonl")))


def entry_to_json(entry: Entry) -> dict[str, object]:
    """Return an entry as JSON, lossless."""
    return {
        "run": entry.run,
        "step": entry.step,
        "event": entry.event.value,
        "at": entry.at,
        "detail": entry.detail,
        "created": list(entry.created),
        "data": entry.data,
    }


def entry_from_json(data: JsonObject) -> Entry:
    """Return what :func:`entry_to_json` wrote; raise KeyError, TypeError or ValueError for anything else."""
    return Entry(
        run=data["run"],
        step=data["step"],
        event=Event(data["event"]),
        at=data["at"],
        detail=data["detail"],
        created=tuple(data["created"]),
        data=data["data"],
    )


def _line(data: JsonObject) -> str:
    return json.dumps(data, ensure_ascii=True, separators=(",", ":"))


def _entry(path: Path, number: int, line: bytes) -> Entry:
    data = _parse(path, number, line)
    try:
        return entry_from_json(data)
    except (KeyError, TypeError, ValueError) as error:
        raise _corrupt(path, number, f"it is no entry ({error})") from None


def _parse(path: Path, number: int, line: bytes) -> JsonObject:
    try:
        data = json.loads(line)
    except ValueError:
        raise _corrupt(path, number, "it is not JSON") from None
    if not isinstance(data, dict):
        raise _corrupt(path, number, "it is not a JSON object")
    return data


def _corrupt(path: Path, number: int, reason: str) -> CorruptStateError:
    return CorruptStateError(
        f"{path}:{number}: the journal cannot be read: {reason}",
        fix="Remove the file to forget the run; 'coe plan' shows what the cloud holds.",
        code="COE-JRN-001",
    )
