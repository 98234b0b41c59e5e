"""A warmed-up process that forks one child for each ``coe`` command, so that none pays for imports.

Run as a script. Takes one JSON object a line on stdin, answers with one a line on stdout::

    {"do": "run", "folder": ..., "arguments": [...],
     "endpoint": ["url", "token"], "faults": "", "kill": [kind, number]}
        -> {"code": 0, "out": ..., "err": ..., "counts": {...}}           code -9: it was killed
    {"do": "prepare", "folder": ..., "environment": ...} -> {}
    {"do": "serve", "folder": ..., "faults": ...} -> {"pid": ..., "endpoint": ["url", "token"]}
    {"do": "stop", "pid": ...}                    -> {}

Without an endpoint a command serves the sandbox itself, as users' commands do. What follows from the files
alone is kept between commands, because they do not change: compiled templates, resource graphs, findings and
wanted access. Everything that asks the cloud, and everything after it, is done anew.
"""

from __future__ import annotations

import gc
import json
import os
import shutil
import sys
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).resolve().parents[3]))

from tests.contract.kill.boundaries import Boundaries
from tests.forked import fork, redirect


def main() -> None:
    """Answer until stdin ends."""
    pipes: dict[int, int] = {}
    for line in sys.stdin:
        asked = json.loads(line)
        match asked["do"]:
            case "run":
                answer = run(asked)
            case "prepare":
                answer = prepare(Path(asked["folder"]), asked["environment"])
            case "serve":
                answer = serve(asked, pipes)
            case _:
                os.close(pipes.pop(asked["pid"]))
                os.waitpid(asked["pid"], 0)
                answer = {}
        sys.stdout.write(json.dumps(answer) + "\n")
        sys.stdout.flush()


def remembered(function: Callable[..., Any]) -> Callable[..., Any]:
    """Return a function of (settings, environment, ...) that works once for each environment."""
    known: dict[str, Any] = {}

    def once(settings: Any, environment: str, *given: Any) -> Any:
        if environment not in known:
            known[environment] = function(settings, environment, *given)
        return known[environment]

    return once


def run(asked: dict[str, Any]) -> dict[str, Any]:
    """Fork a child that runs a command, and wait for its end."""
    with tempfile.TemporaryDirectory(prefix="coe-kill-") as name:
        streams = [Path(name) / one for one in ("out", "err", "counts")]
        pid = fork(lambda: command(asked, *streams))
        _, status = os.waitpid(pid, 0)
        out, err, counts = (one.read_text() if one.exists() else "" for one in streams)
    code = os.waitstatus_to_exitcode(status)
    return {"code": code, "out": out, "err": err, "counts": json.loads(counts or "{}")}


def prepare(folder: Path, environment: str) -> dict[str, Any]:
    """Apply and undo once in this process, for every child to come: imports, and what the files lead to."""
    from coe_scaffold.cli.main import run as coe
    from coe_scaffold.operations import plan

    for name in ("predict", "check", "separation", "desired"):
        setattr(plan, name, remembered(getattr(plan, name)))
    os.chdir(folder)
    stdout, stderr = sys.stdout, sys.stderr
    with Path(os.devnull).open("w") as nowhere:
        sys.stdout = sys.stderr = nowhere
        try:
            coe(["apply", "--env", environment, "--yes"])
            run_id = next((folder / ".coe" / "runs").glob("*.jsonl")).stem
            coe(["runs"])
            coe(["undo", run_id, "--yes"])
        finally:
            sys.stdout, sys.stderr = stdout, stderr
    shutil.rmtree(folder / ".coe")
    gc.collect()
    gc.freeze()
    return {}


def command(asked: dict[str, Any], out: Path, err: Path, counts: Path) -> int:
    """Run one command in this process, a child; its streams go to files."""
    os.chdir(asked["folder"])
    redirect(out, err)
    os.environ["COE_SANDBOX__FAULTS"] = asked.get("faults", "")
    os.environ["CI"] = "true"
    kind, number = asked.get("kill") or ("", 0)
    boundaries = Boundaries(kind, number)
    boundaries.install()
    if asked.get("endpoint"):
        use(*asked["endpoint"])
    from coe_scaffold.cli.main import run as coe

    code = coe(asked["arguments"])
    counts.write_text(json.dumps(boundaries.counts))
    return code


def use(url: str, token: str) -> None:
    """Make this process's commands use a sandbox that is served elsewhere."""
    from coe_scaffold import sandbox

    @contextmanager
    def served(*_: object, **__: object) -> Iterator[sandbox.Endpoint]:
        yield sandbox.Endpoint(url, token)

    sandbox.running = served


def serve(asked: dict[str, Any], pipes: dict[int, int]) -> dict[str, Any]:
    """Fork a child that serves the workspace's sandbox until it is stopped or this process ends."""
    (ours, theirs), (read, write) = os.pipe(), os.pipe()
    pid = fork(lambda: serving(asked, (*pipes.values(), write, ours), read, theirs))
    os.close(theirs)
    os.close(read)
    pipes[pid] = write
    with os.fdopen(ours) as announced:
        return {"pid": pid, "endpoint": json.loads(announced.readline())}


def serving(asked: dict[str, Any], others: tuple[int, ...], read: int, announce: int) -> int:
    """Serve until the pipe's other end is closed; ``others`` are the forging process's own ends."""
    for other in others:
        os.close(other)
    from coe_scaffold.cli.context import open_workspace, seed
    from coe_scaffold.sandbox import running

    place = open_workspace(Path(asked["folder"]))
    place.sandbox_state.parent.mkdir(exist_ok=True)
    with running(place.sandbox_state, seed(place.settings), faults=asked.get("faults", "")) as endpoint:
        os.write(announce, json.dumps([endpoint.url, endpoint.token]).encode() + b"\n")
        os.close(announce)
        os.read(read, 1)
    return 0


if __name__ == "__main__":
    main()
