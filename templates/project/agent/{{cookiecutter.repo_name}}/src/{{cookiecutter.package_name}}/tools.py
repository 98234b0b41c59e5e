"""The tool manifest: which calls are allowed at all, by whom, how often, with which arguments."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import yaml

from .settings import SettingsError


@dataclass(frozen=True)
class Argument:
    """What a tool accepts for one argument."""

    name: str
    pattern: str = ""
    values: tuple[str, ...] = ()
    minimum: float | None = None
    maximum: float | None = None
    maximum_length: int = 0

    def problem(self, value: object) -> str:
        """Return why a value is not accepted, or an empty text."""
        if self.minimum is not None and self.maximum is not None:
            if isinstance(value, bool) or not isinstance(value, int | float):
                return f"{self.name} is no number"
            inside = self.minimum <= value <= self.maximum
            return "" if inside else f"{self.name} is outside {self.minimum:g} to {self.maximum:g}"
        if not isinstance(value, str) or not value.isprintable():
            return f"{self.name} is no plain text"
        if self.pattern and not re.fullmatch(self.pattern, value):
            return f"{self.name} does not have the shape {self.pattern}"
        if self.values and value not in self.values:
            return f"{self.name} is none of {', '.join(self.values)}"
        if self.maximum_length and not 1 <= len(value) <= self.maximum_length:
            return f"{self.name} has no or more than {self.maximum_length} characters"
        return ""


@dataclass(frozen=True)
class Tool:
    """One tool. ``identity`` names who calls it, ``budget`` how often in one run."""

    name: str
    purpose: str
    identity: str
    writes: bool
    needs_person: bool
    budget: int
    arguments: tuple[Argument, ...]

    def problems(self, arguments: Mapping[str, Any]) -> list[str]:
        """Return what is wrong with the arguments of a call."""
        known = {argument.name for argument in self.arguments}
        found = [
            f"{name} is no argument of {self.name}" for name in sorted(arguments.keys() - known)
        ]
        return found + [text for a in self.arguments if (text := a.problem(arguments.get(a.name)))]


@dataclass(frozen=True)
class Toolbox:
    """All tools by name, and the limits of a run."""

    version: str
    tools: Mapping[str, Tool]
    steps: int
    seconds: float
    characters: int


def load(path: Path) -> Toolbox:
    """Read ``agents/tools.yaml``; raise SettingsError for a tool that writes without a person."""
    document = yaml.safe_load(path.read_text(encoding="utf-8"))
    tools = {name: _tool(name, row) for name, row in document["tools"].items()}
    if careless := [tool.name for tool in tools.values() if tool.writes and not tool.needs_person]:
        raise SettingsError(f"{path.name}: {', '.join(careless)} writes and needs approval: human")
    limits = document["limits"]
    return Toolbox(
        str(document["version"]),
        tools,
        int(limits["steps"]),
        float(limits["seconds"]),
        int(limits["characters"]),
    )


def _tool(name: str, row: Mapping[str, Any]) -> Tool:
    if row["sideEffects"] not in ("none", "write") or row["approval"] not in ("auto", "human"):
        raise SettingsError(f"{name}: sideEffects is none or write, approval is auto or human")
    return Tool(
        name,
        row["purpose"],
        row["identity"],
        row["sideEffects"] == "write",
        row["approval"] == "human",
        int(row["budget"]),
        tuple(
            Argument(
                key,
                rule.get("pattern", ""),
                tuple(rule.get("values", ())),
                rule.get("minimum"),
                rule.get("maximum"),
                int(rule.get("maximumLength", 0)),
            )
            for key, rule in row["arguments"].items()
        ),
    )
