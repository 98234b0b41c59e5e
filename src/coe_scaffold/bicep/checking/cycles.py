"""Declarations that need themselves."""

from __future__ import annotations

from coe_scaffold.bicep.binding.model import Model
from coe_scaffold.bicep.binding.symbols import Func, Module, Param, Resource, Symbol, TypeAlias, Var
from coe_scaffold.bicep.syntax import tree

_Node = Var | Param | Resource | Module | TypeAlias | Func


def check(model: Model) -> None:
    """Report cycles."""
    edges = {symbol: _uses(model, symbol) for symbol in _declared(model)}
    state: dict[Symbol, int] = {}
    for start in edges:
        if not state.get(start):
            _visit(model, start, edges, state)


def _declared(model: Model) -> list[_Node]:
    return [
        *model.params,
        *model.variables,
        *model.resources,
        *model.modules,
        *model.types,
        *model.functions,
    ]


def _visit(
    model: Model,
    start: _Node,
    edges: dict[_Node, dict[_Node, tree.Node]],
    state: dict[Symbol, int],
) -> None:
    """Walk depth first without recursion; report each cycle when the reference that closes it is met."""
    path: list[_Node] = [start]
    stack = [iter(edges[start].items())]
    state[start] = 1
    while stack:
        following = next(stack[-1], None)
        if following is None:
            stack.pop()
            state[path.pop()] = 2
            continue
        symbol, _ = following
        if state.get(symbol) == 1:
            _report(model, path[path.index(symbol) :], edges)
        elif not state.get(symbol) and symbol in edges:
            state[symbol] = 1
            path.append(symbol)
            stack.append(iter(edges[symbol].items()))


def _report(model: Model, cycle: list[_Node], edges: dict[_Node, dict[_Node, tree.Node]]) -> None:
    """Report a cycle at every reference that is part of it, each time told from what is referred to."""
    is_type = isinstance(cycle[0], TypeAlias)
    for number, symbol in enumerate(cycle):
        place = edges[cycle[number - 1]][symbol]
        names = '" -> "'.join(one.name for one in (*cycle[number:], *cycle[:number]))
        if len(cycle) > 1 and is_type:
            code = "BCP299"
            message = f'This type definition includes itself as a required component via a cycle ("{names}").'
        elif len(cycle) > 1:
            code, message = "BCP080", f'The expression is involved in a cycle ("{names}").'
        elif is_type:
            code = "BCP298"
            message = (
                "This type definition includes itself as required component, "
                "which creates a constraint that cannot be fulfilled."
            )
        else:
            code = "BCP079"
            message = "This expression is referencing its own declaration, which is not allowed."
        model.diagnostics.error(place.start, code, message)


def _uses(model: Model, symbol: _Node) -> dict[_Node, tree.Node]:
    """Return the declarations a declaration needs, each with the first place that says so."""
    found: dict[_Node, tree.Node] = {}
    stack: list[tree.Node] = tree.children(symbol.node)
    if isinstance(symbol, Resource) and symbol.nesting is not None:
        found[symbol.nesting] = symbol.node
    while stack:
        node = stack.pop()
        if isinstance(node, tree.ResourceDecl | tree.Decorator):
            continue
        if isinstance(symbol, TypeAlias) and isinstance(
            node, tree.Nullable | tree.ArrayType | tree.UnionType | tree.Property | tree.TypeMember
        ):
            if isinstance(node, tree.TypeMember) and node.name is not None:
                stack += tree.children(node)
            continue
        target = model.refs.get(node)
        if isinstance(target, Var | Param | Resource | Module | TypeAlias | Func):
            found.setdefault(target, node)
        stack += reversed(tree.children(node))
    return found
