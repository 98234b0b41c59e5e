"""Nodes of expressions."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from coe_scaffold.bicep.syntax.tree.nodes import Node


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
