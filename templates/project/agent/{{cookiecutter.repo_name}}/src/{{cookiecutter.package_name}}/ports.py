"""What the agent needs from outside. ``local`` and ``cloud`` each implement both."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Protocol

from .tools import Tool


@dataclass(frozen=True)
class Call:
    """What the planner wants to call."""

    tool: str
    arguments: Mapping[str, Any] = field(hash=False)


@dataclass(frozen=True)
class Final:
    """What the planner wants to say at the end."""

    text: str


@dataclass(frozen=True)
class Step:
    """A call and what became of it: ``done``, ``refused``, ``declined`` or ``failed``."""

    call: Call
    outcome: str
    result: str
    approved_by: str = ""


class ToolError(Exception):
    """A tool could not do what it was asked; the message may be shown to the planner."""


class Planner(Protocol):
    """Decides the next step. It proposes; the agent disposes."""

    @property
    def name(self) -> str:
        """The name of the model, for the trace."""

    def next(self, task: str, steps: Sequence[Step], tools: Sequence[Tool]) -> Call | Final:
        """Return the next call, or the answer."""


class Business(Protocol):
    """The systems behind the tools."""

    def call(self, tool: Tool, arguments: Mapping[str, Any]) -> str:
        """Do it as the tool's identity and return a text; raise ToolError when it cannot be done."""
