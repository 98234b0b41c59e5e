"""The agent: a loop that checks every proposed call, asks a person where something changes, and can be stopped."""

from __future__ import annotations

import logging
import time
import uuid
from collections.abc import Callable
from dataclasses import dataclass, replace

from .content_safety import ContentSafety
from .injection import suspicious
from .ports import Business, Call, Final, Planner, Step, ToolError
from .text import sentences
from .tools import Tool, Toolbox
from .trace import Trace
from .users import User

SORRY = {
    "unsafe-task": "I cannot help with that request.",
    "unsafe-answer": "I cannot show the answer because it did not pass the content check.",
    "steps": "I stopped: the task took more steps than I may take.",
    "time": "I stopped: the task took longer than it may.",
    "size": "I stopped: there was more to read than I may read.",
    "stopped": "I am switched off at the moment.",
    "failed": "I stopped: a service I need did not answer. What was done until then stands above.",
}
"""What the agent says when it ends for one of these reasons."""


@dataclass(frozen=True)
class Run:
    """One task. ``state`` is ``waiting`` (for a person to decide on ``pending``) or ``done``."""

    id: str
    user: str
    task: str
    state: str
    steps: tuple[Step, ...] = ()
    pending: Call | None = None
    answer: str = ""
    reason: str = ""
    seconds: float = 0.0


class DecisionError(Exception):
    """A decision that cannot be taken: nothing waits, or the person asked for it himself."""


@dataclass(frozen=True)
class Agent:
    """Runs tasks. ``enabled`` is the kill switch, asked before every step."""

    planner: Planner
    business: Business
    safety: ContentSafety
    toolbox: Toolbox
    trace: Trace
    prompt_version: str
    enabled: Callable[[], bool]
    clock: Callable[[], float] = time.monotonic

    def start(self, user: User, task: str) -> Run:
        """Work on a task until it is done or waits for a person."""
        run = Run(uuid.uuid4().hex, user.id, task, "done")
        if not (verdict := self.safety.inspect(task)).allowed:
            return self._end(run, "unsafe-task", detail=verdict.category)
        return self._go_on(run)

    def decide(self, run: Run, approver: User, *, approve: bool) -> Run:
        """Execute or decline the call that waits, exactly as it was shown, and go on.

        Raises DecisionError when nothing waits, and for the person who gave the task.
        """
        if run.state != "waiting" or run.pending is None:
            raise DecisionError("nothing waits for a decision")
        if approver.id == run.user:
            raise DecisionError("somebody else must decide about a task of one's own")
        call = run.pending
        resumed = replace(run, state="done", pending=None)
        if not self.enabled():
            return self._end(resumed, "stopped")
        if not approve:
            step = Step(call, "declined", "A person declined this call.", approver.id)
        else:
            step = self._execute(self.toolbox.tools[call.tool], call, approver.id)
        return self._go_on(self._taken(resumed, step))

    def _go_on(self, run: Run) -> Run:
        started = self.clock() - run.seconds
        while True:
            run = replace(run, seconds=self.clock() - started)
            if reason := self._limit(run):
                return self._end(run, reason)
            try:
                tools = tuple(self.toolbox.tools.values())
                proposal = self.planner.next(run.task, run.steps, tools)
            except Exception as error:  # whatever a service raises, what was done stays on record
                return self._failed(run, error)
            if isinstance(proposal, Final):
                return self._finish(run, proposal.text)
            if problems := self._problems(run, proposal):
                run = self._taken(run, Step(proposal, "refused", "; ".join(problems)))
                continue
            tool = self.toolbox.tools[proposal.tool]
            if tool.needs_person:
                waiting = replace(run, state="waiting", pending=proposal)
                self.trace.waiting(waiting, self.planner.name)
                return waiting
            run = self._taken(run, self._execute(tool, proposal, ""))

    def _limit(self, run: Run) -> str:
        if not self.enabled():
            return "stopped"
        if len(run.steps) >= self.toolbox.steps:
            return "steps"
        if run.seconds > self.toolbox.seconds:
            return "time"
        read = len(run.task) + sum(len(step.result) for step in run.steps)
        return "size" if read > self.toolbox.characters else ""

    def _problems(self, run: Run, call: Call) -> list[str]:
        tool = self.toolbox.tools.get(call.tool)
        if tool is None:
            return [f"{call.tool} is no tool"]
        used = sum(step.call.tool == call.tool and step.outcome != "refused" for step in run.steps)
        spent = (
            [f"{call.tool} was used {used} times, which is all it may be"]
            if used >= tool.budget
            else []
        )
        return spent + tool.problems(call.arguments)

    def _execute(self, tool: Tool, call: Call, approver: str) -> Step:
        try:
            result = self.business.call(tool, call.arguments)
        except ToolError as error:
            return Step(call, "failed", str(error), approver)
        return Step(call, "done", without_orders(result), approver)

    def _taken(self, run: Run, step: Step) -> Run:
        self.trace.step(run, step, self.planner.name)
        return replace(run, steps=(*run.steps, step))

    def _finish(self, run: Run, text: str) -> Run:
        try:
            verdict = self.safety.inspect(text)
        except Exception as error:  # an answer that nobody judged is not shown
            return self._failed(run, error)
        if not verdict.allowed:
            return self._end(run, "unsafe-answer", detail=verdict.category)
        done = replace(run, answer=text)
        self.trace.end(done, self.planner.name, self.toolbox.version, self.prompt_version)
        return done

    def _failed(self, run: Run, error: Exception) -> Run:
        logging.error("the run %s failed", run.id, exc_info=error)
        return self._end(run, "failed", detail=type(error).__name__)

    def _end(self, run: Run, reason: str, detail: str = "") -> Run:
        done = replace(run, answer=SORRY[reason], reason=reason)
        versions = (self.toolbox.version, self.prompt_version)
        self.trace.end(done, self.planner.name, *versions, detail=detail)
        return done


def without_orders(text: str) -> str:
    """Return a tool's result without the sentences that talk to the agent: results are data."""
    if not suspicious(text):
        return text
    kept = [sentence for sentence in sentences(text) if not suspicious(sentence)]
    return " ".join([*kept, "(Something that read like an order was taken out.)"])
