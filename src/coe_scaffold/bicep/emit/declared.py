"""Resources and modules to the entries of ``resources``."""

from __future__ import annotations

import re
from collections.abc import Callable

from coe_scaffold.bicep.binding.model import Model
from coe_scaffold.bicep.binding.symbols import JsonTemplate, Module, Resource
from coe_scaffold.bicep.emit import arm
from coe_scaffold.bicep.emit.arm import Arm, call
from coe_scaffold.bicep.emit.context import DEPLOYMENTS, DEPLOYMENTS_VERSION, TOP, View
from coe_scaffold.bicep.emit.dependencies import Dependencies
from coe_scaffold.bicep.emit.values import JsonValue, Values
from coe_scaffold.bicep.refusals import Refusal
from coe_scaffold.bicep.syntax import tree

_RESOURCE_OMITS = frozenset({"name", "scope", "parent", "dependsOn"})
_MODULE_OMITS = frozenset({"name", "params", "scope", "dependsOn", "extensionConfigs"})
_OPTIONS = ("retryOn", "onlyIfNotExists")

Nested = Callable[[Model | JsonTemplate], dict[str, JsonValue]]


class Declared:
    """Writes the resources and modules of one file; ``nested`` gives the template of a module."""

    def __init__(self, values: Values, nested: Nested) -> None:
        self.values = values
        self.expressions = values.expressions
        self.references = self.expressions.references
        self.model = values.model
        self.context = values.context
        self.dependencies = Dependencies(self.expressions)
        self.nested = nested

    def resource(self, resource: Resource) -> dict[str, JsonValue]:
        """Return one resource."""
        view = TOP
        found: dict[str, JsonValue] = {}
        loop = self._loop(resource)
        if loop is not None:
            found["copy"] = self._copy(resource, loop, resource.key, view)
        condition = self.references.condition(resource, view)
        if condition is not None:
            found["condition"] = self._condition(resource, view)
        if resource.existing:
            found["existing"] = True
        self._options(resource, found)
        found["type"] = resource.type
        found["apiVersion"] = resource.api_version
        found |= self.references.scopes.properties(resource, view)
        found["name"] = arm.json_value(self.references.scopes.full_name(resource, view))
        found |= self.values.object(resource.body, view, omit=_RESOURCE_OMITS)
        self._end(resource, found, view)
        return found

    def _loop(self, resource: Resource) -> tree.For | None:
        current: Resource | None = resource
        while current is not None:
            if current.loop is not None:
                return current.loop
            current = current.nesting
        return None

    def _condition(self, symbol: Resource | Module, view: View) -> JsonValue:
        if isinstance(symbol, Resource):
            outer = symbol.nesting
            while outer is not None:
                if outer.condition is not None:
                    condition = self.references.condition(symbol, view)
                    assert condition is not None  # noqa: S101 - the caller has seen one
                    return arm.json_value(condition)
                outer = outer.nesting
        assert symbol.condition is not None  # noqa: S101 - the caller has seen one
        return self.values.value(symbol.condition, view)

    def _copy(self, symbol: Resource | Module, loop: tree.For, name: str, view: View) -> dict[str, JsonValue]:
        found: dict[str, JsonValue] = {"name": name, "count": self.values.count(loop, view)}
        batch = self.model.decorator(symbol.node, "batchSize")
        if batch is not None and batch.args and isinstance(batch.args[0], tree.Int):
            found |= {"mode": "serial", "batchSize": batch.args[0].value}
        return found

    def _options(self, resource: Resource, found: dict[str, JsonValue]) -> None:
        options: dict[str, JsonValue] = {}
        for name in _OPTIONS:
            decorator = self.model.decorator(resource.node, name)
            if decorator is not None:
                options[name] = [self.values.value(argument, TOP) for argument in decorator.args]
        if options:
            found["@options"] = options
        for name in ("nullIfNotFound", "patch", "waitUntil"):
            decorator = self.model.decorator(resource.node, name)
            if decorator is not None:
                self.model.diagnostics.unsupported(decorator.start, Refusal.DECORATOR, name)

    def _end(self, symbol: Resource | Module, found: dict[str, JsonValue], view: View) -> None:
        entries = self.dependencies.entries(symbol, view)
        if entries:
            found["dependsOn"] = entries
        description = self.model.decorator(symbol.node, "description")
        if description is not None and description.args:
            text = self.values.value(description.args[0], view)
            if isinstance(text, str):
                text = unindent(text)
            metadata = found.get("metadata")
            found["metadata"] = {
                **(metadata if isinstance(metadata, dict) else {}),
                "description": text,
            }

    def module(self, module: Module) -> dict[str, JsonValue]:
        """Return one module as a nested deployment."""
        view = TOP
        found: dict[str, JsonValue] = {}
        if module.loop is not None:
            found["copy"] = self._copy(module, module.loop, module.name, view)
        if module.condition is not None:
            found["condition"] = self._condition(module, view)
        found["type"] = DEPLOYMENTS
        found["apiVersion"] = DEPLOYMENTS_VERSION
        found |= self.values.object(module.body, view, omit=_MODULE_OMITS)
        given = module.value("name")
        found["name"] = (
            self.values.value(given, view)
            if given is not None
            else arm.json_value(self.references.module_name(module, None, view))
        )
        found |= self.references.scopes.properties(module, view)
        if self.references.scopes.of(module).kind != "resourceGroup":
            from_group = self.model.target_scope == "resourceGroup"
            found["location"] = "[resourceGroup().location]" if from_group else "[deployment().location]"
        properties: dict[str, JsonValue] = {
            "expressionEvaluationOptions": {"scope": "inner"},
            "mode": "Incremental",
        }
        params = module.value("params")
        if isinstance(params, tree.Object):
            properties["parameters"] = self._params(params, view)
        assert module.target is not None  # noqa: S101 - a missing module stops before emitting
        if isinstance(module.target, JsonTemplate) and module.target.template_spec:
            properties["templateLink"] = {"id": module.target.template_spec}
        else:
            properties["template"] = self.nested(module.target)
        found["properties"] = properties
        self._end(module, found, view)
        return found

    def _params(self, params: tree.Object, view: View) -> dict[str, JsonValue]:
        found: dict[str, JsonValue] = {}
        for item in params.items:
            if not isinstance(item, tree.ObjectProperty) or item.name is None:
                self.model.diagnostics.unsupported(item.start, Refusal.PARAMETER_NAME)
                continue
            loop = item.value
            if isinstance(loop, tree.For):
                inner = view.with_loop_name(loop, "value")
                copy = self.values.copy(loop, inner, name="value", as_expression=True)
                found[item.name] = {"copy": [copy]}
            else:
                found[item.name] = self._param(item.value, view)
        return found

    def _param(self, value: tree.Node, view: View) -> JsonValue:
        value = self.values.bare(value)
        if _is_secret(value):
            assert isinstance(value, tree.MethodCall)  # noqa: S101 - checked by _is_secret
            return {"reference": self.references.secret(value, view)}
        if isinstance(value, tree.Ternary):
            return arm.json_value(self._param_choice(value, view))
        return {"value": self.values.value(value, view)}

    def _param_choice(self, value: tree.Node, view: View) -> Arm:
        value = self.values.bare(value)
        if isinstance(value, tree.Ternary):
            return call(
                "if",
                self.expressions.convert(value.condition, view),
                self._param_choice(value.yes, view),
                self._param_choice(value.no, view),
            )
        if _is_secret(value):
            assert isinstance(value, tree.MethodCall)  # noqa: S101 - checked by _is_secret
            return call("createObject", "reference", self.references.secret_expression(value, view))
        return call("createObject", "value", self.expressions.convert(value, view))


def _is_secret(node: tree.Node) -> bool:
    return (
        isinstance(node, tree.MethodCall)
        and node.name == "getSecret"
        and not (isinstance(node.base, tree.Name) and node.base.name == "az")
    )


def unindent(text: str) -> str:
    """Return a description without the indent that all lines after the first share."""
    first, *rest = re.split(r"\r\n|\r|\n", text)
    filled = [line for line in rest if line]
    common = 0
    if filled:
        indents = [len(line) - len(line.lstrip(" \t")) for line in filled]
        common = min(*indents, *(len(line) for line in filled))
    return "\n".join([first, *(line[common:] for line in rest)])
