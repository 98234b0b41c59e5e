"""Writes a syntax tree as Bicep again, and compares trees by shape, for tests."""

from __future__ import annotations

from typing import Any

from coe_scaffold.bicep.syntax import tree


def shape(value: Any) -> Any:
    """Return a tree as nested tuples without offsets."""
    if isinstance(value, tree.Node):
        fields = [name for cls in type(value).__mro__ for name in getattr(cls, "__slots__", ())]
        kept = sorted(name for name in fields if name not in ("start", "name_start", "alias_start"))
        return (type(value).__name__, *((name, shape(getattr(value, name))) for name in kept))
    if isinstance(value, tuple | list):
        return tuple(shape(item) for item in value)
    return value


def text(node: tree.Node) -> str:
    """Return the source of an expression."""
    match node:
        case tree.Str():
            return string(node)
        case tree.Int():
            return str(node.value)
        case tree.Bool():
            return "true" if node.value else "false"
        case tree.Null():
            return "null"
        case tree.Name():
            return node.name
        case tree.Paren():
            return f"({text(node.inner)})"
        case tree.Unary():
            return f"{node.operator}{text(node.operand)}"
        case tree.Binary():
            return f"{text(node.left)} {node.operator} {text(node.right)}"
        case tree.Ternary():
            return f"{text(node.condition)} ? {text(node.yes)} : {text(node.no)}"
        case tree.Property():
            return f"{text(node.base)}.{'?' if node.safe else ''}{node.name}"
        case tree.Index():
            marks = ("?" if node.safe else "") + ("^" if node.from_end else "")
            return f"{text(node.base)}[{marks}{text(node.index)}]"
        case tree.Call():
            return f"{node.name}({', '.join(text(argument) for argument in node.args)})"
        case tree.NonNull():
            return f"{text(node.base)}!"
        case tree.Array():
            return "[\n" + "".join(f"{text(item)}\n" for item in node.items) + "]"
        case tree.Object():
            return "{\n" + "".join(f"{text(item)}\n" for item in node.items) + "}"
        case tree.ObjectProperty():
            key = string(node.key) if node.quoted else node.key.segments[0]
            return f"{key}: {text(node.value)}"
        case tree.Spread():
            return f"...{text(node.value)}"
        case tree.Lambda():
            return f"({', '.join(local.name for local in node.params)}) => {text(node.body)}"
    raise TypeError(type(node).__name__)


def string(node: tree.Str) -> str:
    """Return the source of a string."""
    parts = [escaped(node.segments[0])]
    for hole, segment in zip(node.holes, node.segments[1:], strict=True):
        parts += ["${", text(hole), "}", escaped(segment)]
    return "'" + "".join(parts) + "'"


def escaped(value: str) -> str:
    """Return a piece of a string as it is written."""
    for character, replacement in (
        ("\\", "\\\\"),
        ("'", "\\'"),
        ("\n", "\\n"),
        ("\r", "\\r"),
        ("\t", "\\t"),
        ("$", "\\$"),
    ):
        value = value.replace(character, replacement)
    return value
