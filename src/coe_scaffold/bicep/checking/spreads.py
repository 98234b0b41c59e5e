"""Spreads where the official compiler refuses them: declared bodies, module parameters, beside loops."""

from __future__ import annotations

from coe_scaffold.bicep.binding.model import Model
from coe_scaffold.bicep.syntax import tree


def check(model: Model) -> None:
    """Check the objects of every resource and module, and objects with property loops."""
    declared: list[tree.Node] = [resource.body for resource in model.resources]
    for module in model.modules:
        declared += [module.body, module.value("params") or module.body]
    for body in dict.fromkeys(declared):
        for spread in _spreads(body):
            message = 'The spread operator "..." is not permitted in this location.'
            model.diagnostics.error(spread.start, "BCP401", message)
    for node in model.nodes:
        if isinstance(node, tree.Object) and _has_loop(node):
            for spread in _spreads(node):
                model.diagnostics.error(
                    spread.start,
                    "BCP417",
                    'The spread operator "..." cannot be used inside objects containing property '
                    "for-expressions.",
                )


def _spreads(node: tree.Node) -> list[tree.Node]:
    return (
        [item for item in node.items if isinstance(item, tree.Spread)]
        if isinstance(node, tree.Object)
        else []
    )


def _has_loop(node: tree.Object) -> bool:
    return any(
        isinstance(item, tree.ObjectProperty) and isinstance(item.value, tree.For) for item in node.items
    )
