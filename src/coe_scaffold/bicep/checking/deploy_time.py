"""Values that only the deployment knows, in places that need them before it starts."""

from __future__ import annotations

from collections.abc import Iterator

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
    """Report each thing in an expression that only the deployment knows."""
    values = "values that" if code == "BCP182" else "a value that"
    for place, what, chain in _runtime(model, node, frozenset()):
        if what is None and not chain and code == "BCP177" and isinstance(place, tree.Call):
            model.diagnostics.error(
                place.start,
                "BCP066",
                f'Function "{place.name}" is not valid at this location. '
                "It can only be used in resource declarations.",
            )
            continue
        message = (
            f"This expression is being used in {context}, which requires {values} can be calculated "
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


def _runtime(model: Model, node: tree.Node, seen: frozenset[Var]) -> Iterator[_Found]:
    """Yield what in an expression only the deployment knows."""
    match node:
        case tree.Property() | tree.Index() if (read := _read(model, node)) is not None:
            owner, name = read
            known = _KNOWN if isinstance(owner, Resource) else {"name"}
            if name not in known:
                yield node, owner, ()
            return
        case tree.Call() if node.name == "nameof":
            return
        case tree.Call() if node not in model.refs and (node.name in INLINED or is_list_function(node.name)):
            yield node, None, ()
            return
        case tree.MethodCall():
            owner_of_call = _owner(model, node.base)
            if owner_of_call is not None and not isinstance(model.refs.get(node.base), Namespace):
                yield node, owner_of_call, ()
                return
        case tree.Name():
            symbol = model.refs.get(node)
            if isinstance(symbol, Var) and symbol not in seen:
                for _, what, chain in _runtime(model, symbol.node.value, seen | {symbol}):
                    yield node, what, (symbol.name, *(chain or ((what.name,) if what else ())))
                    return
            return
    for child in tree.children(node):
        yield from _runtime(model, child, seen)


def _read(model: Model, node: tree.Property | tree.Index) -> tuple[Resource | Module, str] | None:
    """Return what a member access reads from a resource or module, None when it is none of these."""
    owner = _owner(model, node.base)
    if owner is None:
        return None
    if isinstance(node, tree.Property):
        return owner, node.name
    key = node.index.literal if isinstance(node.index, tree.Str) else None
    return (owner, key) if key is not None else None


def _owner(model: Model, node: tree.Node) -> Resource | Module | None:
    while isinstance(node, tree.NonNull | tree.Paren | tree.Index):
        node = node.inner if isinstance(node, tree.Paren) else node.base
    symbol = model.refs.get(node)
    return symbol if isinstance(symbol, Resource | Module) else None
