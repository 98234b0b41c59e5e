"""Runs ``coe`` as a user does: a process, a folder, an exit code, two streams.

The processes are forked from one that has imported everything; ``COE_REAL_PROCESSES=1`` starts each anew.
"""

from __future__ import annotations

import json
import os
import select
import signal
import subprocess
import sys
import tempfile
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

COE = Path(sys.executable).parent / "coe"
TIMEOUT = 180
"""Seconds after which a command counts as stuck."""


@dataclass(frozen=True)
class Ran:
    """What one run of ``coe`` gave back."""

    code: int
    out: str
    err: str

    @property
    def document(self) -> Any:
        """The one JSON document on stdout."""
        return json.loads(self.out)


def coe(*arguments: str, cwd: Path, env: dict[str, str] | None = None) -> Ran:
    """Run ``coe`` without a terminal and return what came back; a traceback is always a failure."""
    environ = {key: value for key, value in os.environ.items() if not key.startswith("COE_")}
    environ |= {"CI": "true", **(env or {})}
    start = _anew if "COE_REAL_PROCESSES" in os.environ or not hasattr(os, "fork") else _forked
    result = start(arguments, cwd, environ)
    assert "Traceback" not in result.err, result.err
    assert result.code != 70, result.err
    return result


def _anew(arguments: Sequence[str], cwd: Path, environ: Mapping[str, str]) -> Ran:
    result = subprocess.run(
        [str(COE), *arguments],
        cwd=cwd,
        env=environ,
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        timeout=TIMEOUT,
    )
    return Ran(result.returncode, result.stdout, result.stderr)


def _forked(arguments: Sequence[str], cwd: Path, environ: Mapping[str, str]) -> Ran:
    forge = _forge()
    assert forge.stdin
    assert forge.stdout
    with tempfile.TemporaryDirectory(prefix="coe-forked-") as folder:
        out, err = Path(folder, "out"), Path(folder, "err")
        streams = {"out": str(out), "err": str(err)}
        asked = {"arguments": arguments, "folder": str(cwd), "environ": environ, **streams}
        print(json.dumps(asked), file=forge.stdin, flush=True)
        if not select.select([forge.stdout], [], [], TIMEOUT)[0]:
            os.killpg(forge.pid, signal.SIGKILL)
            _forge.cache_clear()
            raise AssertionError(f"coe {' '.join(arguments)} takes more than {TIMEOUT} s: {err.read_text()}")
        return Ran(json.loads(forge.stdout.readline())["code"], out.read_text(), err.read_text())


@cache
def _forge() -> subprocess.Popen[str]:
    """Start the process that forks; it ends with this one, whose end closes its stdin."""
    environ = {key: value for key, value in os.environ.items() if not key.startswith("COE_")}
    return subprocess.Popen(
        [sys.executable, str(Path(__file__).with_name("forge.py"))],
        env=environ,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
        start_new_session=True,
    )
