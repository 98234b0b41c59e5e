"""Processes forked from one that has imported what they need: they do one thing and end with its code."""

from __future__ import annotations

import os
import sys
import traceback
from collections.abc import Callable
from pathlib import Path

BUG = 70
"""The code of a process in which an exception escaped."""


def fork(work: Callable[[], object]) -> int:
    """Return the id of a new process that does something and ends with the code that this gives."""
    pid = os.fork()
    if pid == 0:
        _end(work)
    return pid


def redirect(out: Path, err: Path) -> None:
    """Make files of this process's output; its input is empty."""
    for descriptor, path, mode in ((0, Path(os.devnull), "rb"), (1, out, "wb"), (2, err, "wb")):
        with path.open(mode) as stream:
            os.dup2(stream.fileno(), descriptor)


def _end(work: Callable[[], object]) -> None:
    code: object = BUG
    try:
        code = work()
    except SystemExit as ended:
        code = ended.code
    except BaseException:
        traceback.print_exc()
    finally:
        sys.stdout.flush()
        sys.stderr.flush()
        os._exit(code if isinstance(code, int) else 0 if code is None else 1)
