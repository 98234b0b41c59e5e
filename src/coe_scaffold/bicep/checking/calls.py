"""Calls with the wrong number or kind of arguments, and functions used where they are not valid."""

from __future__ import annotations

from coe_scaffold.bicep.binding.functions import known_functions
from coe_scaffold.bicep.binding.model import Model
from coe_scaffold.bicep.binding.symbols import Func, Imported, Namespace, Var, Wildcard
from coe_scaffold.bicep.checking.assignments import assign
from coe_scaffold.bicep.checking.kinds import kind_of, shown
from coe_scaffold.bicep.checking.shapes import of_type
from coe_scaffold.bicep.syntax import tree

_ONLY_IN_DEFAULTS = frozenset({"newGuid", "utcNow"})
_KINDS = {
    name: kinds.split()
    for name, kinds in {
        "base64": "string",
        "base64ToString": "string",
        "base64ToJson": "string",
        "cidrHost": "string int",
        "cidrSubnet": "string int int",
        "dateTimeAdd": "string string string",
        "dateTimeFromEpoch": "int",
        "dateTimeToEpoch": "string",
        "endsWith": "string string",
        "filter": "array",
        "flatten": "array",
        "items": "object",
        "join": "array string",
        "json": "string",
        "map": "array",
        "objectKeys": "object",
        "parseCidr": "string",
        "range": "int int",
        "reduce": "array",
        "replace": "string string string",
        "sort": "array",
        "split": "string",
        "startsWith": "string string",
        "substring": "string int int",
        "toLower": "string",
        "toObject": "array",
        "toUpper": "string",
        "trim": "string",
        "uri": "string string",
        "uriComponent": "string",
        "uriComponentToString": "string",
    }.items()
}


def check(model: Model) -> None:
    """Check every call in a file."""
    defaults: set[tree.Node] = set()
    for param in model.params:
        if param.node.default is not None:
            defaults.update(tree.descendants(param.node.default))
            if param.node.type is not None:
                _only_parameters(model, param.node.default)
    for node in model.nodes:
        if isinstance(node, tree.Decorator):
            continue
        if isinstance(node, tree.Call | tree.MethodCall):
            _call(model, node, in_default=node in defaults)


def _only_parameters(model: Model, default: tree.Node) -> None:
    for node in tree.descendants(default):
        symbol = model.refs.get(node)
        if isinstance(symbol, Imported | Wildcard | Func) or not isinstance(node, tree.Name):
            continue
        if isinstance(symbol, Var) or (
            symbol is not None and type(symbol).__name__ in ("Resource", "Module")
        ):
            model.diagnostics.error(
                node.start,
                "BCP072",
                "This symbol cannot be referenced here. "
                "Only other parameters can be referenced in parameter default values.",
            )


def _call(model: Model, node: tree.Call | tree.MethodCall, *, in_default: bool) -> None:
    function = _user_function(model, node)
    if function is not None:
        _user_call(model, node, function)
        return
    if isinstance(node, tree.MethodCall) and not isinstance(model.refs.get(node.base), Namespace):
        return
    if node.name in _ONLY_IN_DEFAULTS and not in_default:
        model.diagnostics.error(
            node.start,
            "BCP065",
            f'Function "{node.name}" is not valid at this location. '
            "It can only be used as a parameter default value.",
        )
    signature = known_functions().get(node.name)
    if signature is None:
        return
    if node.name == "getSecret" and isinstance(node, tree.MethodCall):
        return
    if not _counts(model, node, signature.least, signature.most):
        return
    for argument, kind in zip(node.args, _KINDS.get(node.name, ()), strict=False):
        given = kind_of(model, argument)
        if given.kind not in ("any", kind) and not given.nullable:
            model.diagnostics.error(
                argument.start,
                "BCP070",
                _not_assignable(model, argument, kind),
            )


def _counts(model: Model, node: tree.Call | tree.MethodCall, least: int, most: int | None) -> bool:
    given = len(node.args)
    if given >= least and (most is None or given <= most):
        return True
    if most is None:
        wanted = f"at least {least} argument{'s' if least != 1 else ''}"
    elif least == most:
        wanted = f"{least} argument{'s' if least != 1 else ''}"
    else:
        wanted = f"{least} to {most} arguments"
    model.diagnostics.error(node.start, "BCP071", f"Expected {wanted}, but got {given}.")
    return False


def _user_function(model: Model, node: tree.Call | tree.MethodCall) -> Func | None:
    symbol = model.refs.get(node)
    if isinstance(node, tree.MethodCall):
        wildcard = model.refs.get(node.base)
        if isinstance(wildcard, Wildcard) and isinstance(wildcard.target, Model):
            symbol = wildcard.target.exports().get(node.name)
    if isinstance(symbol, Imported):
        symbol = symbol.target if isinstance(symbol.target, Func) else None
    return symbol if isinstance(symbol, Func) else None


def _user_call(model: Model, node: tree.Call | tree.MethodCall, function: Func) -> None:
    body = function.node.lambda_
    if not isinstance(body, tree.Lambda):
        return
    required = len(body.params)
    while required and isinstance(body.params[required - 1].type, tree.Nullable):
        required -= 1
    if not _counts(model, node, required, len(body.params)):
        return
    for argument, local in zip(node.args, body.params, strict=False):
        shape = of_type(function.model, local.type)
        given = kind_of(model, argument)
        if "any" in (given.kind, shape.kind) or given.nullable:
            continue
        if given.kind != shape.kind:
            model.diagnostics.error(
                argument.start,
                "BCP070",
                _not_assignable(model, argument, str(shape)),
            )
        else:
            assign(model, argument, shape)


def _not_assignable(model: Model, argument: tree.Node, wanted: str) -> str:
    given = shown(model, argument)
    return f'Argument of type "{given}" is not assignable to parameter of type "{wanted}".'
