"""The moments at which a process can be killed: around every line, plan, request and commit.

Installed into a process of its own only (see ``forge.py``): a process that reaches the chosen moment kills
itself with SIGKILL, which nothing in it can catch or tidy up after.
"""

from __future__ import annotations

import os
import signal
import threading
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

KINDS = (
    "before a line",
    "inside a line",
    "after a line",
    "before a plan",
    "after a plan",
    "before a request",
    "after a request",
    "before a commit",
    "after a commit",
)
"""Around the journal's lines and the plan files, the client's HTTP requests, the sandbox's transactions."""


@dataclass
class Boundaries:
    """Counts the moments from the first file of a run on; dies at one. ``number`` counts from 1."""

    kind: str = ""
    number: int = 0
    counts: Counter[str] = field(default_factory=Counter)
    begun: bool = False
    lock: threading.Lock = field(default_factory=threading.Lock)

    def reach(self, kind: str) -> None:
        """Note a moment, and die when it is the chosen one."""
        if self.due(kind):
            die()

    def due(self, kind: str) -> bool:
        """Note a moment and return whether it is the chosen one."""
        with self.lock:
            if not self.begun:
                return False
            self.counts[kind] += 1
            return kind == self.kind and self.counts[kind] == self.number

    def install(self) -> None:
        """Watch this process from now on."""
        self._files()
        self._requests()
        self._commits()

    def _files(self) -> None:
        from coe_scaffold.local.files import DiskFiles

        append, write = DiskFiles.append, DiskFiles.write

        def appending(files: DiskFiles, path: Path, line: str) -> None:
            self.reach("before a line")
            if self.due("inside a line"):
                with path.open("ab") as file:
                    file.write(line.encode()[: len(line) // 2])
                    file.flush()
                    os.fsync(file.fileno())
                die()
            append(files, path, line)
            self.reach("after a line")

        def writing(files: DiskFiles, path: Path, content: bytes, *, private: bool = False) -> None:
            self.begun = self.begun or path.parent.name == "runs"
            self.reach("before a plan")
            write(files, path, content, private=private)
            self.reach("after a plan")

        _replace(DiskFiles, append=appending, write=writing)

    def _requests(self) -> None:
        from azure.core.pipeline.transport import RequestsTransport

        send = RequestsTransport.send

        def sending(transport: Any, request: Any, **options: Any) -> Any:
            self.reach("before a request")
            answer = send(transport, request, **options)
            self.reach("after a request")
            return answer

        _replace(RequestsTransport, send=sending)

    def _commits(self) -> None:
        from coe_scaffold.sandbox.store import Store, Transaction

        transaction = Store.transaction

        @contextmanager
        def committing(store: Store) -> Iterator[Transaction]:
            with transaction(store) as tx:
                yield tx
                self.reach("before a commit")
            self.reach("after a commit")

        _replace(Store, transaction=committing)


def _replace(owner: type, **methods: Any) -> None:
    for name, method in methods.items():
        setattr(owner, name, method)


def die() -> None:
    """End this process at once."""
    os.kill(os.getpid(), signal.SIGKILL)
