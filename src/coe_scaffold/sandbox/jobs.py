"""Long-running work: started by a request, done in a thread, asked for by polling, kept in the state file.

Each job has an owner, the process that does it. When an owner is gone (killed, crashed), the next process
that looks at the job does it again from the start: every kind of work is idempotent.
"""

from __future__ import annotations

import base64
import json
import os
import secrets
import threading
import time
from collections.abc import Callable, Mapping
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import suppress

from coe_scaffold.model.json import Json
from coe_scaffold.sandbox import actors, store
from coe_scaffold.sandbox.refusals import ArmError
from coe_scaffold.sandbox.store import Store, Transaction

HEARTBEAT = 0.5
"""Seconds between two signs of life of a process."""
_SILENCE = 4.0
"""Seconds without a sign of life after which a process counts as gone."""

_KEPT = 3600.0
"""Seconds for which the result of a job can be asked for."""

Work = Callable[[str, Json], Json]
"""Does one job: (target, payload) to the result; raises ArmError when it fails."""


class Jobs:
    """The long-running work of one process; ``delay`` is for how many seconds each job waits at first."""

    def __init__(self, state: Store, kinds: Mapping[str, Work], *, delay: float = 0.0) -> None:
        self._store = state
        self._kinds = kinds
        self._delay = delay
        self._token = secrets.token_hex(8)
        self._pool = ThreadPoolExecutor(max_workers=4, thread_name_prefix="sandbox-job")
        self._closing = threading.Event()
        self._expected: dict[str, threading.Event] = {}
        self._unwritten: dict[str, Json] = {}
        """How jobs ended whose end could not be written down; their records still say Running."""
        self._again: Future[None] | None = None
        self._beat()
        self._pulse = threading.Thread(target=self._keep_beating, name="sandbox-pulse", daemon=True)
        self._pulse.start()

    def start(self, tx: Transaction, kind: str, target: str, payload: Json = None, *, key: str = "") -> str:
        """Record a job in the caller's transaction and return its id; :meth:`launch` it after the commit."""
        job = key or _name(kind)
        tx.put(
            store.JOB,
            job,
            {
                "kind": kind,
                "target": target,
                "payload": payload,
                "owner": self._token,
                "status": "Running",
                "started": time.time(),
                "principals": list(actors.current().principals),
            },
        )
        return job

    def launch(self, job: str, *, patience: float = 0.0) -> None:
        """Do a recorded job in a thread, ``patience`` seconds from now or once somebody asks for it.

        What takes the service seconds would otherwise be over before a client can cancel it.
        """
        if self._closing.is_set():
            return
        if patience:
            self._expected[job] = threading.Event()
        self._pool.submit(self._do, job, patience)

    def expect(self, job: str) -> None:
        """Note that somebody asks for a job: it need not wait any longer."""
        if (asked := self._expected.get(job)) is not None:
            asked.set()

    def look(self, tx: Transaction, job: str) -> Json | None:
        """Return a job's record, or None; take it over when its owner is gone."""
        record = tx.get(store.JOB, job)
        if record and job in self._unwritten:
            return {**record, **self._unwritten[job]}
        if record and record["status"] == "Running" and self._abandoned(tx, record["owner"]):
            record["owner"] = self._token
            tx.put(store.JOB, job, record)
            self.launch(job)
        return record

    def resume(self) -> None:
        """Take over every job whose owner is gone, and forget the results of old ones."""
        with self._store.transaction() as tx:
            for key, record in tx.all(store.JOB):
                if record["status"] == "Running":
                    self.look(tx, key)
                elif time.time() - record["started"] > _KEPT:
                    tx.delete(store.JOB, key)

    def close(self) -> None:
        """Finish the running jobs and sign off; jobs not yet begun wait for the next process."""
        self._closing.set()
        for asked in list(self._expected.values()):
            asked.set()
        self._pool.shutdown(wait=True, cancel_futures=True)
        self._pulse.join()
        with suppress(ArmError), self._store.transaction() as tx:
            tx.delete(store.PROCESS, self._token)

    def _do(self, job: str, patience: float) -> None:
        if (asked := self._expected.get(job)) is not None:
            asked.wait(patience)
            self._expected.pop(job, None)
        if self._delay:
            self._closing.wait(self._delay)  # whoever closes waits for no delay
        with self._store.transaction() as tx:
            record = tx.get(store.JOB, job)
        if record is None or record["status"] != "Running" or record["owner"] != self._token:
            return
        outcome = self._outcome(record)
        try:
            if outcome["status"] == "Failed" and outcome["error"]["code"] == store.UNWRITABLE:
                self._unwritten[job] = outcome
                return
            with self._store.transaction() as tx:
                if tx.get(store.JOB, job) is not None:
                    tx.put(store.JOB, job, {**record, "payload": None, **outcome})
        except ArmError:
            self._unwritten[job] = outcome
        else:
            self._unwritten.pop(job, None)

    def _outcome(self, record: Json) -> dict[str, Json]:
        """Do the work of a job; return how it ended."""
        try:
            with actors.acting(actors.Actor(tuple(record["principals"]))):
                return {
                    "status": "Succeeded",
                    "result": self._kinds[record["kind"]](record["target"], record["payload"]),
                }
        except ArmError as error:
            return {"status": "Failed", "code": error.status, "error": error.error()}
        except Exception as error:  # a defect of the sandbox must reach the client, not hang its poller
            message = f"The sandbox failed: {type(error).__name__}: {error}"
            error_body = {"code": "InternalServerError", "message": message}
            return {"status": "Failed", "code": 500, "error": error_body}

    def _abandoned(self, tx: Transaction, owner: str) -> bool:
        if owner == self._token:
            return False
        process = tx.get(store.PROCESS, owner)
        if process is None or time.time() - process["seen"] > _SILENCE:
            return True
        return os.name == "posix" and not _alive(process["pid"])

    def _beat(self) -> None:
        with self._store.transaction() as tx:
            tx.put(store.PROCESS, self._token, {"pid": os.getpid(), "seen": time.time()})

    def _keep_beating(self) -> None:
        while not self._closing.wait(HEARTBEAT):
            with suppress(ArmError, RuntimeError):  # a full disk; a pool that is shut down
                self._beat()
                if self._unwritten and (self._again is None or self._again.done()):
                    self._again = self._pool.submit(self._do_again, list(self._unwritten))

    def _do_again(self, jobs: list[str]) -> None:
        """Do once more what a full disk ended: now there may be room to finish it, and to say so."""
        for job in jobs:
            self._do(job, 0.0)


def _alive(pid: int) -> bool:
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    except PermissionError:
        return True
    return True


def _name(kind: str) -> str:
    """Return a job id in the form of ARM's: base64 of a small JSON object, without padding."""
    text = json.dumps({"jobId": f"{kind}-{secrets.token_hex(8).upper()}", "jobLocation": "sandbox"})
    return base64.urlsafe_b64encode(text.encode()).decode().rstrip("=")
