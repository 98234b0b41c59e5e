"""The sandbox: a local Azure Resource Manager that the unmodified Azure SDK clients talk to over HTTP.

It listens on 127.0.0.1 only and asks for a token that is new in every run. State is one SQLite file that
several processes may use. It is a test double: what it does not model, it refuses to do.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from coe_scaffold.sandbox.seed import Endpoint, Seed

__all__ = ["Endpoint", "Seed", "running"]


@contextmanager
def running(
    state: Path | None, seed: Seed, *, port: int = 0, faults: str = "", certificates: Path | None = None
) -> Iterator[Endpoint]:
    """Run a sandbox for the length of a ``with`` block and yield where it is.

    ``state`` is its file, created when missing; None keeps nothing. ``port`` 0 takes a free one.
    ``faults`` is a string such as ``throttle:0.2,latency:50ms`` (see ``faults.py``). ``certificates`` is a
    folder: it is served over HTTPS then, with a certificate made there. Raises CorruptStateError for a file
    that is not a state file, UsageError for a port in use or a wrong fault.
    """
    from tempfile import TemporaryDirectory

    from coe_scaffold.sandbox.faults import parse
    from coe_scaffold.sandbox.server import serve

    plan = parse(faults)
    if state is not None:
        with serve(state, seed, port, plan, certificates) as endpoint:
            yield endpoint
        return
    with (
        TemporaryDirectory(prefix="coe-sandbox-") as folder,
        serve(Path(folder) / "state.db", seed, port, plan, certificates) as endpoint,
    ):
        yield endpoint
