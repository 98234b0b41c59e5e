"""Live progress of a run on stderr: spinners for people at a terminal, plain lines for everybody else."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime
from typing import TYPE_CHECKING, TextIO

from coe_scaffold.model.journal import Entry, Event
from coe_scaffold.model.plan import Plan
from coe_scaffold.model.scope import Scope
from coe_scaffold.report.plan_lines import described
from coe_scaffold.report.style import clean

if TYPE_CHECKING:
    from rich.progress import Progress, TaskID

_ENDED = ("succeeded", "failed", "canceled")


@contextmanager
def progress(
    plan: Plan, *, stream: TextIO | None = None, live: bool | None = None
) -> Iterator[Callable[[Entry], None]]:
    """Yield what is called with every entry of a run.

    ``stream`` is stderr when not given; ``live`` asks for spinners, by default when the stream is a
    terminal.
    """
    target = sys.stderr if stream is None else stream
    titles = {step.id: step.title for step in plan.steps}
    named = {one.resource.key: one.title for step in plan.steps for one in step.changes if one.title}
    if target.isatty() if live is None else live:
        with _live(target) as bars:
            yield _Live(bars, _Told(titles, named)).tell
    else:
        told = _Told(titles, named)

        def write(entry: Entry) -> None:
            line = told.line(entry)
            if line:
                target.write(f"{entry.at[11:19]} {clean(line)}\n")
                target.flush()

        yield write


@dataclass
class _Told:
    """Turns entries to lines; remembers when each step started and how many resources it has done."""

    titles: dict[str, str]
    named: dict[str, str] = field(default_factory=dict)
    started: dict[str, str] = field(default_factory=dict)
    done: dict[str, set[str]] = field(default_factory=dict)

    def line(self, entry: Entry) -> str:
        """Return the line of an entry, or an empty string for one that says nothing new."""
        title = self.titles.get(entry.step, entry.step)
        match entry.event:
            case Event.STARTED:
                self.started[entry.step] = entry.at
                self.done[entry.step] = set()
                return f"> {title}"
            case Event.PROGRESS:
                return self._progress(entry)
            case Event.SUCCEEDED:
                return f"+ {title}  {self.elapsed(entry)}"
            case Event.FAILED:
                return f"! {title}  {self.elapsed(entry)}: {' '.join(entry.detail.split())}"
            case Event.SKIPPED:
                return f"- {title}  skipped: {entry.detail}"

    def elapsed(self, entry: Entry) -> str:
        """Return the seconds since the step started."""
        start = datetime.fromisoformat(self.started.get(entry.step, entry.at))
        return f"{(datetime.fromisoformat(entry.at) - start).total_seconds():.1f} s"

    def _progress(self, entry: Entry) -> str:
        data = entry.data or {}
        if not data:
            return f"  {self.titles.get(entry.step, entry.step)}: {entry.detail}"
        done = self.done.setdefault(entry.step, set())
        resource, state = data["resource"], data["state"]
        if state.lower() not in _ENDED or resource.lower() in done:
            return ""
        done.add(resource.lower())
        detail = f": {entry.detail}" if entry.detail else ""
        return f"    {self.label(resource)}  {state}{detail}"

    def label(self, resource: str) -> str:
        """Return what the plan calls a resource, or its type and name."""
        return self.named.get(resource.lower()) or label(resource)


def label(resource: str) -> str:
    """Return a resource id as type and name, anything else as it is."""
    if not resource.lower().startswith(("/subscriptions/", "/providers/")):
        return resource
    return described(Scope(resource))


class _Live:
    def __init__(self, bars: Progress, told: _Told) -> None:
        self.bars = bars
        self.told = told
        self.tasks: dict[str, TaskID] = {}

    def tell(self, entry: Entry) -> None:
        """Update the spinner of the entry's step; print a line above when it ends."""
        line = self.told.line(entry)
        title = self.told.titles.get(entry.step, entry.step)
        if entry.event is Event.STARTED:
            self.tasks[entry.step] = self.bars.add_task(title, total=None, now="")
        elif entry.event is Event.PROGRESS and entry.step in self.tasks:
            data = entry.data or {}
            now = f"{self.told.label(data['resource'])} {data['state'].lower()}" if data else entry.detail
            done = len(self.told.done.get(entry.step, ()))
            self.bars.update(self.tasks[entry.step], now=f"{done} done, {now}" if data else now)
        else:
            if entry.step in self.tasks:
                self.bars.remove_task(self.tasks.pop(entry.step))
            self.bars.console.print(clean(line), markup=False, highlight=False)


@contextmanager
def _live(stream: TextIO) -> Iterator[Progress]:
    from rich.console import Console
    from rich.progress import Progress, SpinnerColumn, TextColumn, TimeElapsedColumn

    console = Console(file=stream, force_terminal=True)
    columns = (
        SpinnerColumn(),
        TextColumn("{task.description}", markup=False),
        TextColumn("{task.fields[now]}", markup=False),
        TimeElapsedColumn(),
    )
    with Progress(*columns, console=console, transient=True, redirect_stdout=False) as bars:
        yield bars
