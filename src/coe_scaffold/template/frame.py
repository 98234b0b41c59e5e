"""What an expression can see: parameters, variables, loops, and the services of its deployment."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from enum import Enum
from typing import Protocol

from coe_scaffold.model.json import JsonObject, Unknown, Value
from coe_scaffold.template.context import DeploymentContext
from coe_scaffold.template.failure import TemplateFailure
from coe_scaffold.template.syntax import Call
from coe_scaffold.template.values import find


class Stage(Enum):
    """When an expression is evaluated, which decides the functions it may call."""

    DEFAULT = "a parameter's default value: newGuid and utcNow are allowed"
    STATIC = "before the deployment starts: names, conditions, loops, variables"
    RUNTIME = "while it runs: resource bodies and outputs may read other resources"


class Services(Protocol):
    """What the running deployment answers: functions that look at resources."""

    def answer(self, call: Call, arguments: tuple[Value, ...], frame: Frame) -> Value:
        """Evaluate ``reference``, ``references``, ``list*`` and their kin."""


class Lazy:
    """Named values computed when first asked for, found without regard to case; cycles are refused."""

    def __init__(self, kind: str, names: Mapping[str, object], compute: Callable[[str], Value]) -> None:
        self.kind = kind
        self.names = names
        self.compute = compute
        self.values: dict[str, Value] = {}
        self.running: list[str] = []

    def get(self, name: str) -> Value:
        """Return a value; raise TemplateFailure for an unknown name or one that depends on itself."""
        if name in self.values:  # nearly always
            return self.values[name]
        key = find(self.names, name)
        if key is None:
            raise TemplateFailure(f"The template {self.kind} '{name}' is not found.")
        if key in self.values:
            return self.values[key]
        if key in self.running:
            chain = " -> ".join([*self.running[self.running.index(key) :], key])
            raise TemplateFailure(f"Circular dependency between template {self.kind}s: '{chain}'.")
        self.running.append(key)
        try:
            self.values[key] = self.compute(key)
        finally:
            self.running.pop()
        return self.values[key]


@dataclass(frozen=True)
class Frame:
    """The surroundings of one expression.

    ``loops`` maps lower-case copy names to the index of the current iteration (Unknown when the count is);
    ``loop`` is the name an argument-less ``copyIndex()`` means. ``locals`` are lambda variables.
    """

    context: DeploymentContext
    parameters: Lazy
    variables: Lazy | None
    functions: Mapping[str, JsonObject]
    services: Services
    stage: Stage = Stage.STATIC
    loops: Mapping[str, Value] = field(default_factory=dict)
    loop: str = ""
    locals: Mapping[str, Value] = field(default_factory=dict)

    def at(self, stage: Stage) -> Frame:
        """Return this frame at another stage."""
        return self if self.stage is stage else self.changed(stage=stage)

    def looping(self, name: str, index: int | Unknown, *, default: bool) -> Frame:
        """Return this frame inside an iteration; ``default`` makes it what ``copyIndex()`` means."""
        loops = {**self.loops, name.lower(): index}
        return self.changed(loops=loops, loop=name.lower() if default else self.loop)

    def changed(self, **members: object) -> Frame:
        """Return this frame with other members; ``dataclasses.replace`` takes six times as long."""
        other = object.__new__(Frame)
        other.__dict__.update(self.__dict__, **members)
        return other
