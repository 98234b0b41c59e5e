"""Nodes of statements."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import ClassVar

from coe_scaffold.bicep.syntax.tree.nodes import Node
from coe_scaffold.bicep.syntax.tree.types import Decorator
from coe_scaffold.bicep.syntax.tree.values import For, If, Object


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


def nested_resources(body: Object) -> Iterator[ResourceDecl]:
    """Yield the resources declared in a resource body."""
    for item in body.items:
        if isinstance(item, ResourceDecl):
            yield item


def body_object(node: Node) -> Object | None:
    """Return the ``{ }`` of a resource or module body, through ``for`` and ``if``; None when it is broken."""
    while isinstance(node, For | If):
        node = node.body
    return node if isinstance(node, Object) else None
