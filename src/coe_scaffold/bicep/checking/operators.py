"""Operators on operands they cannot be applied to."""

from __future__ import annotations

from coe_scaffold.bicep.binding.model import Model
from coe_scaffold.bicep.checking.kinds import kind_of, shown
from coe_scaffold.bicep.syntax import tree

_WANTED = {
    operator: kinds
    for operators, kinds in (
        ("&& ||", ("bool",)),
        ("+ - * / %", ("int",)),
        ("=~ !~", ("string",)),
        ("< <= > >=", ("int", "string")),
    )
    for operator in operators.split()
}


def check(model: Model, node: tree.Unary | tree.Binary) -> None:
    """Report an operator whose operands are certainly of the wrong kind."""
    if isinstance(node, tree.Unary):
        wanted = "bool" if node.operator == "!" else "int"
        given = kind_of(model, node.operand)
        if given.kind not in ("any", wanted):
            model.diagnostics.error(
                node.start,
                "BCP044",
                f'Cannot apply operator "{node.operator}" to operand of type "{shown(model, node.operand)}".',
            )
        return
    kinds = _WANTED.get(node.operator)
    if kinds is None:
        return
    left, right = kind_of(model, node.left), kind_of(model, node.right)
    wrong = [one.kind for one in (left, right) if one.kind not in ("any", *kinds) and not one.nullable]
    null = any(one.kind == "null" for one in (left, right))
    differ = len(kinds) > 1 and "any" not in (left.kind, right.kind) and left.kind != right.kind
    if wrong or null or differ:
        model.diagnostics.error(
            node.start,
            "BCP045",
            f'Cannot apply operator "{node.operator}" to operands of type '
            f'"{shown(model, node.left)}" and "{shown(model, node.right)}".',
        )
