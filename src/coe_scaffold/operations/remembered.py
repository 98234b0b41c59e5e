"""A compiler that compiles each template once, and knows where each resource of it is declared."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from pathlib import Path

from coe_scaffold.model.resources import Deployment, ResourceGraph
from coe_scaffold.operations.places import with_places
from coe_scaffold.ports import CompiledParameters, CompiledTemplate, Compiler


class Remembered:
    """Implements :class:`coe_scaffold.ports.Compiler` over another one; files must not change meanwhile."""

    def __init__(self, compiler: Compiler) -> None:
        self.compiler = compiler
        self.templates: dict[Path, CompiledTemplate] = {}

    def compile(self, path: Path) -> CompiledTemplate:
        """Compile a ``.bicep`` file, or return what it became before."""
        key = path.absolute()
        if key not in self.templates:
            self.templates[key] = with_places(self.compiler.compile(path))
        return self.templates[key]

    def parameters(
        self, path: Path, template: Callable[[Path], CompiledTemplate] | None = None
    ) -> CompiledParameters:
        """Compile a parameter file against templates that are compiled once."""
        return self.compiler.parameters(path, template or self.compile)

    def graph(
        self, deployment: Deployment, tenant: str, now: datetime, evaluate: Callable[[], ResourceGraph]
    ) -> ResourceGraph:
        """Return what a deployment would create."""
        return self.compiler.graph(deployment, tenant, now, evaluate)
