"""Types as far as they are known here: kinds, literal values, items and properties."""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

from coe_scaffold.bicep.binding.model import Model
from coe_scaffold.bicep.binding.symbols import Imported, TypeAlias, Wildcard
from coe_scaffold.bicep.syntax import tree

KINDS = frozenset({"string", "int", "bool", "array", "object"})


@dataclass
class Shape:
    """What is known of a type. ``kind`` is an ARM type, ``null`` or ``any``; ``values`` are its literals."""

    kind: str = "any"
    values: tuple[Any, ...] | None = None
    nullable: bool = False
    sealed: bool = False
    model: Model | None = None
    node: tree.Node | None = None
    schema: dict[str, Any] | None = None
    definitions: dict[str, Any] = field(default_factory=dict)

    @cached_property
    def item(self) -> Shape:
        """The type of an array's items."""
        if self.model is not None and isinstance(self.node, tree.ArrayType):
            return of_type(self.model, self.node.item)
        if self.schema is not None and isinstance(self.schema.get("items"), dict):
            return of_schema(self.schema["items"], self.definitions)
        return ANY

    @cached_property
    def properties(self) -> dict[str, Shape] | None:
        """The declared properties of an object; None when nothing is known about them."""
        if self.model is not None and isinstance(self.node, tree.ObjectType):
            return {str(member.name): of_member(self.model, member) for member in self.node.properties}
        if self.schema is not None and isinstance(self.schema.get("properties"), dict):
            return {
                name: of_schema(inner, self.definitions) for name, inner in self.schema["properties"].items()
            }
        return None

    @property
    def open(self) -> bool:
        """Whether an object may have properties that are not declared."""
        if isinstance(self.node, tree.ObjectType) and self.node.additional is not None:
            return True
        return not self.sealed

    def __str__(self) -> str:
        text = self.kind
        if self.values is not None:
            text = " | ".join(written(value) for value in self.values)
        return f"null | {text}" if self.nullable and self.kind != "null" else text


ANY = Shape()


def written(value: Any) -> str:
    """Return a literal as Bicep writes it."""
    if isinstance(value, bool):
        return "true" if value else "false"
    return f"'{value}'" if isinstance(value, str) else "null" if value is None else str(value)


def of_member(model: Model, member: tree.TypeMember) -> Shape:
    """Return the type of an object's property with its decorators."""
    shape = of_type(model, member.type)
    if model.decorator(member, "sealed"):
        shape = _sealed(shape)
    return ANY if model.decorator(member, "discriminator") else shape


def _sealed(shape: Shape) -> Shape:
    return Shape(shape.kind, shape.values, shape.nullable, sealed=True, model=shape.model, node=shape.node)


def of_type(model: Model, node: tree.Node | None, depth: int = 0) -> Shape:
    """Return what is known of a type expression."""
    if depth > 30:
        return ANY
    match node:
        case tree.Paren():
            return of_type(model, node.inner, depth + 1)
        case tree.Nullable():
            base = of_type(model, node.base, depth + 1)
            return Shape(
                base.kind, base.values, nullable=True, sealed=base.sealed, model=base.model, node=base.node
            )
        case tree.Name():
            return _named(model, node, depth)
        case tree.Property():
            wildcard = model.refs.get(node.base)
            if isinstance(wildcard, Wildcard) and isinstance(wildcard.target, Model):
                found = wildcard.target.exports().get(node.name)
                if isinstance(found, TypeAlias):
                    return _alias(found, depth)
        case tree.Str() if node.literal is not None:
            return Shape("string", (node.literal,))
        case tree.Int():
            return Shape("int", (node.value,))
        case tree.Bool():
            return Shape("bool", (node.value,))
        case tree.Null():
            return Shape("null", nullable=True)
        case tree.ArrayType() | tree.TupleType():
            return Shape("array", model=model, node=node)
        case tree.ObjectType():
            return Shape("object", model=model, node=node)
        case tree.UnionType():
            return _union(model, node, depth)
    return ANY


def _named(model: Model, node: tree.Name, depth: int) -> Shape:
    symbol = model.refs.get(node)
    if isinstance(symbol, Imported):
        return _alias(symbol.target, depth) if isinstance(symbol.target, TypeAlias) else ANY
    if isinstance(symbol, TypeAlias):
        return _alias(symbol, depth)
    return Shape(node.name) if node.name in KINDS else ANY


def _alias(symbol: TypeAlias, depth: int) -> Shape:
    if symbol.model.decorator(symbol.node, "discriminator"):
        return ANY
    shape = of_type(symbol.model, symbol.node.value, depth + 1)
    return _sealed(shape) if symbol.model.decorator(symbol.node, "sealed") else shape


def _union(model: Model, node: tree.UnionType, depth: int) -> Shape:
    members = [of_type(model, member, depth + 1) for member in node.members]
    nullable = any(member.nullable for member in members)
    plain = [member for member in members if member.kind != "null"]
    kinds = {member.kind for member in plain}
    if len(kinds) != 1 or "any" in kinds:
        return ANY
    values: list[Any] = []
    for member in plain:
        if member.values is None:
            return Shape(plain[0].kind, nullable=nullable) if len(plain) == 1 else ANY
        values += [value for value in member.values if value not in values]
    return Shape(plain[0].kind, tuple(values), nullable)


def of_schema(schema: dict[str, Any], definitions: dict[str, Any], depth: int = 0) -> Shape:
    """Return what is known of a parameter of an ARM template."""
    nullable = bool(schema.get("nullable"))
    reference = schema.get("$ref")
    if isinstance(reference, str) and depth < 30:
        target = definitions.get(reference.removeprefix("#/definitions/"))
        if isinstance(target, dict):
            shape = of_schema(target, definitions, depth + 1)
            shape.nullable = shape.nullable or nullable
            return shape
        return Shape()
    kind = str(schema.get("type", "any")).lower().removeprefix("secure")
    if kind not in KINDS:
        return Shape()
    values = schema.get("allowedValues")
    usable = isinstance(values, list) and kind != "array"
    return Shape(
        kind,
        tuple(values) if usable and isinstance(values, list) else None,
        nullable,
        sealed=schema.get("additionalProperties") is False,
        schema=None if "discriminator" in schema else schema,
        definitions=definitions,
    )
