"""One workspace whose commands run in forked children; its sandbox and journals are kept and set back."""

from __future__ import annotations

import json
import random
import shutil
import sqlite3
import subprocess
import sys
import uuid
from collections.abc import Iterator, Mapping
from contextlib import closing, contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from tests.contract.kill.boundaries import KINDS
from tests.contract.kill.place import state

KILLED = -9
FORGE = Path(__file__).with_name("forge.py")


@dataclass(frozen=True)
class Point:
    """A moment to be killed at: the ``number``-th of a kind, counted from 1."""

    kind: str
    number: int


@dataclass(frozen=True)
class Ended:
    """How a command ended."""

    code: int
    out: str
    err: str
    counts: Mapping[str, int]


@dataclass
class Bench:
    """A workspace, and the process that forks its commands. ``faults`` are the sandbox's."""

    folder: Path
    forge: subprocess.Popen[str]
    faults: str = ""
    endpoint: list[str] = field(default_factory=list)

    def coe(self, *arguments: str, code: int | None = 0, kill: Point | None = None) -> Ended:
        """Run a command; with ``kill``, the process dies there."""
        answer = self._ask(
            do="run",
            folder=str(self.folder),
            arguments=arguments,
            endpoint=self.endpoint,
            faults=self.faults,
            kill=[kill.kind, kill.number] if kill else None,
        )
        ended = Ended(**answer)
        assert "Traceback" not in ended.err, ended.err
        assert code is None or ended.code == code, f"{arguments}: {ended.out}{ended.err[-3000:]}"
        return ended

    def runs(self) -> list[dict[str, Any]]:
        """Return what ``coe runs`` lists."""
        listed: list[dict[str, Any]] = json.loads(self.coe("runs", "--output", "json").out)["runs"]
        return listed

    @contextmanager
    def serving(self) -> Iterator[None]:
        """Serve the sandbox in a process of its own, which outlives the commands."""
        answer = self._ask(do="serve", folder=str(self.folder), faults=self.faults)
        self.endpoint = answer["endpoint"]
        try:
            yield
        finally:
            self.endpoint = []
            self._ask(do="stop", pid=answer["pid"])

    def state(self) -> dict[str, Any]:
        """Return what the sandbox holds, without times and generated ids."""
        return state(self.folder / ".coe" / "sandbox.db")

    def keep(self) -> Path:
        """Copy sandbox and journals as they are now, whoever uses them, and return where they are."""
        kept = self.folder.parent / f"kept-{uuid.uuid4().hex}"
        here = self.folder / ".coe"
        shutil.copytree(here / "runs", kept / "runs") if (here / "runs").exists() else kept.mkdir()
        with (
            closing(sqlite3.connect(here / "sandbox.db")) as source,
            closing(sqlite3.connect(kept / "sandbox.db")) as target,
        ):
            source.backup(target)
        return kept

    def set_back(self, kept: Path) -> None:
        """Make sandbox and journals what they were when they were kept."""
        shutil.rmtree(self.folder / ".coe", ignore_errors=True)
        shutil.copytree(kept, self.folder / ".coe")

    def _ask(self, **asked: Any) -> dict[str, Any]:
        assert self.forge.stdin is not None
        assert self.forge.stdout is not None
        print(json.dumps(asked), file=self.forge.stdin, flush=True)
        answer: dict[str, Any] = json.loads(self.forge.stdout.readline())
        return answer


@contextmanager
def bench(folder: Path) -> Iterator[Bench]:
    """Make a workspace with landing zone and project in ``folder``, on a sandbox that others use too."""
    forge = subprocess.Popen(
        [sys.executable, str(FORGE)], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    )
    try:
        made = Bench(folder, forge)
        made.coe("init", "--no-input", "--name", "Contoso", "--prefix", "cto", "--dir", "ws")
        made.folder = folder / "ws"
        made.coe("new", "landing-zone", "--no-input")
        made.coe("new", "project", "claims-chat", "--kind", "rag", "--no-input")
        made._ask(do="prepare", folder=str(made.folder), environment="dev")
        yield made
    finally:
        forge.communicate(timeout=60)


def points(count: int, counts: Mapping[str, int], seed: int) -> list[Point]:
    """Return seeded random moments, each kind in turn; ``counts`` tells how many there are of each."""
    source = random.Random(seed)
    kinds = [kind for kind in KINDS if counts.get(kind)]
    source.shuffle(kinds)
    return [
        Point(kind, source.randint(1, counts[kind]))
        for number in range(count)
        for kind in (kinds[number % len(kinds)],)
    ]
