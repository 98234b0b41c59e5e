"""The trace: one JSON line for each call, decision and end, so that every effect leads back to a person."""

from __future__ import annotations

import hashlib
import hmac
import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

from .ports import Step

if TYPE_CHECKING:
    from .agent import Run


@dataclass(frozen=True)
class Trace:
    """Writes lines through ``write``. People are keyed hashes; arguments too, unless ``content`` is on."""

    write: Callable[[str], None]
    key: bytes = b""
    content: bool = False

    def step(self, run: Run, step: Step, planner: str) -> None:
        """Record a call and what became of it."""
        self._line(
            "call",
            run,
            planner,
            number=len(run.steps) + 1,
            tool=step.call.tool,
            arguments=self._arguments(step.call.arguments),
            outcome=step.outcome,
            approvedBy=self._hash(step.approved_by) if step.approved_by else "",
            **({"result": step.result} if self.content else {}),
        )

    def waiting(self, run: Run, planner: str) -> None:
        """Record that a call waits for a person."""
        call = run.pending
        if call is not None:
            self._line(
                "waiting", run, planner, tool=call.tool, arguments=self._arguments(call.arguments)
            )

    def end(self, run: Run, planner: str, tools: str, prompt: str, *, detail: str = "") -> None:
        """Record the end of a run with the versions it rests on."""
        self._line(
            "end",
            run,
            planner,
            steps=len(run.steps),
            reason=run.reason,
            detail=detail,
            toolsVersion=tools,
            promptVersion=prompt,
            **({"task": run.task, "answer": run.answer} if self.content else {}),
        )

    def switch(self, person: str, *, on: bool) -> None:
        """Record who switched the agent off or on."""
        at = datetime.now(UTC).isoformat(timespec="milliseconds")
        entry = {"event": "switch", "at": at, "user": self._hash(person), "on": on}
        self.write(json.dumps(entry))

    def _line(self, event: str, run: Run, planner: str, **facts: Any) -> None:
        entry = {
            "event": event,
            "at": datetime.now(UTC).isoformat(timespec="milliseconds"),
            "run": run.id,
            "user": self._hash(run.user),
            "model": planner,
            **facts,
        }
        self.write(json.dumps(entry, ensure_ascii=False))

    def _arguments(self, arguments: Mapping[str, Any]) -> dict[str, Any]:
        return (
            dict(arguments)
            if self.content
            else {k: self._hash(str(v)) for k, v in arguments.items()}
        )

    def _hash(self, text: str) -> str:
        return hmac.new(self.key, text.encode("utf-8"), hashlib.sha256).hexdigest()[:16]
