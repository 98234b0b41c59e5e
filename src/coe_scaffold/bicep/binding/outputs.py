"""What is known about the parameters and outputs of a module: which are secure, which are required."""

from __future__ import annotations

from coe_scaffold.bicep.binding.model import Model
from coe_scaffold.bicep.binding.symbols import Imported, JsonTemplate, TypeAlias
from coe_scaffold.bicep.syntax import tree


def secure_outputs(target: Model | JsonTemplate | None) -> set[str]:
    """Return the names of a module's outputs that are secure."""
    if isinstance(target, Model):
        return {
            output.name
            for output in target.outputs
            if target.decorator(output.node, "secure") or is_secure_type(target, output.node.type)
        }
    if isinstance(target, JsonTemplate):
        outputs = target.template.get("outputs")
        if isinstance(outputs, dict):
            return {
                name
                for name, body in outputs.items()
                if str(body.get("type", "")).lower() in ("securestring", "secureobject")
            }
    return set()


def is_secure_output(target: Model | JsonTemplate | None, name: str) -> bool:
    """Whether an output of a module is secure."""
    return name in secure_outputs(target)


def is_secure_type(model: Model, node: tree.Node, depth: int = 0) -> bool:
    """Whether a type is, or contains, a user-defined type marked ``@secure()``."""
    if depth > 20:
        return False
    if isinstance(node, tree.Name):
        symbol = model.refs.get(node)
        if isinstance(symbol, Imported) and isinstance(symbol.target, TypeAlias):
            symbol = symbol.target
        if isinstance(symbol, TypeAlias):
            return bool(symbol.model.decorator(symbol.node, "secure")) or is_secure_type(
                symbol.model, symbol.node.value, depth + 1
            )
        return False
    if isinstance(node, tree.TypeMember) and model.decorator(node, "secure"):
        return True
    return any(is_secure_type(model, child, depth + 1) for child in tree.children(node))
