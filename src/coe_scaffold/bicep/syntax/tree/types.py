"""Nodes of type expressions; names, literals, accesses and operators are those of expressions."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from coe_scaffold.bicep.syntax.tree.nodes import Node


@dataclass(eq=False, slots=True)
class Decorator(Node):
    """``@sys.name(args)``; ``call`` is a Call, MethodCall, or whatever else was written."""

    parts: ClassVar = ("call",)
    call: Node


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
