"""Literal types and unions of them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from coe_scaffold.bicep.emit import arm
from coe_scaffold.bicep.syntax import tree

if TYPE_CHECKING:
    from coe_scaffold.bicep.emit.types import Types

Literal = str | int | bool | list[object] | dict[str, object] | None
"""The value of a literal type; None is ``null``."""


def literal(types: Types, node: tree.Node) -> Literal:
    """Return the value of a literal type; stop with an error when it is none."""
    match node:
        case tree.Paren():
            return literal(types, node.inner)
        case tree.Str() if not node.holes:
            return node.segments[0]
        case tree.Int() | tree.Bool():
            return node.value
        case tree.Null():
            return None
        case tree.Unary(operator="-", operand=tree.Int() as number):
            return -number.value
        case tree.Unary(operator="!", operand=tree.Bool() as flag):
            return not flag.value
        case tree.ObjectType() if node.additional is None:
            return {str(member.name): literal(types, member.type) for member in node.properties}
        case tree.TupleType():
            return [literal(types, item.type) for item in node.items]
        case tree.Name() | tree.Property() | tree.Index() if _is_reference(types, node):
            resolved = types.resolve(node)
            return literal(resolved.types, resolved.node)
    raise types.model.diagnostics.stop(
        node.start,
        "BCP286",
        "This union member is invalid because it cannot be assigned to a literal type.",
    )


def is_literal(types: Types, node: tree.Node) -> bool:
    """Whether a type is written as a literal (references are not followed)."""
    match node:
        case tree.Paren():
            return is_literal(types, node.inner)
        case tree.Str() | tree.Int() | tree.Bool() | tree.Null() | tree.Unary():
            return True
        case tree.ObjectType():
            return (
                bool(node.properties)
                and node.additional is None
                and all(is_literal(types, member.type) for member in node.properties)
            )
        case tree.TupleType():
            return all(is_literal(types, item.type) for item in node.items)
    return False


def _is_reference(types: Types, node: tree.Node) -> bool:
    return not isinstance(node, tree.Name) or node in types.model.refs


def members(types: Types, node: tree.Node) -> list[Literal]:
    """Return the values of a union in the official order: by how they are written, without repeats."""
    found: dict[str, Literal] = {}
    _collect(types, node, found, 0)
    return [found[key] for key in sorted(found, key=_ordinal)]


def _collect(types: Types, node: tree.Node, found: dict[str, Literal], depth: int) -> None:
    if depth > 50:
        raise types.model.diagnostics.stop(node.start, "BCP298", "This type definition includes itself.")
    match node:
        case tree.UnionType():
            for member in node.members:
                _collect(types, member, found, depth + 1)
        case tree.Paren():
            _collect(types, node.inner, found, depth + 1)
        case tree.Nullable():
            found["null"] = None
            _collect(types, node.base, found, depth + 1)
        case tree.Name() | tree.Property() | tree.Index() | tree.ItemsAccess() if _is_reference(types, node):
            resolved = types.resolve(node)
            _collect(resolved.types, resolved.node, found, depth + 1)
        case _:
            value = literal(types, node)
            found[written(value)] = value


def values_of(types: Types, node: tree.Node) -> list[object]:
    """Return the JSON values of a union, ``null`` among them."""
    return [json_of(value) for value in members(types, node)]


def written(value: Literal) -> str:
    """Return a literal as Bicep writes it, by which unions are sorted."""
    match value:
        case None:
            return "null"
        case bool():
            return "true" if value else "false"
        case int():
            return str(value)
        case str():
            return f"'{_escaped(value)}'"
        case list():
            return "[" + ", ".join(written(item) for item in value) + "]"  # type: ignore[arg-type]
        case dict():
            inner = ", ".join(f"{name}: {written(item)}" for name, item in value.items())  # type: ignore[arg-type]
            return "{ " + inner + " }"


def _escaped(value: str) -> str:
    for character, replacement in (
        ("\\", "\\\\"),
        ("'", "\\'"),
        ("\n", "\\n"),
        ("\r", "\\r"),
        ("\t", "\\t"),
        ("${", "\\${"),
    ):
        value = value.replace(character, replacement)
    return value


def _ordinal(text: str) -> bytes:
    """Return a key that sorts as .NET's ordinal order, by UTF-16 code units."""
    return text.encode("utf-16-be", errors="surrogatepass")


def json_of(value: Literal) -> object:
    """Return a literal as JSON in a template."""
    return arm.json_literal(value)


def type_name(value: Literal) -> str:
    """Return the ARM type of a literal."""
    match value:
        case bool():
            return "bool"
        case int():
            return "int"
        case str():
            return "string"
        case list():
            return "array"
    return "object"


def text_argument(call: tree.Call | tree.MethodCall) -> str | None:
    """Return the only argument of a decorator when it is a literal string."""
    if len(call.args) == 1 and isinstance(call.args[0], tree.Str):
        return call.args[0].literal
    return None
