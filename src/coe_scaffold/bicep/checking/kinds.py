"""What kind of value an expression gives, where that is certain."""

from __future__ import annotations

from coe_scaffold.bicep.binding.model import Model
from coe_scaffold.bicep.binding.symbols import Imported, Param, Symbol, Var
from coe_scaffold.bicep.checking.shapes import ANY, Shape, of_type
from coe_scaffold.bicep.syntax import tree

_RETURNS = {
    name: kind
    for kind, names in {
        "string": "base64 base64ToString dataUri dataUriToString dateTimeAdd dateTimeFromEpoch format guid "
        "join "
        "newGuid padLeft replace resourceId string subscriptionResourceId substring tenantResourceId "
        "toLower toUpper trim uniqueString uri uriComponent uriComponentToString utcNow loadTextContent "
        "loadFileAsBase64 cidrSubnet cidrHost extensionResourceId managementGroupResourceId",
        "int": "dateTimeToEpoch indexOf int lastIndexOf length",
        "bool": "bool contains empty endsWith startsWith",
        "array": "array cidrHosts filter flatten items map objectKeys range sort split",
        "object": "groupBy mapValues parseCidr shallowMerge toObject deployment environment",
    }.items()
    for name in names.split()
}
_LOGICAL = frozenset({"&&", "||", "==", "!=", "=~", "!~", "<", "<=", ">", ">="})


def kind_of(model: Model, node: tree.Node, depth: int = 0) -> Shape:
    """Return what is known of an expression's value; ANY when nothing is certain."""
    if depth > 30:
        return ANY
    match node:
        case tree.Paren():
            return kind_of(model, node.inner, depth + 1)
        case tree.Str():
            return Shape("string", None if node.holes else (node.segments[0],))
        case tree.Int():
            return Shape("int", (node.value,))
        case tree.Bool():
            return Shape("bool", (node.value,))
        case tree.Null():
            return Shape("null", nullable=True)
        case tree.Array() | tree.For():
            return Shape("array")
        case tree.Object():
            return Shape("object")
        case tree.Unary():
            if node.operator == "!":
                return Shape("bool")
            if isinstance(node.operand, tree.Int):
                return Shape("int", (-node.operand.value,))
            return Shape("int")
        case tree.Binary() if node.operator in _LOGICAL:
            return Shape("bool")
        case tree.Binary() if node.operator != "??":
            return Shape("int")
        case tree.Ternary():
            yes, no = kind_of(model, node.yes, depth + 1), kind_of(model, node.no, depth + 1)
            return Shape(yes.kind) if yes.kind == no.kind else ANY
        case tree.Call() if node not in model.refs:
            return Shape(_RETURNS.get(node.name, "any"))
        case tree.Name():
            return _symbol(model.refs.get(node), depth)
    return ANY


def _symbol(symbol: Symbol | None, depth: int) -> Shape:
    if isinstance(symbol, Imported):
        symbol = symbol.target if isinstance(symbol.target, Symbol) else None
    if isinstance(symbol, Param) and symbol.node.type is not None:
        if symbol.model.decorator(symbol.node, "discriminator"):
            return ANY
        return of_type(symbol.model, symbol.node.type)
    if isinstance(symbol, Var):
        if symbol.node.type is not None:
            return of_type(symbol.model, symbol.node.type)
        return kind_of(symbol.model, symbol.node.value, depth + 1)
    return ANY


def shown(model: Model, node: tree.Node) -> str:
    """Return the type of an expression as a message names it."""
    if isinstance(node, tree.Array) and not node.items:
        return "<empty array>"
    return str(kind_of(model, node))
