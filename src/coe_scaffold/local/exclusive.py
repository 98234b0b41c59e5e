"""One writer at a time in a workspace: a lock file that the system frees however its holder ends."""

from __future__ import annotations

import contextlib
import json
import os
import time
from collections.abc import Callable, Iterator
from datetime import datetime
from io import RawIOBase
from pathlib import Path

from coe_scaffold.errors import CoeError
from coe_scaffold.local.files import as_usage_error


@contextlib.contextmanager
def exclusive(path: Path, command: str, now: datetime) -> Iterator[Callable[[str], None]]:
    """Hold a workspace's lock for the length of the block; yield what notes the run it is held for.

    The file tells process id, command, run and time. A lock whose holder has died is free: the system
    let go of it. Raises CoeError that names the holder when another process has it, UsageError when the
    file cannot be written.
    """
    with as_usage_error(path):
        path.parent.mkdir(parents=True, exist_ok=True)
        opened = path.open("a+b", buffering=0)
    with opened as file:
        if not _take(file):
            raise _taken(path)

        def note(run: str) -> None:
            holder = {"pid": os.getpid(), "command": command, "run": run, "since": now.isoformat()}
            with as_usage_error(path):
                file.seek(0)
                file.truncate()
                file.write(f"{json.dumps(holder)}\n".encode())

        note("")
        try:
            yield note
        finally:
            file.seek(0)
            file.truncate()
            _release(file)


def _taken(path: Path) -> CoeError:
    holder = _holder(path)
    who = f"process {holder['pid']}" if holder.get("pid") else "another process"
    what = f"'{holder['command']}'" if holder.get("command") else "a command"
    run = f", run {holder['run']}" if holder.get("run") else ""
    since = f", since {holder['since']}" if holder.get("since") else ""
    return CoeError(
        f"{who} is writing to this workspace's environments already ({what}{run}{since})",
        detail=f"It holds {path}.",
        fix="Wait until it has ended, then run the command again.",
        code="COE-RUN-001",
    )


def _holder(path: Path) -> dict[str, str]:
    """Return what the holder says of itself; it does so right after it took the lock, or never."""
    for _ in range(20):
        with contextlib.suppress(OSError, ValueError):
            holder: dict[str, str] = json.loads(path.read_text(encoding="utf-8"))
            return holder
        time.sleep(0.05)
    return {}


if os.name == "nt":  # pragma: no cover
    import msvcrt

    _PLACE = 1 << 30
    """A byte behind the text, so that others can read who holds the lock."""

    def _take(file: RawIOBase) -> bool:
        file.seek(_PLACE)
        try:
            msvcrt.locking(file.fileno(), msvcrt.LK_NBLCK, 1)  # type: ignore[attr-defined,unused-ignore]
        except OSError:
            return False
        return True

    def _release(file: RawIOBase) -> None:
        file.seek(_PLACE)
        msvcrt.locking(file.fileno(), msvcrt.LK_UNLCK, 1)  # type: ignore[attr-defined,unused-ignore]

else:
    import fcntl

    def _take(file: RawIOBase) -> bool:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError:
            return False
        return True

    def _release(file: RawIOBase) -> None:
        fcntl.flock(file, fcntl.LOCK_UN)
