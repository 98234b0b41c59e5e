"""A warmed-up process that forks one child for each ``coe`` command, so that none pays for imports.

Run as a script. Takes one JSON object a line on stdin, answers with one a line on stdout::

    {"do": "run", "folder": ..., "arguments": [...], "endpoint": ["url", "token"], "faults": "", "kill": [kind, n]}
        -> {"code": 0, "out": ..., "err": ..., "counts": {...}}           code -9: it was killed
    {"do": "compile", "folder": ..., "environments": [...]} -> {}
    {"do": "serve", "folder": ..., "faults": ...} -> {"pid": ..., "endpoint": ["url", "token"]}
    {"do": "stop", "pid": ...}                    -> {}

Without an endpoint a command serves the sandbox itself, as users' commands do. What is compiled from Bicep
is kept between commands: the files do not change.
"""

from __future__ import annotations

import json
import os
import sys
import tempfile
import traceback
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).resolve().parents[3]))

from tests.contract.kill.boundaries import Boundaries


def main() -> None:
    """Answer until stdin ends."""
    warm()
    pipes: dict[int, int] = {}
    for line in sys.stdin:
        asked = json.loads(line)
        match asked["do"]:
            case "run":
                answer = run(asked)
            case "compile":
                answer = compile_all(Path(asked["folder"]), asked["environments"])
            case "serve":
                answer = serve(asked, pipes)
            case _:
                os.close(pipes.pop(asked["pid"]))
                os.waitpid(asked["pid"], 0)
                answer = {}
        print(json.dumps(answer), flush=True)


def warm() -> None:
    """Import what every command needs, and make compiling a matter of once."""
    import azure.core.pipeline.transport._requests_basic
    import azure.mgmt.authorization
    import azure.mgmt.resource.deployments
    import azure.mgmt.resource.deploymentstacks
    import azure.mgmt.resource.resources  # noqa: F401

    import coe_scaffold.cli.applying
    import coe_scaffold.cli.commands.apply
    import coe_scaffold.cli.commands.undo
    import coe_scaffold.cli.main
    import coe_scaffold.sandbox.server  # noqa: F401
    from coe_scaffold.local import compilers
    from coe_scaffold.operations.remembered import Remembered

    choose, chosen = compilers.choose, {}

    def remembering(kind: Any) -> Any:
        if kind not in chosen:
            chosen[kind] = Remembered(choose(kind))
        return chosen[kind]

    compilers.choose = remembering


def run(asked: dict[str, Any]) -> dict[str, Any]:
    """Fork a child that runs a command, and wait for its end."""
    with tempfile.TemporaryDirectory(prefix="coe-kill-") as name:
        streams = [Path(name) / one for one in ("out", "err", "counts")]
        pid = os.fork()
        if pid == 0:
            child(lambda: command(asked, *streams))
        _, status = os.waitpid(pid, 0)
        out, err, counts = (one.read_text() if one.exists() else "" for one in streams)
    code = os.waitstatus_to_exitcode(status)
    return {"code": code, "out": out, "err": err, "counts": json.loads(counts or "{}")}


def compile_all(folder: Path, environments: list[str]) -> dict[str, Any]:
    """Compile a workspace's templates in this process, for every child to come."""
    from coe_scaffold.cli.context import open_workspace
    from coe_scaffold.operations.predict import predict

    place = open_workspace(folder)
    for environment in environments:
        predict(place.settings, environment, place.compiler, place.clock)
    return {}


def command(asked: dict[str, Any], out: Path, err: Path, counts: Path) -> int:
    """Run one command in this process, a child; its streams go to files."""
    os.chdir(asked["folder"])
    for descriptor, target in ((1, out), (2, err)):
        os.dup2(os.open(target, os.O_WRONLY | os.O_CREAT), descriptor)
    os.dup2(os.open(os.devnull, os.O_RDONLY), 0)
    os.environ["COE_SANDBOX_FAULTS"] = asked.get("faults", "")
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
    pid = os.fork()
    if pid == 0:
        for other in (*pipes.values(), write, ours):
            os.close(other)
        child(lambda: serving(asked, read, theirs))
    os.close(theirs)
    os.close(read)
    pipes[pid] = write
    with os.fdopen(ours) as announced:
        return {"pid": pid, "endpoint": json.loads(announced.readline())}


def serving(asked: dict[str, Any], read: int, announce: int) -> int:
    """Serve until the pipe's other end is closed."""
    from coe_scaffold.cli.context import open_workspace, seed
    from coe_scaffold.sandbox import running

    place = open_workspace(Path(asked["folder"]))
    place.sandbox_state.parent.mkdir(exist_ok=True)
    with running(place.sandbox_state, seed(place.settings), faults=asked.get("faults", "")) as endpoint:
        os.write(announce, json.dumps([endpoint.url, endpoint.token]).encode() + b"\n")
        os.close(announce)
        os.read(read, 1)
    return 0


def child(work: Callable[[], int]) -> None:
    """Do something in a child and end it, whatever happens."""
    code = 70
    try:
        code = work()
    except BaseException:
        traceback.print_exc()
    finally:
        sys.stdout.flush()
        sys.stderr.flush()
        os._exit(code)


if __name__ == "__main__":
    main()
