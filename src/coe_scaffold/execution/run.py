"""Execute a plan: its steps as a graph, some at a time, each journalled before and after.

Steps run in threads; everything else (journal, events, decisions) happens in the calling thread, one event
after the other. Nothing is retried or slowed down here: the cloud's own client does that.
"""

from __future__ import annotations

import threading
from collections.abc import Callable
from queue import Empty, SimpleQueue

from coe_scaffold.errors import CloudError, CoeError
from coe_scaffold.execution.interrupts import Interrupts
from coe_scaffold.execution.journal import Journal
from coe_scaffold.execution.steps import Ports, Result, perform, verify
from coe_scaffold.model.deployment_json import masked, secret_values
from coe_scaffold.model.journal import Entry, Event
from coe_scaffold.model.json import Json
from coe_scaffold.model.plan import Plan, Step, StepKind
from coe_scaffold.ports import Clock, Operation

CONCURRENCY = 16
"""Steps at a time: uses all that ARM's write bucket refills (10 a second) even if each takes a second."""

_WAKE_SECONDS = 0.2
_ENDED = ("succeeded", "failed", "canceled")


def _ignore(entry: Entry) -> None:
    return None


def execute(
    plan: Plan,
    ports: Ports,
    clock: Clock,
    journal: Journal,
    on_event: Callable[[Entry], None] = _ignore,
    concurrency: int = CONCURRENCY,
) -> tuple[Entry, ...]:
    """Execute the writing steps of a plan and return every entry, in the order of events.

    A failed step is an entry, not an exception: the steps that depend on it are skipped, the others go
    on. On Ctrl+C no step starts any more and the running ones are awaited; on a second one they are
    noted as unknown and left. KeyboardInterrupt is raised when the journal is complete. An exception
    that is no CoeError is a bug: it is journalled, running steps are awaited, then it is raised; so is
    a journal that cannot be written. Raises ConfigError or UsageError, before anything is written, for
    a step whose payload is not whole.
    """
    if concurrency < 1:
        raise ValueError("concurrency must be at least 1")
    for step in plan.writes:
        verify(step)
    with Interrupts() as interrupts:
        return _Execution(plan, ports, clock, journal, on_event, concurrency, interrupts).run()


class _Execution:
    """The state of one execution; only the calling thread touches it, ``_work`` aside."""

    def __init__(
        self,
        plan: Plan,
        ports: Ports,
        clock: Clock,
        journal: Journal,
        on_event: Callable[[Entry], None],
        concurrency: int,
        interrupts: Interrupts,
    ) -> None:
        self.ports = ports
        self.clock = clock
        self.journal = journal
        self.on_event = on_event
        self.concurrency = concurrency
        self.interrupts = interrupts
        self.waiting = {step.id: step for step in plan.writes}
        self.running: dict[str, Result] = {}
        self.failed: set[str] = set()
        self.queue: SimpleQueue[tuple[Step, Operation | BaseException | None]] = SimpleQueue()
        self.entries: list[Entry] = []
        self.stopped: BaseException | None = None
        self.secrets = {
            value
            for step in plan.writes
            if step.kind is StepKind.DEPLOYMENT
            for value in secret_values(step.after)
        }

    def run(self) -> tuple[Entry, ...]:
        while True:
            if self.interrupts.count and not isinstance(self.stopped, KeyboardInterrupt):
                self._stop()
            if self.interrupts.count > 1:
                self._leave_running()
            if self.stopped is None:
                self._skip_broken()
                self._start_ready()
            if not self.running:
                break
            self._handle_next()
        if self.stopped is not None:
            raise self.stopped
        if self.waiting:
            raise ValueError(f"steps wait for each other: {', '.join(sorted(self.waiting))}")
        return tuple(self.entries)

    def _skip_broken(self) -> None:
        """Skip what depends on a failed or skipped step, and what depends on that."""
        found = True
        while found:
            found = False
            for step in list(self.waiting.values()):
                broken = next((one for one in step.depends_on if one in self.failed), None)
                if broken is not None:
                    found = True
                    del self.waiting[step.id]
                    self.failed.add(step.id)
                    self._record(step.id, Event.SKIPPED, f"needs {broken}, which did not succeed")

    def _start_ready(self) -> None:
        for step in list(self.waiting.values()):
            if self.stopped is not None or len(self.running) >= self.concurrency:
                return
            if not any(one in self.waiting or one in self.running for one in step.depends_on):
                self._start(step)

    def _start(self, step: Step) -> None:
        if not self._record(step.id, Event.STARTED, step.title):
            return
        del self.waiting[step.id]
        result = self.running[step.id] = Result()
        threading.Thread(target=self._work, args=(step, result), name=step.id, daemon=True).start()

    def _work(self, step: Step, result: Result) -> None:
        try:
            perform(step, self.ports, lambda operation: self.queue.put((step, operation)), result)
            self.queue.put((step, None))
        except BaseException as error:
            self.queue.put((step, error))

    def _handle_next(self) -> None:
        try:
            step, message = self.queue.get(timeout=_WAKE_SECONDS)
        except Empty:
            return
        match message:
            case Operation():
                self._progress(step, message)
            case None:
                result = self.running.pop(step.id)
                self._record(step.id, Event.SUCCEEDED, "", tuple(result.created), result.data)
            case error:
                self._fail(step, error)

    def _progress(self, step: Step, operation: Operation) -> None:
        """Tell progress; keep in the journal only how each resource ended, and that it is new."""
        data = {"resource": operation.resource, "state": operation.state}
        keep = operation.state.lower() in _ENDED
        new = operation.resource in self.running[step.id].created
        created = (operation.resource,) if new and operation.state.lower() == "succeeded" else ()
        self._record(step.id, Event.PROGRESS, operation.detail, created, data, keep=keep)

    def _fail(self, step: Step, error: BaseException) -> None:
        created = tuple(self.running.pop(step.id).created)
        self.failed.add(step.id)
        if isinstance(error, CoeError):
            self._record(step.id, Event.FAILED, error.summary, created, _explained(error))
        else:
            detail = f"{type(error).__name__}: {error}"
            self._record(step.id, Event.FAILED, detail, created, {"code": type(error).__name__})
            self.stopped = self.stopped or error

    def _stop(self) -> None:
        """Start nothing any more; say what is waited for."""
        self.stopped = KeyboardInterrupt()
        for name in self.running:
            detail = "interrupted: waiting for it to end; Ctrl+C again leaves it"
            self._record(name, Event.PROGRESS, detail, keep=False)

    def _leave_running(self) -> None:
        for name in list(self.running):
            created = tuple(self.running.pop(name).created)
            detail = "interrupted while it ran: whether it ended is not known"
            self._record(name, Event.FAILED, detail, created, {"code": "Interrupted"})

    def _record(
        self,
        step: str,
        event: Event,
        detail: str,
        created: tuple[str, ...] = (),
        data: Json = None,
        *,
        keep: bool = True,
    ) -> bool:
        """Journal an entry, then tell it; trouble with either stops the run in an orderly way.

        Returns whether the entry is on the disk, if it is to be kept.
        """
        at = self.clock.now().isoformat()
        detail, data = masked(detail, self.secrets), masked(data, self.secrets)
        entry = Entry(self.journal.run, step, event, at, detail, created, data)
        self.entries.append(entry)
        kept = not keep
        try:
            if keep:
                self.journal.append(entry)
                kept = True
            self.on_event(entry)
        except KeyboardInterrupt:
            self.interrupts.count += 1
        except Exception as error:
            self.stopped = self.stopped or error
        return kept


def _explained(error: CoeError) -> dict[str, str]:
    explained = {"fix": error.fix, "code": error.code, "detail": error.detail}
    if isinstance(error, CloudError):
        explained["correlationId"] = error.correlation_id
    return explained
