"""The decisions before emitting a file: symbolic names, inlined variables, variables for loaded files."""

from __future__ import annotations

from coe_scaffold.bicep.binding.functions import INLINED, is_list_function
from coe_scaffold.bicep.binding.model import Model
from coe_scaffold.bicep.binding.outputs import secure_outputs
from coe_scaffold.bicep.binding.symbols import (
    Module,
    Namespace,
    Resource,
    Symbol,
    Var,
)
from coe_scaffold.bicep.emit.context import FileContext
from coe_scaffold.bicep.syntax import tree

IDENTIFIERS = frozenset({"id", "name", "type", "apiVersion"})
"""The properties of a resource that are known before it is deployed."""

_TYPE_SYNTAX = (tree.ObjectType, tree.ArrayType, tree.TupleType, tree.UnionType, tree.Nullable)
_PASTED = ("loadTextContent", "loadFileAsBase64")
"""Loaders whose value is pasted when it is all there is to a variable."""

_SYMBOLIC_DECORATORS = ("onlyIfNotExists", "retryOn", "waitUntil", "nullIfNotFound")


def decide(model: Model) -> FileContext:
    """Return the context of a file."""
    context = FileContext(model)
    context.symbolic = uses_symbolic_names(model)
    _Inliner(model, context).run()
    _file_variables(model, context)
    _lambda_sources(model, context)
    return context


def uses_symbolic_names(model: Model) -> bool:
    """Whether the official compiler writes ``languageVersion`` 2.0 with resources by name."""
    if (
        model.symbolic_names
        or model.assertions
        or model.types
        or model.functions
        or model.imported
        or model.wildcards
        or model.extensions
    ):
        return True
    if any(variable.node.type is not None for variable in model.variables):
        return True
    if any(model.decorator(output.node, "secure") for output in model.outputs):
        return True
    for module in model.modules:
        if module.value("name") is None or secure_outputs(module.target):
            return True
    for resource in model.resources:
        if resource.existing and resource.body.get("dependsOn") is not None:
            return True
        if any(model.decorator(resource.node, name) for name in _SYMBOLIC_DECORATORS):
            return True
    return _any_type_syntax(model) or _reads_collections(model)


def _any_type_syntax(model: Model) -> bool:
    typed = [
        *(param.node.type for param in model.params),
        *(variable.node.type for variable in model.variables),
        *(output.node.type for output in model.outputs),
    ]
    return any(
        isinstance(node, _TYPE_SYNTAX)
        for type_ in typed
        if type_ is not None
        for node in tree.descendants(type_)
    )


def _reads_collections(model: Model) -> bool:
    """Whether a whole collection of resources or modules is used as a value."""
    everything: list[Resource | Module] = [*model.resources, *model.modules]
    collections = {symbol for symbol in everything if symbol.is_collection}
    if not collections:
        return False
    return any(_reads_collection(model, statement, collections) for statement in model.program.statements)


def _reads_collection(model: Model, root: tree.Node, collections: set[Resource | Module]) -> bool:
    stack: list[tuple[tree.Node, tree.Node | None]] = [(root, None)]
    while stack:
        node, parent = stack.pop()
        if isinstance(node, tree.ResourceDecl | tree.ModuleDecl):
            stack += [(child, node) for child in _deployed_values(node)]
            continue
        if isinstance(node, tree.Name | tree.NestedAccess):
            symbol = model.refs.get(node)
            indexed = isinstance(parent, tree.Index) and parent.base is node
            if symbol in collections and not indexed and not isinstance(parent, tree.NestedAccess):
                return True
        stack += [(child, node) for child in tree.children(node)]
    return False


def _deployed_values(node: tree.ResourceDecl | tree.ModuleDecl) -> list[tree.Node]:
    """Return the parts of a declaration in which a collection is a value; ``dependsOn`` is none."""
    found: list[tree.Node] = []
    body: tree.Node = node.body
    while isinstance(body, tree.For | tree.If):
        found.append(body.source if isinstance(body, tree.For) else body.condition)
        body = body.body
    if isinstance(body, tree.Object):
        for item in body.items:
            if not (isinstance(item, tree.ObjectProperty) and item.name == "dependsOn"):
                found.append(item)
    return found


class _Inliner:
    """Finds variables that hold what only the deployment knows; their value is pasted where they are used."""

    def __init__(self, model: Model, context: FileContext) -> None:
        self.model = model
        self.context = context
        self.known: dict[Symbol, bool] = {}

    def run(self) -> None:
        """Fill the sets of inlined variables and existing resources."""
        for variable in self.model.variables:
            if self.inlined(variable):
                self.context.inlined_variables.add(variable)
        for resource in self.model.resources:
            if resource.existing and self.inlined(resource):
                self.context.inlined_resources.add(resource)

    def inlined(self, symbol: Var | Resource) -> bool:
        """Whether a variable or an existing resource is inlined."""
        if symbol not in self.known:
            self.known[symbol] = False
            self.known[symbol] = (
                self._runtime(symbol.node.value) if isinstance(symbol, Var) else self._resource(symbol)
            )
        return self.known[symbol]

    def _resource(self, resource: Resource) -> bool:
        if not resource.existing:
            return False
        if resource.parent is not None and resource.parent.existing and self.inlined(resource.parent):
            return True
        scope = resource.value("scope")
        while isinstance(scope, tree.Index | tree.NonNull):
            scope = scope.base
        target = self.model.refs.get(scope) if scope is not None else None
        if isinstance(target, Resource) and target.existing and self.inlined(target):
            return True
        if not isinstance(resource.node.body, tree.Object):
            return False
        return any(
            self._runtime(item)
            for item in resource.body.items
            if not (
                isinstance(item, tree.ResourceDecl)
                or (isinstance(item, tree.ObjectProperty) and item.name in ("dependsOn", "parent", "scope"))
            )
        )

    def _runtime(self, node: tree.Node) -> bool:
        """Whether an expression reads what is known only while deploying."""
        match node:
            case tree.Name() | tree.NestedAccess():
                symbol = self.model.refs.get(node)
                if isinstance(symbol, Var):
                    return self.inlined(symbol)
                return isinstance(symbol, Resource | Module)
            case tree.Property():
                owner = self._owner(node.base)
                if isinstance(owner, Resource):
                    return self._reads_runtime(owner, node.name)
                if isinstance(owner, Module):
                    return node.name != "name"
            case tree.Index(index=tree.Str() as key) if key.literal is not None:
                owner = self._owner(node.base)
                if isinstance(owner, Resource):
                    return self._reads_runtime(owner, key.literal)
            case tree.Call():
                if node.name == "nameof":
                    return False
                if node not in self.model.refs and (node.name in INLINED or is_list_function(node.name)):
                    return True
            case tree.MethodCall():
                base = self.model.refs.get(node.base)
                if isinstance(base, Namespace):
                    if node.name == "nameof":
                        return False
                    if node.name in INLINED or is_list_function(node.name):
                        return True
                elif self._owner(node.base) is not None:
                    return True
        return any(self._runtime(child) for child in tree.children(node))

    def _reads_runtime(self, owner: Resource, name: str) -> bool:
        if name in ("id", "name"):
            return self.inlined(owner)
        return name not in IDENTIFIERS

    def _owner(self, node: tree.Node) -> Resource | Module | None:
        while isinstance(node, tree.NonNull | tree.Paren):
            node = node.inner if isinstance(node, tree.Paren) else node.base
        if isinstance(node, tree.Index):
            return self._owner(node.base)
        symbol = self.model.refs.get(node)
        return symbol if isinstance(symbol, Resource | Module) else None


def _file_variables(model: Model, context: FileContext) -> None:
    """Give each loaded file a variable, except where the official compiler pastes its value."""
    pasted: set[tree.Node] = set()
    for variable in model.variables:
        pasted.add(variable.node.value)
    inside_functions: set[tree.Node] = set()
    for function in model.functions:
        inside_functions.update(tree.descendants(function.node))
    number = 0
    for node in model.nodes:
        if node not in model.files or node in inside_functions:
            continue
        assert isinstance(node, tree.Call | tree.MethodCall)  # noqa: S101 - only calls load files
        if node in pasted and node.name in _PASTED:
            continue
        context.file_variables[node] = f"$fxv#{number}"
        number += 1


def _lambda_sources(model: Model, context: FileContext) -> None:
    for node in model.nodes:
        if isinstance(node, tree.Call) and len(node.args) > 1:
            for argument in node.args[1:]:
                if isinstance(argument, tree.Lambda) and argument.params:
                    context.lambda_sources[argument] = node.args[0]
