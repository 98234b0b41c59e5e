"""A warmed-up process that forks a child for each ``coe`` command, which need not import anything.

Run as a script. Takes one JSON object a line on stdin, answers with one a line on stdout::

    {"arguments": [...], "folder": ..., "environ": {...}, "out": path, "err": path} -> {"code": 0}

This process only imports. What a child imported besides, the next one finds imported.
"""

from __future__ import annotations

import atexit
import gc
import importlib
import json
import os
import pkgutil
import sys
import threading
from contextlib import suppress
from functools import partial
from pathlib import Path
from typing import Any

import coe_scaffold

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from tests.forked import fork, redirect


def main() -> None:
    """Answer until stdin ends."""
    for module in pkgutil.walk_packages(coe_scaffold.__path__, "coe_scaffold."):
        if not module.name.endswith("__main__"):
            importlib.import_module(module.name)
    gc.collect()
    gc.freeze()
    for line in sys.stdin:
        asked = json.loads(line)
        read, write = os.pipe()
        pid = fork(partial(command, asked, read, write))
        os.close(write)
        with os.fdopen(read) as told:
            learned = told.read()
        _, status = os.waitpid(pid, 0)
        sys.stdout.write(json.dumps({"code": os.waitstatus_to_exitcode(status)}) + "\n")
        sys.stdout.flush()
        for name in json.loads(learned or "[]"):
            with suppress(ImportError):
                importlib.import_module(name)


def command(asked: dict[str, Any], ours: int, told: int) -> None:
    """Run a command as a new process would, and tell at its end what it imported besides."""
    os.close(ours)
    known = set(sys.modules)
    os.chdir(asked["folder"])
    os.environ.clear()
    os.environ.update(asked["environ"])
    redirect(Path(asked["out"]), Path(asked["err"]))
    try:
        from coe_scaffold.cli.main import main as coe

        coe(asked["arguments"])
    finally:
        threading._shutdown()  # type: ignore[attr-defined]
        atexit._run_exitfuncs()
        learned = [name for name in sys.modules if name not in known and not name.startswith("_")]
        os.write(told, json.dumps(learned).encode())


if __name__ == "__main__":
    main()
