"""What names stand for."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from coe_scaffold.bicep.syntax import tree

if TYPE_CHECKING:
    from coe_scaffold.bicep.binding.model import Model


@dataclass(eq=False)
class Symbol:
    """A declared name. ``model`` is the file that declares it."""

    name: str
    model: Model


@dataclass(eq=False)
class Param(Symbol):
    """A parameter."""

    node: tree.ParamDecl


@dataclass(eq=False)
class Var(Symbol):
    """A variable."""

    node: tree.VarDecl


@dataclass(eq=False)
class Output(Symbol):
    """An output."""

    node: tree.OutputDecl


@dataclass(eq=False)
class TypeAlias(Symbol):
    """A user-defined type."""

    node: tree.TypeDecl


@dataclass(eq=False)
class Func(Symbol):
    """A user-defined function."""

    node: tree.FuncDecl


@dataclass(eq=False)
class LocalVar(Symbol):
    """A variable of a loop, lambda or function; ``owner`` is the For or Lambda node."""

    node: tree.Local
    owner: tree.For | tree.Lambda
    kind: str
    """``item``, ``index``, ``lambda`` or ``argument``."""


@dataclass(eq=False)
class Wildcard(Symbol):
    """``* as name`` of an import; ``target`` is the imported file, None when it could not be loaded."""

    node: tree.ImportDecl
    target: Model | JsonTemplate | None

    def exports(self) -> Mapping[str, Symbol | JsonExport]:
        """Return what the imported file exports, by name."""
        return self.target.exports() if self.target is not None else {}


@dataclass(eq=False)
class Imported(Symbol):
    """A named import; ``target`` is what it names in the other file, None when it does not exist."""

    node: tree.ImportItem
    target: Symbol | JsonExport | None


@dataclass(eq=False)
class Namespace(Symbol):
    """``az`` or ``sys``."""


@dataclass(eq=False)
class Base(Symbol):
    """``base`` of a parameter file that extends another: the values assigned there."""


@dataclass(eq=False)
class Extension(Symbol):
    """An extension by its alias."""

    node: tree.ExtensionDecl


@dataclass(eq=False)
class Deployed(Symbol):
    """What a resource and a module have in common: a body, maybe in a loop, maybe with a condition."""

    node: tree.ResourceDecl | tree.ModuleDecl
    body: tree.Object = field(init=False)
    loop: tree.For | None = field(init=False)
    condition: tree.Node | None = field(init=False)

    def __post_init__(self) -> None:
        node = self.node.body
        self.loop = node if isinstance(node, tree.For) else None
        if isinstance(node, tree.For):
            node = node.body
        self.condition = node.condition if isinstance(node, tree.If) else None
        if isinstance(node, tree.If):
            node = node.body
        self.body = node if isinstance(node, tree.Object) else tree.Object(node.start, ())

    @property
    def is_collection(self) -> bool:
        """Whether it is declared in a loop."""
        return self.loop is not None

    def value(self, name: str) -> tree.Node | None:
        """Return the value of a top-level property of the body."""
        found = self.body.get(name)
        return found.value if found else None


@dataclass(eq=False)
class Resource(Deployed):
    """A resource. ``type`` includes its parents' types; ``parent`` is the nested or named parent."""

    node: tree.ResourceDecl
    type: str = ""
    api_version: str = ""
    nesting: Resource | None = None
    """The resource whose body declares this one."""
    parent: Resource | None = None
    parent_index: tree.Node | None = None
    children: dict[str, Resource] = field(default_factory=dict)

    @property
    def existing(self) -> bool:
        """Whether it is only referred to."""
        return self.node.existing

    @property
    def is_collection(self) -> bool:
        """Whether it is declared in a loop of its own."""
        return self.loop is not None

    @property
    def key(self) -> str:
        """The symbolic name: ``parent::child`` for nested resources."""
        return f"{self.nesting.key}::{self.name}" if self.nesting else self.name

    @property
    def name_node(self) -> tree.Node:
        """The value of the ``name`` property; its absence is reported when binding."""
        return self.value("name") or tree.Str(self.body.start, ("",))

    def ancestors(self) -> list[tuple[Resource, tree.Node | None]]:
        """Return (ancestor, index by which its child refers to it) from the outermost down."""
        chain: list[tuple[Resource, tree.Node | None]] = []
        current: Resource = self
        while current.parent is not None and len(chain) < 20:
            chain.append((current.parent, current.parent_index))
            current = current.parent
        return chain[::-1]


@dataclass(eq=False)
class Module(Deployed):
    """A module; ``target`` is the file it deploys, None when it could not be loaded."""

    node: tree.ModuleDecl
    target: Model | JsonTemplate | None = None


@dataclass(eq=False)
class JsonTemplate:
    """An ARM template used as a module or imported.

    ``reference`` is its full reference when it comes from a registry, ``template_spec`` the id of a
    template spec.
    """

    path: str
    template: dict[str, Any]
    reference: str = ""
    template_spec: str = ""

    def exports(self) -> Mapping[str, JsonExport]:
        """Return what the template exports: definitions, functions and variables marked so."""
        found: dict[str, JsonExport] = {}
        for name, body in self.template.get("definitions", {}).items():
            if _exported(body):
                found[name] = JsonExport(self, "type", name)
        for group in self.template.get("functions", []):
            for name, body in group.get("members", {}).items():
                if _exported(body):
                    found[name] = JsonExport(self, "function", f"{group.get('namespace')}.{name}")
        for entry in self.template.get("metadata", {}).get("__bicep_exported_variables!", []):
            found[entry["name"]] = JsonExport(self, "variable", entry["name"])
        return found


@dataclass(frozen=True)
class JsonExport:
    """Something in an ARM template: ``kind`` is type, variable or function (``namespace.name``)."""

    source: JsonTemplate
    kind: str
    name: str


def _exported(body: dict[str, Any]) -> bool:
    return body.get("metadata", {}).get("__bicep_export!") is True
