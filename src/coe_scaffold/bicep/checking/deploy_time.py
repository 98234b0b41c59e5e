"""Values that only the deployment knows, in places that need them before it starts."""

from __future__ import annotations

from coe_scaffold.bicep.binding.functions import INLINED, is_list_function
from coe_scaffold.bicep.binding.model import Model
from coe_scaffold.bicep.binding.symbols import Module, Namespace, Resource, Var
from coe_scaffold.bicep.syntax import tree

_KNOWN = frozenset({"id", "name", "type", "apiVersion"})
_RESOURCE_PROPERTIES = ("name", "scope", "parent")


def check(model: Model) -> None:
    """Check names, conditions and loops."""
    for symbol in (*model.resources, *model.modules):
        if isinstance(symbol, Resource) and symbol.existing:
            continue
        kind = symbol.type if isinstance(symbol, Resource) else "module"
        for name in _RESOURCE_PROPERTIES if isinstance(symbol, Resource) else ("name", "scope"):
            value = symbol.value(name)
            if value is not None:
                context = f'an assignment to the "{name}" property of the "{kind}" type'
                _report(model, value, "BCP120", context)
        if symbol.condition is not None:
            _report(model, symbol.condition, "BCP177", "the if-condition expression")
        if symbol.loop is not None:
            _report(model, symbol.loop.source, "BCP178", "the for-expression")
    for node in model.nodes:
        if isinstance(node, tree.For) and model.loop_names.get(node) is not None:
            _report(model, node.source, "BCP178", "the for-expression")
    for variable in model.variables:
        if isinstance(variable.node.value, tree.For):
            _report(
                model, variable.node.value.body, "BCP182", f'the for-body of the variable "{variable.name}"'
            )


def _report(model: Model, node: tree.Node, code: str, context: str) -> None:
    found = _runtime(model, node, frozenset())
    if found is None:
        return
    place, what, chain = found
    message = (
        f"This expression is being used in {context}, which requires a value that can be calculated "
        "at the start of the deployment."
    )
    if chain:
        names = '" -> "'.join(chain)
        message += f' You are referencing a variable which cannot be calculated at the start ("{names}").'
    if isinstance(what, Resource):
        message += (
            f" Properties of {what.name} which can be calculated at the start include "
            '"apiVersion", "id", "name", "type".'
        )
    elif isinstance(what, Module):
        message += f' Properties of {what.name} which can be calculated at the start include "name".'
    model.diagnostics.error(place.start, code, message)


_Found = tuple[tree.Node, Resource | Module | None, tuple[str, ...]]


def _runtime(model: Model, node: tree.Node, seen: frozenset[Var]) -> _Found | None:
    """Return the first thing in an expression that only the deployment knows."""
    match node:
        case tree.Property():
            owner = _owner(model, node.base)
            if isinstance(owner, Resource):
                return None if node.name in _KNOWN else (node, owner, ())
            if isinstance(owner, Module):
                return None if node.name == "name" else (node, owner, ())
        case tree.Call() if node.name == "nameof":
            return None
        case tree.Call() if node not in model.refs and (node.name in INLINED or is_list_function(node.name)):
            return node, None, ()
        case tree.MethodCall():
            owner = _owner(model, node.base)
            if owner is not None and not isinstance(model.refs.get(node.base), Namespace):
                return node, owner, ()
        case tree.Name():
            symbol = model.refs.get(node)
            if isinstance(symbol, Var) and symbol not in seen:
                inner = _runtime(model, symbol.node.value, seen | {symbol})
                if inner is not None:
                    _, what, chain = inner
                    return node, what, (symbol.name, *(chain or ((what.name,) if what else ())))
            return None
    for child in tree.children(node):
        found = _runtime(model, child, seen)
        if found is not None:
            return found
    return None


def _owner(model: Model, node: tree.Node) -> Resource | Module | None:
    while isinstance(node, tree.NonNull | tree.Paren | tree.Index):
        node = node.inner if isinstance(node, tree.Paren) else node.base
    symbol = model.refs.get(node)
    return symbol if isinstance(symbol, Resource | Module) else None
