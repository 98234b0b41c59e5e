"""Bicep expressions to ARM expressions."""

from __future__ import annotations

from collections.abc import Callable

from coe_scaffold.bicep.binding.functions import SCOPES
from coe_scaffold.bicep.binding.model import Model
from coe_scaffold.bicep.binding.symbols import (
    Extension,
    Func,
    Imported,
    JsonExport,
    LocalVar,
    Module,
    Namespace,
    Param,
    Resource,
    Symbol,
    Var,
    Wildcard,
)
from coe_scaffold.bicep.emit import arm
from coe_scaffold.bicep.emit.arm import Arm, access, call
from coe_scaffold.bicep.emit.context import FUNCTION_NAMESPACE, FileContext, View
from coe_scaffold.bicep.emit.references import Reference, References
from coe_scaffold.bicep.refusals import CODE, Refusal
from coe_scaffold.bicep.syntax import tree

_OPERATORS = {
    "&&": "and",
    "||": "or",
    "==": "equals",
    "<": "less",
    "<=": "lessOrEquals",
    ">": "greater",
    ">=": "greaterOrEquals",
    "+": "add",
    "-": "sub",
    "*": "mul",
    "/": "div",
    "%": "mod",
    "??": "coalesce",
}
_SAFE = ("tryGet", "tryIndexFromEnd")


class Expressions:
    """Turns the expressions of one file into ARM expressions; ``view`` says what loop variables mean."""

    def __init__(self, context: FileContext) -> None:
        self.context = context
        self.model: Model = context.model
        self.references = References(self)
        self._convert: dict[type[tree.Node], Callable[..., Arm]] = {
            tree.Str: self._string,
            tree.Int: lambda node, view: arm.integer(node.value),
            tree.Bool: lambda node, view: call("true" if node.value else "false"),
            tree.Null: lambda node, view: call("null"),
            tree.Name: self._name,
            tree.Property: self._property,
            tree.Index: self._index,
            tree.NestedAccess: self._name,
            tree.Call: self._call,
            tree.MethodCall: self._method,
            tree.NonNull: lambda node, view: self.convert(node.base, view),
            tree.Paren: lambda node, view: self.convert(node.inner, view),
            tree.Unary: self._unary,
            tree.Binary: self._binary,
            tree.Ternary: self._ternary,
            tree.Object: self._object,
            tree.Array: self._array,
            tree.Lambda: self._lambda,
        }

    def convert(self, node: tree.Node, view: View) -> Arm:
        """Return the ARM expression of a Bicep expression."""
        convert = self._convert.get(type(node))
        if convert is None:
            message = Refusal.MISPLACED.message(type(node).__name__)
            raise self.model.diagnostics.stop(node.start, CODE, message)
        return convert(node, view)

    def symbol(self, node: tree.Node) -> Symbol | None:
        """Return what a name or ``::`` access refers to, imports followed into other Bicep files."""
        found = self.model.refs.get(node)
        if isinstance(found, Imported) and isinstance(found.target, Symbol):
            return found.target
        return found

    # --- literals and operators ---

    def _string(self, node: tree.Str, view: View) -> Arm:
        if not node.holes:
            return node.segments[0]
        pieces = []
        for number, segment in enumerate(node.segments):
            pieces.append(segment.replace("{", "{{").replace("}", "}}"))
            if number < len(node.holes):
                pieces.append(f"{{{number}}}")
        return call("format", "".join(pieces), *(self.convert(hole, view) for hole in node.holes))

    def _unary(self, node: tree.Unary, view: View) -> Arm:
        if node.operator == "!":
            return call("not", self.convert(node.operand, view))
        if node.operator == "-":
            if isinstance(node.operand, tree.Int):
                return arm.integer(-node.operand.value)
            return call("sub", 0, self.convert(node.operand, view))
        return self.convert(node.operand, view)

    def _binary(self, node: tree.Binary, view: View) -> Arm:
        left, right = self.convert(node.left, view), self.convert(node.right, view)
        match node.operator:
            case "!=":
                return call("not", call("equals", left, right))
            case "=~":
                return call("equals", call("toLower", left), call("toLower", right))
            case "!~":
                return call("not", call("equals", call("toLower", left), call("toLower", right)))
        return call(_OPERATORS[node.operator], left, right)

    def _ternary(self, node: tree.Ternary, view: View) -> Arm:
        return call(
            "if",
            self.convert(node.condition, view),
            self.convert(node.yes, view),
            self.convert(node.no, view),
        )

    def _object(self, node: tree.Object, view: View) -> Arm:
        chunks: list[Arm] = []
        pairs: list[Arm] = []
        spread = False
        for item in node.items:
            if isinstance(item, tree.Spread):
                spread = True
                if pairs:
                    chunks.append(call("createObject", *pairs))
                    pairs = []
                chunks.append(self.convert(item.value, view))
            elif isinstance(item, tree.ObjectProperty):
                pairs += [self._string(item.key, view), self.convert(item.value, view)]
        if not spread:
            return call("createObject", *pairs)
        if pairs:
            chunks.append(call("createObject", *pairs))
        return call("shallowMerge", call("createArray", *chunks))

    def _array(self, node: tree.Array, view: View) -> Arm:
        chunks: list[Arm] = []
        items: list[Arm] = []
        spread = False
        for item in node.items:
            if isinstance(item, tree.Spread):
                spread = True
                if items:
                    chunks.append(call("createArray", *items))
                    items = []
                chunks.append(self.convert(item.value, view))
            else:
                items.append(self.convert(item, view))
        if not spread:
            return call("createArray", *items)
        if items:
            chunks.append(call("createArray", *items))
        return call("flatten", call("createArray", *chunks))

    def _lambda(self, node: tree.Lambda, view: View) -> Arm:
        names = [local.name for local in node.params]
        return call("lambda", *names, self.convert(node.body, view))

    # --- names ---

    def _name(self, node: tree.Name | tree.NestedAccess, view: View) -> Arm:
        symbol = self.symbol(node)
        match symbol:
            case LocalVar():
                return self.local(symbol, view)
            case Param():
                return call("parameters", symbol.name)
            case Var():
                if symbol in self.context.inlined_variables:
                    return self.convert(symbol.node.value, view)
                return call("variables", self.context.names.get(symbol, symbol.name))
            case Resource() | Module():
                reference = Reference(symbol)
                return self.references.whole(reference, view)
            case Imported(target=JsonExport() as export):
                return call("variables", self.context.names[export])
            case Namespace() | Wildcard() | Extension():
                raise self.model.diagnostics.stop(
                    node.start,
                    "BCP063",
                    f'The name "{symbol.name}" is not a parameter, variable, resource or module.',
                )
        raise self.model.diagnostics.stop(node.start, "BCP057", "This name cannot be used here.")

    def local(self, symbol: LocalVar, view: View) -> Arm:
        """Return a loop, lambda or function variable as seen from a view."""
        replaced = view.replaced.get(symbol)
        if replaced is not None:
            return replaced
        owner = symbol.owner
        if isinstance(owner, tree.Lambda):
            return call("parameters" if symbol.kind == "argument" else "lambdaVariables", symbol.name)
        name = view.loop_names.get(owner, self.model.loop_names.get(owner))
        index = call("copyIndex", *([name] if name is not None else []))
        return self.loop_value(symbol, index, view)

    def loop_value(self, symbol: LocalVar, index: Arm, view: View) -> Arm:
        """Return a loop's item or index variable for a given index."""
        if symbol.kind == "index" or not isinstance(symbol.owner, tree.For):
            return index
        return access(self.convert(symbol.owner.source, view), index)

    # --- accesses ---

    def _is_access(self, node: tree.Node) -> bool:
        """Whether a base is itself an access, so that a safe access before it covers this one too."""
        if isinstance(node, tree.Property | tree.Index):
            return True
        if isinstance(node, tree.NonNull):
            return self._is_access(node.base)
        argument = self.any_argument(node)
        return argument is not None and self._is_access(argument)

    def any_argument(self, node: tree.Node) -> tree.Node | None:
        """Return ``x`` of ``any(x)``, which leaves no trace in the template."""
        if isinstance(node, tree.Call | tree.MethodCall) and node.name == "any" and len(node.args) == 1:
            if isinstance(node, tree.Call) and node not in self.model.refs:
                return node.args[0]
            if isinstance(node, tree.MethodCall) and isinstance(self.symbol(node.base), Namespace):
                return node.args[0]
        return None

    def _property(self, node: tree.Property, view: View) -> Arm:
        wildcard = self.symbol(node.base)
        if isinstance(wildcard, Wildcard):
            return self._imported_member(node, wildcard)
        reference = self.references.find(node.base, view)
        if reference is not None:
            return self.references.member(reference, node.name, node.safe, view)
        output = self.references.module_output(node, view)
        if output is not None:
            return output
        return self.step(node, self.convert(node.base, view), node.name, from_end=False)

    def _imported_member(self, node: tree.Property, wildcard: Wildcard) -> Arm:
        found = wildcard.exports().get(node.name)
        if isinstance(found, Var) or (isinstance(found, JsonExport) and found.kind == "variable"):
            return call("variables", self.context.names[found])
        raise self.model.diagnostics.stop(
            node.start,
            "BCP052",
            f'The type "{wildcard.name}" does not contain property "{node.name}".',
        )

    def _index(self, node: tree.Index, view: View) -> Arm:
        reference = self.references.find(node, view)
        if reference is not None:
            return self.references.whole(reference, view)
        index = node.index
        if isinstance(index, tree.Str) and index.literal is not None and not node.from_end:
            base = self.references.find(node.base, view)
            if base is not None:
                return self.references.member(base, index.literal, node.safe, view)
        return self.step(
            node, self.convert(node.base, view), self.convert(index, view), from_end=node.from_end
        )

    def step(self, node: tree.Property | tree.Index, base: Arm, accessor: Arm, *, from_end: bool) -> Arm:
        """Return one access on a converted base: plain, safe, from the end, or covered by a safe one."""
        if node.safe:
            return call("tryIndexFromEnd" if from_end else "tryGet", base, accessor)
        if (
            isinstance(base, arm.Func)
            and base.name in _SAFE
            and not base.accesses
            and self._is_access(node.base)
        ):
            extra = call("createObject", "value", accessor, "fromEnd", call("true")) if from_end else accessor
            return call(base.name, *base.args, extra)
        if from_end:
            return call("indexFromEnd", base, accessor)
        return access(base, accessor)

    # --- calls ---

    def _call(self, node: tree.Call, view: View) -> Arm:
        if node in self.model.files:
            return self._file(node)
        symbol = self.symbol(node)
        if isinstance(symbol, Func):
            return self._user_function(self.context.names.get(symbol, symbol.name), node.args, view)
        if isinstance(symbol, Imported) and isinstance(symbol.target, JsonExport):
            return self._user_function(self.context.names[symbol.target], node.args, view)
        return self._function(node, view)

    def _file(self, node: tree.Call | tree.MethodCall) -> Arm:
        variable = self.context.file_variables.get(node)
        if variable is not None:
            return call("variables", variable)
        return arm.from_json(self.model.files[node])

    def _user_function(self, name: str, args: tuple[tree.Node, ...], view: View) -> Arm:
        full = name if "." in name else f"{FUNCTION_NAMESPACE}.{name}"
        return call(full, *(self.convert(argument, view) for argument in args))

    def _function(self, node: tree.Call | tree.MethodCall, view: View) -> Arm:
        """Convert a call of a built-in function."""
        match node.name:
            case "any" if len(node.args) == 1:
                return self.convert(node.args[0], view)
            case "nameof" if len(node.args) == 1:
                return self._nameof(node.args[0])
            case "externalInput":
                raise self.model.diagnostics.stop(node.start, CODE, Refusal.EXTERNAL_INPUT.message())
        if self.is_scope_call(node):
            return call("createObject")
        return call(node.name, *(self.convert(argument, view) for argument in node.args))

    def is_scope_call(self, node: tree.Call | tree.MethodCall) -> bool:
        """Whether a call names another scope, such as ``resourceGroup('x')``, which has no value."""
        if node.name not in SCOPES or not node.args:
            return False
        return node not in self.model.refs and (
            isinstance(node, tree.Call) or isinstance(self.symbol(node.base), Namespace)
        )

    def _nameof(self, node: tree.Node) -> str:
        match node:
            case tree.Name() | tree.Property() | tree.NestedAccess():
                return node.name
            case tree.Index(index=tree.Str() as key) if key.literal is not None:
                return key.literal
            case tree.Index() | tree.NonNull():
                return self._nameof(node.base)
        raise self.model.diagnostics.stop(
            node.start,
            "BCP408",
            'The "nameof" function can only be used with an expression which has a name.',
        )

    def _method(self, node: tree.MethodCall, view: View) -> Arm:
        base = self.symbol(node.base)
        if isinstance(base, Namespace):
            return self._file(node) if node in self.model.files else self._function(node, view)
        if isinstance(base, Wildcard):
            found = base.exports().get(node.name)
            if isinstance(found, Func) or (isinstance(found, JsonExport) and found.kind == "function"):
                return self._user_function(self.context.names[found], node.args, view)
            raise self.model.diagnostics.stop(
                node.start,
                "BCP107",
                f'The function "{node.name}" does not exist in namespace "{base.name}".',
            )
        return self.references.method(node, view)
