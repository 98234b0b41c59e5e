"""References to resources and modules: ids, names, ``reference()`` and module outputs."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from coe_scaffold.bicep.binding.functions import is_list_function
from coe_scaffold.bicep.binding.outputs import is_secure_output, secure_outputs
from coe_scaffold.bicep.binding.symbols import LocalVar, Module, Resource, Var
from coe_scaffold.bicep.emit import arm
from coe_scaffold.bicep.emit.arm import Arm, Func, access, call
from coe_scaffold.bicep.emit.context import DEPLOYMENTS, DEPLOYMENTS_VERSION, View
from coe_scaffold.bicep.emit.scopes import Scopes
from coe_scaffold.bicep.syntax import tree

if TYPE_CHECKING:
    from coe_scaffold.bicep.emit.expressions import Expressions


@dataclass(frozen=True)
class Reference:
    """A resource or module; ``index`` and ``view`` are set when one of a collection is meant."""

    symbol: Resource | Module
    index: Arm | None = None
    view: View | None = None


class References:
    """Converts what reads a resource or module."""

    def __init__(self, expressions: Expressions) -> None:
        self.expressions = expressions
        self.context = expressions.context
        self.scopes = Scopes(expressions)

    # --- finding ---

    def find(self, node: tree.Node, view: View) -> Reference | None:
        """Return the resource or module a base expression stands for, None when it is anything else."""
        while True:
            if isinstance(node, tree.NonNull):
                node = node.base
            elif isinstance(node, tree.Paren):
                node = node.inner
            elif (argument := self.expressions.any_argument(node)) is not None:
                node = argument
            else:
                break
        if isinstance(node, tree.Name | tree.NestedAccess):
            symbol = self.expressions.symbol(node)
            if isinstance(symbol, Resource | Module):
                return Reference(symbol)
            if isinstance(symbol, Var) and symbol in self.context.inlined_variables:
                return self.find(symbol.node.value, view)
            return None
        if isinstance(node, tree.Index) and isinstance(node.base, tree.Name | tree.NestedAccess):
            symbol = self.expressions.symbol(node.base)
            if isinstance(symbol, Resource | Module) and symbol.is_collection:
                return self.indexed(symbol, node.index, view)
        return None

    def indexed(self, symbol: Resource | Module, index: tree.Node, view: View) -> Reference:
        """Return one of a collection; its loop variables stand for the index there."""
        value = self.expressions.convert(index, view)
        return Reference(symbol, value, view.with_locals(self.loop_locals(symbol, value, view)))

    def loop_locals(self, symbol: Resource | Module, index: Arm, view: View) -> dict[LocalVar, Arm]:
        """Return what the loop variables of a collection stand for at an index."""
        loop = symbol.loop
        owner: Resource | None = symbol if isinstance(symbol, Resource) else None
        while loop is None and owner is not None and owner.nesting is not None:
            owner = owner.nesting
            loop = owner.loop
        if loop is None:
            return {}
        refs = self.expressions.model.refs
        found: dict[LocalVar, Arm] = {}
        for local in (loop.item, loop.index):
            variable = refs.get(local) if local is not None else None
            if isinstance(variable, LocalVar):
                found[variable] = self.expressions.loop_value(variable, index, view)
        return found

    # --- whole resources ---

    def symbolic_name(self, reference: Reference) -> Arm:
        """Return ``'name'`` or ``format('name[{0}]', index)``."""
        symbol = reference.symbol
        key = symbol.key if isinstance(symbol, Resource) else symbol.name
        return key if reference.index is None else call("format", f"{key}[{{0}}]", reference.index)

    def whole(self, reference: Reference, view: View) -> Func:
        """Return a resource or module used as a value."""
        symbol = reference.symbol
        if isinstance(symbol, Module):
            return self._module(reference, view)
        return self.runtime(reference, reference.view or view, full=True)

    def runtime(self, reference: Reference, view: View, *, full: bool) -> Func:
        """Return the ``reference()`` of a resource; ``full`` reads what is outside ``properties`` too."""
        symbol = reference.symbol
        assert isinstance(symbol, Resource)  # noqa: S101 - callers have a resource
        collection = symbol.is_collection and reference.index is None
        if collection:
            return call("references", symbol.key, *(["full"] if full else []))
        inlined = symbol in self.context.inlined_resources
        symbolic = self.context.symbolic and not inlined
        target = self.symbolic_name(reference) if symbolic else self.resource_id(symbol, view)
        if full:
            return call("reference", target, symbol.api_version, "full")
        return call("reference", target, *([] if symbolic else [symbol.api_version]))

    def _module(self, reference: Reference, view: View) -> Func:
        module = reference.symbol
        assert isinstance(module, Module)  # noqa: S101 - callers have a module
        name = "references" if module.is_collection and reference.index is None else "reference"
        if self.context.symbolic:
            return call(name, self.symbolic_name(reference))
        if name == "references":
            return call(name, module.name)
        return call(
            name,
            self.module_id(module, reference.index, reference.view or view),
            DEPLOYMENTS_VERSION,
        )

    # --- members ---

    def member(self, reference: Reference, name: str, safe: bool, view: View) -> Arm:  # noqa: FBT001
        """Return ``reference.name`` or ``reference.?name``."""
        inner = reference.view or view
        if isinstance(reference.symbol, Module):
            return self._module_member(reference, name, safe, inner)
        symbol = reference.symbol
        match name:
            case "id":
                return self._guard(symbol, self.resource_id(symbol, inner), safe, inner)
            case "name":
                value = self.expressions.convert(symbol.name_node, inner)
                return self._guard(symbol, value, safe, inner)
            case "type":
                return symbol.type
            case "apiVersion":
                return symbol.api_version
            case "properties" if not safe:
                return self.runtime(reference, inner, full=False)
        whole = self.runtime(reference, inner, full=True)
        if safe:
            return call("tryGet", self._guard(symbol, whole, safe, inner), name)
        return access(whole, name)

    def _guard(self, symbol: Resource, value: Arm, safe: bool, view: View) -> Arm:  # noqa: FBT001
        """Return ``value`` only where the resource is deployed, when it was read with ``.?``."""
        condition = self.condition(symbol, view) if safe else None
        return value if condition is None else call("if", condition, value, call("null"))

    def condition(self, symbol: Resource, view: View) -> Arm | None:
        """Return the condition of a resource and of the resources it is nested in."""
        conditions = []
        current: Resource | None = symbol
        while current is not None:
            if current.condition is not None and (current is symbol or current.loop is None):
                conditions.append(self.expressions.convert(current.condition, view))
            current = current.nesting
        result: Arm | None = None
        for condition in reversed(conditions):
            result = condition if result is None else call("and", result, condition)
        return result

    def _module_member(self, reference: Reference, name: str, safe: bool, view: View) -> Arm:  # noqa: FBT001
        module = reference.symbol
        assert isinstance(module, Module)  # noqa: S101 - callers have a module
        if name == "name":
            return self._module_guard(module, self.module_name(module, reference.index, view), safe, view)
        if name != "outputs":
            raise self.expressions.model.diagnostics.stop(
                module.node.start,
                "BCP052",
                f'The type "module" does not contain property "{name}".',
            )
        return self._outputs(reference, safe, view, secure=bool(secure_outputs(module.target)))

    def _outputs(self, reference: Reference, safe: bool, view: View, *, secure: bool) -> Arm:  # noqa: FBT001
        module = reference.symbol
        assert isinstance(module, Module)  # noqa: S101 - callers have a module
        if secure:
            target = (
                self.symbolic_name(reference)
                if self.context.symbolic
                else self.module_id(module, reference.index, view)
            )
            whole = call("listOutputsWithSecureValues", target, DEPLOYMENTS_VERSION)
            return self._module_guard(module, whole, safe, view)
        base = self._module(reference, view)
        if safe:
            return call("tryGet", self._module_guard(module, base, safe, view), "outputs")
        return access(base, "outputs")

    def _module_guard(self, module: Module, value: Arm, safe: bool, view: View) -> Arm:  # noqa: FBT001
        if not safe or module.condition is None:
            return value
        return call("if", self.expressions.convert(module.condition, view), value, call("null"))

    def module_output(self, node: tree.Property, view: View) -> Arm | None:
        """Return ``module.outputs.name``, None when the expression is anything else."""
        base = node.base
        if not isinstance(base, tree.Property) or base.name != "outputs":
            return None
        reference = self.find(base.base, view)
        tail: list[Arm] = [node.name, "value"]
        if reference is not None and isinstance(reference.symbol, Module):
            secure = is_secure_output(reference.symbol.target, node.name)
            outputs = self._outputs(reference, base.safe, reference.view or view, secure=secure)
            if secure:
                tail = [node.name]
        elif self._is_module_item(base.base):
            outputs = self.expressions.convert(base, view)
        else:
            return None
        whole = arm.as_call(outputs)
        if node.safe:
            for step in tail:
                whole = call("tryGet", whole, step)
            return whole
        if whole.name in ("tryGet", "tryIndexFromEnd") and not whole.accesses:
            return call(whole.name, *whole.args, *tail)
        if whole.name == "if" and whole.args[-1] == call("null"):
            return call("tryGet", whole, *tail)
        return access(whole, *tail)

    def _is_module_item(self, node: tree.Node) -> bool:
        """Whether a lambda variable runs over a collection of modules."""
        symbol = self.expressions.symbol(node)
        if not isinstance(symbol, LocalVar) or symbol.kind != "lambda":
            return False
        source = self.context.lambda_sources.get(symbol.owner)
        found = self.expressions.symbol(source) if source is not None else None
        return isinstance(found, Module) and found.is_collection

    # --- ids and names ---

    def resource_id(self, resource: Resource, view: View) -> Arm:
        """Return the full id of a resource."""
        segments = self.scopes.name_segments(resource, view)
        return self.scopes.full_id(self.scopes.of(resource), resource.type, segments, view)

    def module_id(self, module: Module, index: Arm | None, view: View) -> Arm:
        """Return the full id of a module's deployment."""
        name = self.module_name(module, index, view)
        return self.scopes.full_id(self.scopes.of(module), DEPLOYMENTS, [name], view)

    def module_name(self, module: Module, index: Arm | None, view: View) -> Arm:
        """Return the name of a module's deployment, made up as the official compiler does when not given."""
        given = module.value("name")
        if given is not None:
            return self.expressions.convert(given, view)
        deployment = access(call("deployment"), "name")
        if not module.is_collection:
            return call("format", f"{module.name[:50]}-{{0}}", call("uniqueString", module.name, deployment))
        number = call("copyIndex") if index is None else index
        return call(
            "format",
            f"{module.name[:40]}-{{0}}-{{1}}",
            number,
            call("uniqueString", module.name, deployment),
        )

    # --- methods ---

    def method(self, node: tree.MethodCall, view: View) -> Arm:
        """Return ``resource.listKeys()`` and its kind."""
        reference = self._method_target(node.base, view)
        diagnostics = self.expressions.model.diagnostics
        if reference is None or not isinstance(reference.symbol, Resource):
            raise diagnostics.stop(
                node.start, "BCP109", f'The type of this expression does not contain function "{node.name}".'
            )
        symbol = reference.symbol
        if node.name == "getSecret":
            raise diagnostics.stop(
                node.start,
                "BCP180",
                'Function "getSecret" is not valid at this location. It can only be used when directly '
                "assigning to a module parameter with a secure decorator.",
            )
        if not is_list_function(node.name):
            raise diagnostics.stop(
                node.start,
                "BCP109",
                f'The type "{symbol.type}" does not contain function "{node.name}".',
            )
        target: Arm
        if self.context.symbolic and symbol not in self.context.inlined_resources:
            target = self.symbolic_name(reference)
        else:
            target = self.resource_id(symbol, reference.view or view)
        arguments: list[Arm] = [self.expressions.convert(argument, view) for argument in node.args]
        return call(node.name, target, *(arguments or [symbol.api_version]))

    def _method_target(self, node: tree.Node, view: View) -> Reference | None:
        found = self.find(node, view)
        if found is None and isinstance(node, tree.Name):
            symbol = self.expressions.symbol(node)
            if isinstance(symbol, Var):
                return self._method_target(symbol.node.value, view)
        return found

    def secret_parts(self, node: tree.MethodCall, view: View) -> dict[str, Arm]:
        """Return vault id, name and version of ``vault.getSecret(name, version)``."""
        reference = self._method_target(node.base, view)
        if reference is None or not isinstance(reference.symbol, Resource):
            raise self.expressions.model.diagnostics.stop(
                node.start, "BCP109", 'The type of this expression does not contain function "getSecret".'
            )
        parts: dict[str, Arm] = {"id": self.resource_id(reference.symbol, reference.view or view)}
        for key, argument in zip(("secretName", "secretVersion"), node.args, strict=False):
            parts[key] = self.expressions.convert(argument, view)
        return parts

    def secret(self, node: tree.MethodCall, view: View) -> dict[str, object]:
        """Return a Key Vault reference as JSON."""
        parts = self.secret_parts(node, view)
        found: dict[str, object] = {"keyVault": {"id": arm.json_value(parts.pop("id"))}}
        return found | {key: arm.json_value(value) for key, value in parts.items()}

    def secret_expression(self, node: tree.MethodCall, view: View) -> Arm:
        """Return a Key Vault reference as an expression."""
        parts = self.secret_parts(node, view)
        pairs: list[Arm] = ["keyVault", call("createObject", "id", parts.pop("id"))]
        for key, value in parts.items():
            pairs += [key, value]
        return call("createObject", *pairs)
