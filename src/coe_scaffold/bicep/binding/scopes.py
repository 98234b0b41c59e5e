"""Names to symbols: declares what a file declares and resolves every name in it."""

from __future__ import annotations

from collections.abc import Mapping

from coe_scaffold.bicep.binding.functions import FORBIDDEN, TYPE_NAMES, is_known, known_functions
from coe_scaffold.bicep.binding.model import Model
from coe_scaffold.bicep.binding.suggest import closest
from coe_scaffold.bicep.binding.symbols import (
    Func,
    Imported,
    LocalVar,
    Namespace,
    Resource,
    Symbol,
    TypeAlias,
    Wildcard,
)
from coe_scaffold.bicep.refusals import Refusal
from coe_scaffold.bicep.syntax import tree

_TYPE_NODES = (tree.Nullable, tree.ArrayType, tree.UnionType, tree.ObjectType, tree.TupleType)
_NAMESPACES = ("az", "sys")


class Binder:
    """Resolves the names of one file whose declarations are already in ``model.scope``."""

    def __init__(self, model: Model) -> None:
        self.model = model
        self.error = model.diagnostics.error
        self.namespaces = {name: Namespace(name, model) for name in _NAMESPACES}
        self.resources = {resource.node: resource for resource in model.resources}

    def run(self) -> None:
        """Resolve everything; unknown names become errors."""
        scope: Mapping[str, Symbol] = self.model.scope
        for statement in self.model.program.statements:
            self.declaration(statement, scope)

    def declaration(self, node: tree.Declaration, scope: Mapping[str, Symbol]) -> None:
        """Resolve one statement or nested resource."""
        for decorator in node.decorators:
            self._decorator(decorator, scope)
        match node:
            case tree.ParamDecl(type=type_, default=default):
                self._types(type_)
                if type_ is None and isinstance(default, tree.For):
                    self._loop(default, scope, node.name)  # parameter files may assign loops
                else:
                    self.expression(default, scope)
            case tree.VarDecl(type=type_, value=value):
                self._types(type_)
                self._value(value, scope, node.name)
            case tree.OutputDecl(type=type_, value=value):
                self._types(type_)
                self._value(value, scope, None)
            case tree.TypeDecl(value=value):
                self._types(value)
            case tree.FuncDecl(lambda_=tree.Lambda() as body):
                self._function(body)
            case tree.ResourceDecl() | tree.ModuleDecl():
                self._deployed(node, scope)
            case tree.ImportDecl():
                pass
            case tree.TargetScopeDecl() | tree.MetadataDecl() | tree.AssertDecl():
                self.expression(node.value, scope)

    def _decorator(self, decorator: tree.Decorator, scope: Mapping[str, Symbol]) -> None:
        call = decorator.call
        if isinstance(call, tree.Call | tree.MethodCall):
            for argument in call.args:
                self.expression(argument, scope)

    def _value(self, value: tree.Node, scope: Mapping[str, Symbol], name: str | None) -> None:
        if isinstance(value, tree.For):
            self._loop(value, scope, name)
        else:
            self.expression(value, scope)

    def _deployed(self, node: tree.ResourceDecl | tree.ModuleDecl, scope: Mapping[str, Symbol]) -> None:
        if isinstance(node, tree.ResourceDecl):
            resource = self.resources.get(node)
            if resource is not None and resource.children:
                scope = {**scope, **resource.children}
        body = node.body
        if isinstance(body, tree.For):
            self._loop(body, scope, None)
        else:
            self.expression(body, scope)

    def _loop(self, node: tree.For, scope: Mapping[str, Symbol], name: str | None) -> None:
        self.model.loop_names[node] = name
        self.expression(node.source, scope)
        inner = dict(scope)
        for local, kind in ((node.item, "item"), (node.index, "index")):
            if local is not None:
                inner[local.name] = LocalVar(local.name, self.model, local, node, kind)
        self.locals_of(node, inner)
        self.expression(node.body, inner)

    def locals_of(self, node: tree.For | tree.Lambda, scope: Mapping[str, Symbol]) -> None:
        """Remember the symbols of a loop's or lambda's variables by their declarations."""
        names = [node.item, node.index] if isinstance(node, tree.For) else list(node.params)
        for local in names:
            if local is not None:
                self.model.refs[local] = scope[local.name]

    def _function(self, node: tree.Lambda) -> None:
        scope: dict[str, Symbol] = {
            name: symbol
            for name, symbol in self.model.scope.items()
            if isinstance(symbol, Func | Imported | Wildcard) or type(symbol).__name__ == "Var"
        }
        for local in node.params:
            self._types(local.type)
            scope[local.name] = LocalVar(local.name, self.model, local, node, "argument")
        self._types(node.returns)
        self.locals_of(node, scope)
        self.expression(node.body, scope)

    # --- expressions ---

    def expression(self, node: tree.Node | None, scope: Mapping[str, Symbol]) -> None:
        """Resolve the names in an expression."""
        match node:
            case None | tree.Bool() | tree.Int() | tree.Null() | tree.Skipped():
                return
            case tree.Name():
                self._name(node, scope)
            case tree.ResourceDecl():
                self.declaration(node, scope)
            case tree.ObjectProperty(value=tree.For() as loop):
                self._loop(loop, scope, node.name)
            case tree.For():
                self.error(
                    node.start,
                    "BCP138",
                    "For-expressions are not supported in this context. For-expressions may be used as "
                    "values of resource, module, variable, and output declarations, "
                    "or values of resource and module properties.",
                )
                self._loop(node, scope, None)
            case tree.Lambda():
                inner = dict(scope)
                for local in node.params:
                    inner[local.name] = LocalVar(local.name, self.model, local, node, "lambda")
                self.locals_of(node, inner)
                self.expression(node.body, inner)
            case tree.Call():
                self._call(node, scope)
            case tree.MethodCall():
                self._method(node, scope)
            case tree.NestedAccess():
                self._nested(node, scope)
            case _:
                for child in tree.children(node):
                    self.expression(child, scope)

    def _name(self, node: tree.Name, scope: Mapping[str, Symbol]) -> None:
        symbol = scope.get(node.name) or self.namespaces.get(node.name)
        if symbol is not None:
            self.model.refs[node] = symbol
            if isinstance(symbol, TypeAlias):
                self.error(
                    node.start,
                    "BCP287",
                    f"'{node.name}' refers to a type but is being used as a value here.",
                )
            return
        if is_known(node.name):
            self.error(
                node.start,
                "BCP063",
                f'The name "{node.name}" is not a parameter, variable, resource or module.',
            )
            return
        self.unknown(node.start, node.name, scope)

    def unknown(self, offset: int, name: str, names: Mapping[str, object]) -> None:
        """Report a name nothing declares, with the closest one that is declared."""
        if self.model.extensions:
            return  # what an extension declares is unknown here, and the extension is an error already
        message = f'The name "{name}" does not exist in the current context.'
        suggestion = closest(name, names)
        if suggestion:
            self.error(offset, "BCP082", f'{message} Did you mean "{suggestion}"?')
        else:
            self.error(offset, "BCP057", message)

    def _call(self, node: tree.Call, scope: Mapping[str, Symbol]) -> None:
        symbol = scope.get(node.name)
        if isinstance(symbol, Func | Imported):
            self.model.refs[node] = symbol
        elif is_known(node.name):
            pass
        elif node.name in FORBIDDEN:
            self.error(node.start, *FORBIDDEN[node.name])
        elif symbol is not None:
            self.error(node.start, "BCP059", f'The name "{node.name}" is not a function.')
        else:
            functions = {
                **known_functions(),
                **{name: value for name, value in scope.items() if isinstance(value, Func)},
            }
            self.unknown(node.start, node.name, functions)
        for argument in node.args:
            self.expression(argument, scope)

    def _method(self, node: tree.MethodCall, scope: Mapping[str, Symbol]) -> None:
        self.expression(node.base, scope)
        base = self.model.refs.get(node.base)
        if isinstance(base, Namespace) and base.name == "sys" and node.name in FORBIDDEN:
            self.error(node.start, *FORBIDDEN[node.name])
        elif isinstance(base, Namespace) and not is_known(node.name, base.name):
            self.error(
                node.start,
                "BCP107",
                f'The function "{node.name}" does not exist in namespace "{base.name}".',
            )
        for argument in node.args:
            self.expression(argument, scope)

    def _nested(self, node: tree.NestedAccess, scope: Mapping[str, Symbol]) -> None:
        self.expression(node.base, scope)
        base = node.base
        while isinstance(base, tree.Index | tree.NonNull | tree.Paren):
            base = base.inner if isinstance(base, tree.Paren) else base.base
        owner = self.model.refs.get(base)
        if isinstance(owner, Resource):
            child = owner.children.get(node.name)
            if child is not None:
                self.model.refs[node] = child
                return
            message = f'The resource "{owner.name}" does not contain a nested resource named "{node.name}".'
            if owner.children:
                known = ", ".join(f'"{name}"' for name in sorted(owner.children))
                message += f" Known nested resources are: {known}."
            self.error(node.start, "BCP159", message)
        elif owner is not None:
            self.error(
                node.start,
                "BCP160",
                f'A nested resource cannot appear inside of "{owner.name}".',
            )

    # --- types ---

    def _types(self, node: tree.Node | None) -> None:
        match node:
            case None | tree.Skipped() | tree.Str() | tree.Int() | tree.Bool() | tree.Null():
                return
            case tree.Name():
                self._type_name(node)
            case tree.Property(base=tree.Name(name="sys" | "az")) if node.name in TYPE_NAMES:
                return
            case tree.TypeMember():
                for decorator in node.decorators:
                    self._decorator(decorator, self.model.scope)
                self._types(node.type)
            case tree.GenericType():
                return
            case tree.ResourceType():
                self.model.diagnostics.unsupported(node.start, Refusal.RESOURCE_TYPED)
            case tree.Index():
                self._types(node.base)
            case _:
                for child in tree.children(node):
                    self._types(child)

    def _type_name(self, node: tree.Name) -> None:
        symbol = self.model.scope.get(node.name)
        if isinstance(symbol, TypeAlias | Imported | Wildcard):
            self.model.refs[node] = symbol
        elif node.name in TYPE_NAMES:
            return
        elif symbol is not None:
            self.error(
                node.start,
                "BCP288",
                f"'{node.name}' refers to a value but is being used as a type here.",
            )
        else:
            types = {
                name: value
                for name, value in self.model.scope.items()
                if isinstance(value, TypeAlias | Imported)
            }
            self.unknown(node.start, node.name, {**types, **dict.fromkeys(TYPE_NAMES)})
