"""The syntax tree: one class per construct, offsets into the source, no links upward.

``parts`` names the fields that hold nodes or tuples of nodes, in source order; :func:`children` walks them.
Nodes compare by identity, so they can be keys.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import ClassVar


@dataclass(eq=False, slots=True)
class Node:
    """Anything in the tree. ``start`` is the offset of its first character."""

    parts: ClassVar[tuple[str, ...]] = ()
    start: int


def children(node: Node) -> Iterator[Node]:
    """Yield the direct children of a node in source order."""
    for part in node.parts:
        value = getattr(node, part)
        if isinstance(value, Node):
            yield value
        elif value:
            yield from value


def descendants(node: Node) -> Iterator[Node]:
    """Yield a node and everything below it, parents before children, without recursion."""
    stack = [node]
    while stack:
        current = stack.pop()
        yield current
        stack.extend(reversed(list(children(current))))


# --- expressions -----------------------------------------------------------------------------------


@dataclass(eq=False, slots=True)
class Str(Node):
    """A string: ``len(segments) == len(holes) + 1``."""

    parts: ClassVar = ("holes",)
    segments: tuple[str, ...]
    holes: tuple[Node, ...] = ()

    @property
    def literal(self) -> str | None:
        """The text when the string has no holes."""
        return None if self.holes else self.segments[0]


@dataclass(eq=False, slots=True)
class Int(Node):
    """A non-negative integer literal."""

    value: int


@dataclass(eq=False, slots=True)
class Bool(Node):
    """``true`` or ``false``."""

    value: bool


@dataclass(eq=False, slots=True)
class Null(Node):
    """``null``."""


@dataclass(eq=False, slots=True)
class Name(Node):
    """A reference to a symbol by its name, in an expression or a type."""

    name: str


@dataclass(eq=False, slots=True)
class Property(Node):
    """``base.name`` or ``base.?name``."""

    parts: ClassVar = ("base",)
    base: Node
    name: str
    safe: bool = False


@dataclass(eq=False, slots=True)
class Index(Node):
    """``base[index]`` with ``[?``, ``[^`` and ``[?^``."""

    parts: ClassVar = ("base", "index")
    base: Node
    index: Node
    safe: bool = False
    from_end: bool = False


@dataclass(eq=False, slots=True)
class NestedAccess(Node):
    """``base::name``, a resource declared inside another."""

    parts: ClassVar = ("base",)
    base: Node
    name: str


@dataclass(eq=False, slots=True)
class Call(Node):
    """``name(args)``."""

    parts: ClassVar = ("args",)
    name: str
    args: tuple[Node, ...]


@dataclass(eq=False, slots=True)
class MethodCall(Node):
    """``base.name(args)``."""

    parts: ClassVar = ("base", "args")
    base: Node
    name: str
    args: tuple[Node, ...]


@dataclass(eq=False, slots=True)
class NonNull(Node):
    """``base!``."""

    parts: ClassVar = ("base",)
    base: Node


@dataclass(eq=False, slots=True)
class Unary(Node):
    """``!x``, ``-x`` or ``+x``; also in types."""

    parts: ClassVar = ("operand",)
    operator: str
    operand: Node


@dataclass(eq=False, slots=True)
class Binary(Node):
    """``left operator right``."""

    parts: ClassVar = ("left", "right")
    operator: str
    left: Node
    right: Node


@dataclass(eq=False, slots=True)
class Ternary(Node):
    """``condition ? yes : no``."""

    parts: ClassVar = ("condition", "yes", "no")
    condition: Node
    yes: Node
    no: Node


@dataclass(eq=False, slots=True)
class Paren(Node):
    """``(inner)``; also in types."""

    parts: ClassVar = ("inner",)
    inner: Node


@dataclass(eq=False, slots=True)
class Spread(Node):
    """``...value`` inside an array or object."""

    parts: ClassVar = ("value",)
    value: Node


@dataclass(eq=False, slots=True)
class ObjectProperty(Node):
    """``key: value``; the key is a plain name or a string."""

    parts: ClassVar = ("key", "value")
    key: Str
    value: Node
    quoted: bool = True

    @property
    def name(self) -> str | None:
        """The key when it has no holes."""
        return self.key.literal


@dataclass(eq=False, slots=True)
class Object(Node):
    """``{ }`` with properties, spreads and, in resource bodies, nested resources."""

    parts: ClassVar = ("items",)
    items: tuple[Node, ...]

    def get(self, name: str) -> ObjectProperty | None:
        """Return the property of that exact name."""
        for item in self.items:
            if isinstance(item, ObjectProperty) and item.name == name:
                return item
        return None

    def resources(self) -> Iterator[ResourceDecl]:
        """Yield the nested resource declarations."""
        for item in self.items:
            if isinstance(item, ResourceDecl):
                yield item


@dataclass(eq=False, slots=True)
class Array(Node):
    """``[ ]`` with items and spreads."""

    parts: ClassVar = ("items",)
    items: tuple[Node, ...]


@dataclass(eq=False, slots=True)
class For(Node):
    """``[for item in source: body]`` or ``[for (item, index) in source: body]``."""

    parts: ClassVar = ("source", "body")
    item: Local
    index: Local | None
    source: Node
    body: Node


@dataclass(eq=False, slots=True)
class If(Node):
    """``if (condition) { }``, the body of a resource or module."""

    parts: ClassVar = ("condition", "body")
    condition: Node
    body: Node


@dataclass(eq=False, slots=True)
class Local(Node):
    """The declaration of a loop, lambda or function variable; functions give it a type."""

    parts: ClassVar = ("type",)
    name: str
    type: Node | None = None


@dataclass(eq=False, slots=True)
class Lambda(Node):
    """``(a, b) => body``; ``returns`` is the type that only declared functions have."""

    parts: ClassVar = ("params", "returns", "body")
    params: tuple[Local, ...]
    body: Node
    returns: Node | None = None


@dataclass(eq=False, slots=True)
class Skipped(Node):
    """What could not be parsed; an error was recorded."""


# --- types -----------------------------------------------------------------------------------------


@dataclass(eq=False, slots=True)
class Nullable(Node):
    """``type?``."""

    parts: ClassVar = ("base",)
    base: Node


@dataclass(eq=False, slots=True)
class ArrayType(Node):
    """``type[]``."""

    parts: ClassVar = ("item",)
    item: Node


@dataclass(eq=False, slots=True)
class ItemsAccess(Node):
    """``type[*]``."""

    parts: ClassVar = ("base",)
    base: Node


@dataclass(eq=False, slots=True)
class AdditionalAccess(Node):
    """``type.*``."""

    parts: ClassVar = ("base",)
    base: Node


@dataclass(eq=False, slots=True)
class UnionType(Node):
    """``a | b``."""

    parts: ClassVar = ("members",)
    members: tuple[Node, ...]


@dataclass(eq=False, slots=True)
class TypeMember(Node):
    """A property of an object type (``name``), its ``*`` matcher (name None), or a tuple item."""

    parts: ClassVar = ("decorators", "type")
    decorators: tuple[Decorator, ...]
    name: str | None
    type: Node


@dataclass(eq=False, slots=True)
class ObjectType(Node):
    """``{ name: type }``; ``additional`` is the ``*`` matcher."""

    parts: ClassVar = ("properties", "additional")
    properties: tuple[TypeMember, ...]
    additional: TypeMember | None = None


@dataclass(eq=False, slots=True)
class TupleType(Node):
    """``[ type ]``."""

    parts: ClassVar = ("items",)
    items: tuple[TypeMember, ...]


@dataclass(eq=False, slots=True)
class GenericType(Node):
    """``resourceInput<'type@version'>`` and its kind."""

    parts: ClassVar = ("args",)
    name: str
    args: tuple[Node, ...]


@dataclass(eq=False, slots=True)
class ResourceType(Node):
    """``resource 'type@version'`` as the type of a parameter or output; it may be left out of outputs."""

    parts: ClassVar = ("type",)
    type: Node | None


# --- declarations ----------------------------------------------------------------------------------


@dataclass(eq=False, slots=True)
class Decorator(Node):
    """``@sys.name(args)``; ``call`` is a Call, MethodCall, or whatever else was written."""

    parts: ClassVar = ("call",)
    call: Node


@dataclass(eq=False, slots=True)
class Declaration(Node):
    """A statement with decorators; ``name_start`` is where its name stands."""

    decorators: tuple[Decorator, ...]
    name: str
    name_start: int


@dataclass(eq=False, slots=True)
class TargetScopeDecl(Declaration):
    """``targetScope = value``."""

    parts: ClassVar = ("decorators", "value")
    value: Node


@dataclass(eq=False, slots=True)
class MetadataDecl(Declaration):
    """``metadata name = value``."""

    parts: ClassVar = ("decorators", "value")
    value: Node


@dataclass(eq=False, slots=True)
class ParamDecl(Declaration):
    """``param name type = default``; in a parameter file the type is absent and the default is the value."""

    parts: ClassVar = ("decorators", "type", "default")
    type: Node | None
    default: Node | None


@dataclass(eq=False, slots=True)
class VarDecl(Declaration):
    """``var name type = value``."""

    parts: ClassVar = ("decorators", "type", "value")
    type: Node | None
    value: Node


@dataclass(eq=False, slots=True)
class OutputDecl(Declaration):
    """``output name type = value``."""

    parts: ClassVar = ("decorators", "type", "value")
    type: Node
    value: Node


@dataclass(eq=False, slots=True)
class TypeDecl(Declaration):
    """``type name = value``."""

    parts: ClassVar = ("decorators", "value")
    value: Node


@dataclass(eq=False, slots=True)
class FuncDecl(Declaration):
    """``func name(params) type => body``."""

    parts: ClassVar = ("decorators", "lambda_")
    lambda_: Node


@dataclass(eq=False, slots=True)
class ResourceDecl(Declaration):
    """``resource name 'type' existing = body``."""

    parts: ClassVar = ("decorators", "type", "body")
    type: Node
    existing: bool
    body: Node


@dataclass(eq=False, slots=True)
class ModuleDecl(Declaration):
    """``module name 'path' = body``."""

    parts: ClassVar = ("decorators", "path", "body")
    path: Node
    body: Node


@dataclass(eq=False, slots=True)
class TestDecl(Declaration):
    """``test name 'path' = body``."""

    parts: ClassVar = ("decorators", "path", "body")
    path: Node
    body: Node


@dataclass(eq=False, slots=True)
class AssertDecl(Declaration):
    """``assert name = value``."""

    parts: ClassVar = ("decorators", "value")
    value: Node


@dataclass(eq=False, slots=True)
class ImportItem(Node):
    """``name as alias`` in an import list."""

    name: str
    alias: str
    alias_start: int


@dataclass(eq=False, slots=True)
class ImportDecl(Declaration):
    """``import { items } from path`` or ``import * as name from path``."""

    parts: ClassVar = ("decorators", "items", "path")
    items: tuple[ImportItem, ...]
    wildcard: bool
    path: Node


@dataclass(eq=False, slots=True)
class ExtensionDecl(Declaration):
    """``extension specification with config as alias``; the name is the alias or empty."""

    parts: ClassVar = ("decorators", "specification", "config")
    specification: Node
    config: Node | None


@dataclass(eq=False, slots=True)
class UsingDecl(Declaration):
    """``using path`` of a parameter file; ``path`` is None for ``using none``."""

    parts: ClassVar = ("decorators", "path")
    path: Node | None


@dataclass(eq=False, slots=True)
class ExtendsDecl(Declaration):
    """``extends path`` of a parameter file."""

    parts: ClassVar = ("decorators", "path")
    path: Node


@dataclass(eq=False, slots=True)
class Program(Node):
    """A whole file."""

    parts: ClassVar = ("statements",)
    statements: tuple[Declaration, ...]


def body_object(node: Node) -> Object | None:
    """Return the ``{ }`` of a resource or module body, through ``for`` and ``if``."""
    while isinstance(node, For | If):
        node = node.body
    return node if isinstance(node, Object) else None
