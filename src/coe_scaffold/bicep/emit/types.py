"""Type expressions to the JSON Schema of ARM parameters, outputs and definitions."""

from __future__ import annotations

import re
from dataclasses import dataclass

from coe_scaffold.bicep.binding.functions import TYPE_NAMES
from coe_scaffold.bicep.binding.model import Model
from coe_scaffold.bicep.binding.symbols import (
    Imported,
    JsonExport,
    Symbol,
    TypeAlias,
    Wildcard,
)
from coe_scaffold.bicep.emit import arm, literals
from coe_scaffold.bicep.emit.context import TOP, FileContext
from coe_scaffold.bicep.emit.declared import unindent
from coe_scaffold.bicep.emit.values import JsonValue, Values
from coe_scaffold.bicep.refusals import CODE, Refusal
from coe_scaffold.bicep.syntax import tree
from coe_scaffold.errors import CompileError

Schema = dict[str, JsonValue]

_CONSTRAINTS = ("minLength", "maxLength", "minValue", "maxValue", "validate")


@dataclass(frozen=True)
class Resolved:
    """What a reference to a type leads to: a JSON pointer and the type written there, in its file."""

    segments: tuple[str, ...]
    node: tree.Node
    types: Types


class Types:
    """Writes the types of one file. ``others`` are those of the files it imports from, by model."""

    def __init__(self, values: Values, others: dict[Model, Types]) -> None:
        self.values = values
        self.model = values.model
        self.context: FileContext = values.context
        self.others = others
        others[self.model] = self

    def declared(self, owner: tree.Node, type_: tree.Node) -> Schema:
        """Return the schema of a parameter, output, alias or type member with its decorators."""
        return self.decorate(owner, self.schema(type_, owner))

    def schema(self, node: tree.Node, owner: tree.Node | None = None) -> Schema:
        """Return the schema of a type; ``owner`` is the declaration whose ``@discriminator`` may apply."""
        match node:
            case tree.Paren():
                return self.schema(node.inner, owner)
            case tree.Nullable():
                return {**self.schema(node.base, owner), "nullable": True}
            case tree.NonNull():
                return {**self.schema(node.base, owner), "nullable": False}
            case tree.Name(name=name) if node not in self.model.refs and name in TYPE_NAMES:
                return {} if name == "any" else {"type": name}
            case tree.Property(base=tree.Name(name="sys" | "az")):
                return {} if node.name == "any" else {"type": node.name}
            case tree.Name() | tree.Property() | tree.Index() | tree.ItemsAccess() | tree.AdditionalAccess():
                return {"$ref": pointer(self.resolve(node).segments)}
            case tree.ArrayType():
                return self._array(node)
            case tree.ObjectType():
                return self._object(node)
            case tree.TupleType():
                items = [self.declared(item, item.type) for item in node.items]
                return {"type": "array", "prefixItems": items, "items": False}
            case tree.UnionType() if owner is not None and self.model.decorator(owner, "discriminator"):
                return self._discriminated(node, owner)
            case tree.UnionType():
                return self._union(node)
            case tree.GenericType():
                raise self._derived(node)
        value = literals.literal(self, node)
        return {"type": literals.type_name(value), "allowedValues": [literals.json_of(value)]}

    def _derived(self, node: tree.GenericType) -> CompileError:
        return self.model.diagnostics.stop(node.start, CODE, Refusal.DERIVED_TYPE.message(node.name))

    def _array(self, node: tree.ArrayType) -> Schema:
        item = node.item
        while isinstance(item, tree.Paren):
            item = item.inner
        if isinstance(item, tree.UnionType):
            return {"type": "array", "allowedValues": literals.values_of(self, item)}
        if literals.is_literal(self, item):
            value = literals.json_of(literals.literal(self, item))
            return {"type": "array", "allowedValues": [value]}
        return {"type": "array", "items": self.schema(item)}

    def _object(self, node: tree.ObjectType) -> Schema:
        found: Schema = {"type": "object"}
        found["properties"] = {
            arm.key_text(str(member.name)): self.declared(member, member.type) for member in node.properties
        }
        if node.additional is not None:
            found["additionalProperties"] = self.declared(node.additional, node.additional.type)
        return found

    def _union(self, node: tree.UnionType) -> Schema:
        members = literals.members(self, node)
        plain = [member for member in members if member is not None]
        found: Schema = {}
        if plain:
            found["type"] = literals.type_name(plain[0])
        found["allowedValues"] = [literals.json_of(member) for member in plain]
        if len(plain) < len(members):
            found["nullable"] = True
        return found

    def _discriminated(self, node: tree.UnionType, owner: tree.Node) -> Schema:
        call = self.model.decorator(owner, "discriminator")
        name = literals.text_argument(call) if call is not None else None
        if name is None:
            raise self.model.diagnostics.stop(
                owner.start, "BCP032", "The value must be a compile-time constant."
            )
        mapping: Schema = {}
        for member in node.members:
            self._map(name, member, mapping)
        return {"type": "object", "discriminator": {"propertyName": name, "mapping": mapping}}

    def _map(self, name: str, member: tree.Node, mapping: Schema) -> None:
        """Add the variants of one member of a discriminated union."""
        while isinstance(member, tree.Paren):
            member = member.inner
        if isinstance(member, tree.ObjectType):
            mapping[self._variant(name, member)] = self._object(member)
            return
        if isinstance(member, tree.UnionType):
            for inner in member.members:
                self._map(name, inner, mapping)
            return
        resolved = self.resolve(member)
        target = resolved
        while not isinstance(target.node, tree.ObjectType | tree.UnionType):
            node = target.node
            if isinstance(node, tree.Paren):
                target = Resolved(target.segments, node.inner, target.types)
            else:
                target = target.types.resolve(node)
        if isinstance(target.node, tree.ObjectType):
            mapping[target.types._variant(name, target.node)] = {"$ref": pointer(resolved.segments)}
            return
        for inner in target.node.members:
            target.types._map(name, inner, mapping)

    def _variant(self, name: str, node: tree.ObjectType) -> str:
        for member in node.properties:
            if member.name == name:
                value = literals.literal(self, member.type)
                if isinstance(value, str):
                    return value
        raise self.model.diagnostics.stop(
            node.start,
            "BCP364",
            f'The property "{name}" must be a required string literal on all union member types.',
        )

    # --- references ---

    def resolve(self, node: tree.Node) -> Resolved:
        """Return what a reference to a named type, or to a part of one, leads to."""
        match node:
            case tree.Name():
                return self._root(node, self.model.refs.get(node))
            case tree.Property():
                wildcard = self.model.refs.get(node.base)
                if isinstance(wildcard, Wildcard):
                    return self._wildcard(node, wildcard)
                return self._member(node, node.name)
            case tree.GenericType():
                raise self._derived(node)
            case tree.Index(index=tree.Str() as key) if key.literal is not None:
                return self._member(node, key.literal)
            case tree.Index(index=tree.Int() as number):
                container = self._trace(self.resolve(node.base), tree.TupleType)
                if isinstance(container.node, tree.TupleType) and number.value < len(container.node.items):
                    item = container.node.items[number.value].type
                    return Resolved(
                        (*container.segments, "prefixItems", str(number.value)), item, container.types
                    )
            case tree.ItemsAccess():
                container = self._trace(self.resolve(node.base), tree.ArrayType)
                if isinstance(container.node, tree.ArrayType):
                    return Resolved((*container.segments, "items"), container.node.item, container.types)
            case tree.AdditionalAccess():
                container = self._trace(self.resolve(node.base), tree.ObjectType)
                if isinstance(container.node, tree.ObjectType) and container.node.additional:
                    return Resolved(
                        (*container.segments, "additionalProperties"),
                        container.node.additional.type,
                        container.types,
                    )
        raise self.model.diagnostics.stop(
            node.start, "BCP391", "Type member access is only supported on a reference to a named type."
        )

    def _member(self, node: tree.Property | tree.Index, name: str) -> Resolved:
        container = self._trace(self.resolve(node.base), tree.ObjectType)
        if isinstance(container.node, tree.ObjectType):
            for member in container.node.properties:
                if member.name is not None and member.name.lower() == name.lower():
                    return Resolved((*container.segments, "properties", name), member.type, container.types)
        raise self.model.diagnostics.stop(
            node.start, "BCP052", f'The type does not contain property "{name}".'
        )

    def _trace(self, resolved: Resolved, wanted: type[tree.Node]) -> Resolved:
        for _ in range(50):
            node = resolved.node
            if isinstance(node, wanted):
                break
            if isinstance(node, tree.Paren | tree.Nullable | tree.NonNull):
                inner = node.inner if isinstance(node, tree.Paren) else node.base
                resolved = Resolved(resolved.segments, inner, resolved.types)
            elif isinstance(
                node, tree.Name | tree.Property | tree.Index | tree.ItemsAccess | tree.AdditionalAccess
            ):
                if isinstance(node, tree.Name) and node not in resolved.types.model.refs:
                    break
                resolved = resolved.types.resolve(node)
            else:
                break
        return resolved

    def _root(self, node: tree.Node, symbol: Symbol | None) -> Resolved:
        if isinstance(symbol, Imported):
            if isinstance(symbol.target, JsonExport):
                return Resolved(("definitions", self.context.names[symbol.target]), node, self)
            symbol = symbol.target
        if isinstance(symbol, TypeAlias):
            name = self.context.names.get(symbol, symbol.name)
            return Resolved(("definitions", name), symbol.node.value, self.others[symbol.model])
        raise self.model.diagnostics.stop(
            node.start, "BCP391", "Type member access is only supported on a reference to a named type."
        )

    def _wildcard(self, node: tree.Property, wildcard: Wildcard) -> Resolved:
        found = wildcard.exports().get(node.name)
        if isinstance(found, TypeAlias):
            return self._root(node, found)
        if isinstance(found, JsonExport) and found.kind == "type":
            return Resolved(("definitions", self.context.names[found]), node, self)
        raise self.model.diagnostics.stop(
            node.start,
            "BCP052",
            f'The type "{wildcard.name}" does not contain property "{node.name}".',
        )

    # --- decorators ---

    def decorate(self, owner: tree.Node, schema: Schema) -> Schema:
        """Return a schema with what the decorators of its declaration say."""
        decorator = self.model.decorator
        found = dict(schema)
        if decorator(owner, "secure"):
            kind = found.get("type")
            found["type"] = {"string": "securestring", "object": "secureObject"}.get(str(kind), kind)
            if found["type"] is None:
                del found["type"]
        if decorator(owner, "sealed"):
            found["additionalProperties"] = False
        if decorator(owner, "export") and owner not in self.context.not_exported:
            found = merge_metadata(found, {"__bicep_export!": True})
        metadata = decorator(owner, "metadata")
        if metadata is not None and metadata.args and isinstance(metadata.args[0], tree.Object):
            found = merge_metadata(found, self.values.object(metadata.args[0], TOP))
        for name in _CONSTRAINTS:
            call = decorator(owner, name)
            if call is None or not call.args:
                continue
            if name == "validate":
                self.model.diagnostics.unsupported(call.start, Refusal.DECORATOR, name)
            else:
                found[name] = self.values.value(call.args[0], TOP)
        description = self.description(owner)
        if description is not None:
            found = merge_metadata(found, {"description": description})
        return found

    def description(self, owner: tree.Node) -> JsonValue:
        """Return the ``@description`` of a declaration."""
        call = self.model.decorator(owner, "description")
        if call is None or not call.args:
            return None
        text = call.args[0]
        if isinstance(text, tree.Str) and text.literal is not None:
            return arm.escape(unindent(text.literal))
        return self.values.value(text, TOP)


def merge_metadata(schema: Schema, more: Schema) -> Schema:
    """Return a schema with more metadata."""
    known = schema.get("metadata")
    merged = _merge(known, more) if isinstance(known, dict) else dict(more)
    return {**schema, "metadata": merged}


def _merge(left: Schema, right: Schema) -> Schema:
    found = dict(left)
    for key, value in right.items():
        old = found.get(key)
        found[key] = _merge(old, value) if isinstance(old, dict) and isinstance(value, dict) else value
    return found


def pointer(segments: tuple[str, ...]) -> str:
    """Return a JSON pointer within the template."""
    return "#/" + "/".join(_encode(segment) for segment in segments)


def _encode(segment: str) -> str:
    escaped = segment.replace("~", "~0").replace("/", "~1")
    return re.sub(r"[^\w\-.~!$&'()*+,;=:@]", lambda found: _percent(found.group()), escaped)


def _percent(character: str) -> str:
    return "".join(f"%{byte:02X}" for byte in character.encode())
