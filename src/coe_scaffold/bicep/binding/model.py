"""One bound file: its symbols in source order, and what every name in it refers to."""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import cached_property

from coe_scaffold.bicep.binding.symbols import (
    Extension,
    Func,
    Imported,
    JsonTemplate,
    Module,
    Output,
    Param,
    Resource,
    Symbol,
    TypeAlias,
    Var,
    Wildcard,
)
from coe_scaffold.bicep.diagnostics import Diagnostics
from coe_scaffold.bicep.syntax import tree


@dataclass(eq=False)
class Model:
    """A ``.bicep`` file after binding."""

    path: str
    program: tree.Program
    diagnostics: Diagnostics
    target_scope: str = "resourceGroup"
    symbolic_names: bool = False
    """Whether the configuration asks for resources by symbolic name."""
    assertions: bool = False
    """Whether the configuration allows ``assert``, which changes the template even without one."""
    scope: dict[str, Symbol] = field(default_factory=dict)
    params: list[Param] = field(default_factory=list)
    variables: list[Var] = field(default_factory=list)
    outputs: list[Output] = field(default_factory=list)
    types: list[TypeAlias] = field(default_factory=list)
    functions: list[Func] = field(default_factory=list)
    resources: list[Resource] = field(default_factory=list)
    """Every resource, nested ones too, in the order the official compiler emits them."""
    modules: list[Module] = field(default_factory=list)
    imported: list[Imported] = field(default_factory=list)
    wildcards: list[Wildcard] = field(default_factory=list)
    extensions: list[Extension] = field(default_factory=list)
    metadata: list[tree.MetadataDecl] = field(default_factory=list)
    asserts: list[tree.AssertDecl] = field(default_factory=list)
    using: Model | JsonTemplate | None = None
    """The template of a parameter file."""
    extends: Model | None = None
    """The parameter file that a parameter file extends."""
    refs: dict[tree.Node, Symbol] = field(default_factory=dict)
    """Names, user-defined calls and ``::`` accesses to the symbols they mean."""
    loop_names: dict[tree.For, str | None] = field(default_factory=dict)
    """The name ``copyIndex`` takes in each loop; None where it takes none."""
    files: dict[tree.Node, object] = field(default_factory=dict)
    """``load*`` calls to the value of the file they read."""
    decorators: dict[tree.Node, dict[str, tree.Call | tree.MethodCall]] = field(default_factory=dict)

    def decorator(self, node: tree.Node, name: str) -> tree.Call | tree.MethodCall | None:
        """Return the call of a decorator on a declaration or type member, without its namespace."""
        found = self.decorators.get(node)
        if found is None:
            found = {}
            for decorator in getattr(node, "decorators", ()):
                call = decorator.call
                if isinstance(call, tree.Call | tree.MethodCall):
                    found[call.name] = call
            self.decorators[node] = found
        return found.get(name)

    @cached_property
    def nodes(self) -> tuple[tree.Node, ...]:
        """Every node of the file, parents before children, in source order."""
        return tuple(tree.descendants(self.program))

    def exports(self) -> dict[str, TypeAlias | Var | Func]:
        """Return the symbols marked ``@export()`` by name: types, then variables, then functions."""
        found: dict[str, TypeAlias | Var | Func] = {}
        for group in (self.types, self.variables, self.functions):
            for symbol in group:
                if self.decorator(symbol.node, "export"):
                    found[symbol.name] = symbol
        return found

    def line(self, node: tree.Node) -> str:
        """Return ``file:line`` of a node."""
        return f"{self.path}:{self.diagnostics.source.place(node.start)[0]}"
