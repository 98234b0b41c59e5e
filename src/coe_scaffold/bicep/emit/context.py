"""What emitting needs to know about the file at hand."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace

from coe_scaffold.bicep.binding.model import Model
from coe_scaffold.bicep.binding.symbols import JsonExport, LocalVar, Resource, Symbol, Var
from coe_scaffold.bicep.emit.arm import Arm
from coe_scaffold.bicep.syntax import tree

DEPLOYMENTS = "Microsoft.Resources/deployments"
DEPLOYMENTS_VERSION = "2025-04-01"
"""The resource type and API version of nested deployments, as the official compiler writes them today."""

FUNCTION_NAMESPACE = "__bicep"


@dataclass(eq=False)
class FileContext:
    """The decisions made for one file before anything is written."""

    model: Model
    symbolic: bool = False
    inlined_variables: set[Var] = field(default_factory=set)
    inlined_resources: set[Resource] = field(default_factory=set)
    names: dict[Symbol | JsonExport, str] = field(default_factory=dict)
    """What imported symbols are called in the template."""
    not_exported: set[tree.Node] = field(default_factory=set)
    """Declarations whose ``@export()`` does not count because they are imported themselves."""
    lambda_sources: dict[tree.Node, tree.Node] = field(default_factory=dict)
    """Lambdas to the collection they run over."""
    file_variables: dict[tree.Node, str] = field(default_factory=dict)
    """``load*`` calls to the ``$fxv#n`` variable that holds their value."""


@dataclass(frozen=True)
class View:
    """From where an expression is seen: which loop variables stand for something else there.

    ``loop_names`` overrides the name that ``copyIndex`` takes in a loop.
    """

    replaced: Mapping[LocalVar, Arm] = field(default_factory=dict)
    loop_names: Mapping[tree.For, str | None] = field(default_factory=dict)

    def with_locals(self, more: Mapping[LocalVar, Arm]) -> View:
        """Return a view in which more loop variables are replaced."""
        return replace(self, replaced={**self.replaced, **more}) if more else self

    def with_loop_name(self, loop: tree.For, name: str | None) -> View:
        """Return a view in which ``copyIndex`` of a loop takes another name."""
        return replace(self, loop_names={**self.loop_names, loop: name})


TOP = View()
