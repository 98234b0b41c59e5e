"""A bound file to its ARM template."""

from __future__ import annotations

from coe_scaffold import __version__
from coe_scaffold.bicep.binding.model import Model
from coe_scaffold.bicep.binding.symbols import Func, JsonExport, JsonTemplate, TypeAlias, Var
from coe_scaffold.bicep.emit import arm, arm_imports
from coe_scaffold.bicep.emit.context import FUNCTION_NAMESPACE, TOP, FileContext
from coe_scaffold.bicep.emit.decisions import decide
from coe_scaffold.bicep.emit.declared import Declared
from coe_scaffold.bicep.emit.expressions import Expressions
from coe_scaffold.bicep.emit.imports import Closure, Importable, close
from coe_scaffold.bicep.emit.types import Types, merge_metadata
from coe_scaffold.bicep.emit.values import JsonValue, Values
from coe_scaffold.bicep.syntax import tree

Json = dict[str, JsonValue]

_SCHEMAS = {
    "resourceGroup": "2019-04-01/deploymentTemplate.json#",
    "subscription": "2018-05-01/subscriptionDeploymentTemplate.json#",
    "managementGroup": "2019-08-01/managementGroupDeploymentTemplate.json#",
    "tenant": "2019-08-01/tenantDeploymentTemplate.json#",
}
GENERATOR = "coe-scaffold"
_EXPERIMENTAL = (
    "This template uses ARM features that are experimental. Experimental features should be enabled for "
    "testing purposes only, as there are no guarantees about the quality or stability of these features. "
    "Do not enable these settings for any production usage, or your production environment may be subject "
    "to breaking."
)
"""The warning that official tools expect in the metadata of such a template."""


class Emitter:
    """Emits files; a module used twice is emitted once and shared."""

    def __init__(self) -> None:
        self.locations: dict[str, str] = {}
        self._templates: dict[Model, tuple[Json, dict[str, str]]] = {}

    def emit(self, model: Model) -> tuple[Json, dict[str, str]]:
        """Return a file's template and the ``file:line`` of each resource by its JSON pointer."""
        known = self._templates.get(model)
        if known is None:
            known = self._templates[model] = _File(self, model).template()
        return known


class _File:
    """Emits one file."""

    def __init__(self, emitter: Emitter, model: Model) -> None:
        self.emitter = emitter
        self.model = model
        self.context: FileContext = decide(model)
        self.closure: Closure = close(self.context)
        self.types_by_model: dict[Model, Types] = {}
        self.values = Values(Expressions(self.context))
        self.types = Types(self.values, self.types_by_model)
        for other in self.closure.contexts.values():
            Types(Values(Expressions(other)), self.types_by_model)
        self.locations: dict[str, str] = {}

    def template(self) -> tuple[Json, dict[str, str]]:
        """Return the template with its sections in the official order."""
        found: Json = {
            "$schema": "https://schema.management.azure.com/schemas/" + _SCHEMAS[self.model.target_scope]
        }
        if self.context.symbolic:
            found["languageVersion"] = "2.1-experimental" if self.model.assertions else "2.0"
        found["contentVersion"] = "1.0.0.0"
        found["metadata"] = self._metadata()
        sections: tuple[tuple[str, JsonValue], ...] = (
            ("definitions", self._definitions()),
            ("functions", self._functions()),
            ("parameters", self._parameters()),
            ("variables", self._variables()),
        )
        for name, value in sections:
            if value:
                found[name] = value
        found["resources"] = self._resources()
        outputs = self._outputs()
        if outputs:
            found["outputs"] = outputs
        if self.model.asserts:
            found["asserts"] = {
                statement.name: self.values.value(statement.value, TOP) for statement in self.model.asserts
            }
        self.model.diagnostics.raise_if_failed()
        return found, self.locations

    def _metadata(self) -> Json:
        found: Json = {}
        if self.model.assertions:
            found |= {"_EXPERIMENTAL_WARNING": _EXPERIMENTAL, "_EXPERIMENTAL_FEATURES_ENABLED": ["Asserts"]}
        found["_generator"] = {"name": GENERATOR, "version": __version__}
        exported = sorted(
            (symbol for symbol in self.model.exports().values() if isinstance(symbol, Var)),
            key=lambda symbol: symbol.name,
        )
        if exported:
            found["__bicep_exported_variables!"] = [self._exported(symbol) for symbol in exported]
        for statement in self.model.metadata:
            found[arm.key_text(statement.name)] = self.values.value(statement.value, TOP)
        return found

    def _exported(self, symbol: Var) -> Json:
        entry: Json = {"name": symbol.name}
        description = self.types.description(symbol.node)
        if description is not None:
            entry["description"] = description
        if symbol.node.type is not None:
            entry["type"] = self.types.schema(symbol.node.type, symbol.node)
        return entry

    def _definitions(self) -> Json:
        found: Json = {}
        for alias in self.model.types:
            found[alias.name] = self.types.declared(alias.node, alias.node.value)
        for name, symbol in self.closure.of(TypeAlias):
            if isinstance(symbol, JsonExport):
                schema = arm_imports.declared(symbol, self._renamed)
            else:
                assert isinstance(symbol, TypeAlias)  # noqa: S101 - asked for by kind
                schema = self.types_by_model[symbol.model].declared(symbol.node, symbol.node.value)
            found[name] = merge_metadata(schema, {"__bicep_imported_from!": self._origin(name, symbol)})
        return found

    def _origin(self, name: str, symbol: Importable) -> Json:
        origin = self.closure.origins[symbol]
        found: Json = {"sourceTemplate": origin.template}
        is_type = isinstance(symbol, TypeAlias) or getattr(symbol, "kind", "") == "type"
        plain = name.endswith(origin.name) if is_type else name == origin.name
        if not plain:
            found["originalIdentifier"] = origin.name
        return found

    def _functions(self) -> list[Json]:
        groups: dict[str, Json] = {}
        for function in self.model.functions:
            members = groups.setdefault(FUNCTION_NAMESPACE, {})
            members[function.name] = self._function(function, self.types, None)
        for full, symbol in self.closure.of(Func):
            namespace, _, name = full.rpartition(".")
            members = groups.setdefault(namespace or FUNCTION_NAMESPACE, {})
            if isinstance(symbol, JsonExport):
                body = arm_imports.declared(symbol, self._renamed)
                members[name] = merge_metadata(body, {"__bicep_imported_from!": self._origin(name, symbol)})
                continue
            assert isinstance(symbol, Func)  # noqa: S101 - asked for by kind
            types = self.types_by_model[symbol.model]
            members[name] = self._function(symbol, types, self._origin(name, symbol))
        return [{"namespace": namespace, "members": members} for namespace, members in groups.items()]

    def _function(self, function: Func, types: Types, origin: Json | None) -> Json:
        body = function.node.lambda_
        assert isinstance(body, tree.Lambda)  # noqa: S101 - the parser gives nothing else without an error
        found: Json = {
            "parameters": [
                {**types.schema(local.type or local), "name": local.name} for local in body.params
            ],
            "output": {
                **types.schema(body.returns or body),
                "value": types.values.value(body.body, TOP),
            },
        }
        metadata: Json = {}
        description = types.description(function.node)
        if description is not None:
            metadata["description"] = description
        if origin is None and self.model.decorator(function.node, "export"):
            metadata["__bicep_export!"] = True
        if origin is not None:
            metadata["__bicep_imported_from!"] = origin
        if metadata:
            found["metadata"] = metadata
        return found

    def _parameters(self) -> Json:
        found: Json = {}
        for param in self.model.params:
            node = param.node
            assert node.type is not None  # noqa: S101 - the parser gives nothing else without an error
            schema = self.types.schema(node.type, node)
            if node.default is not None:
                schema["defaultValue"] = self.values.value(node.default, TOP)
            allowed = self.model.decorator(node, "allowed")
            if allowed is not None and allowed.args:
                schema["allowedValues"] = self.values.value(allowed.args[0], TOP)
            found[param.name] = self.types.decorate(node, schema)
        return found

    def _variables(self) -> Json:
        copies: list[JsonValue] = []
        found: Json = {}
        for node, name in self.context.file_variables.items():
            found[name] = arm.json_literal(self.model.files[node])
        for variable in self.model.variables:
            if variable not in self.context.inlined_variables:
                self._variable(variable.name, variable, self.values, found, copies)
        self._imported_variables(found, copies)
        return {"copy": copies, **found} if copies else found

    def _imported_variables(self, found: Json, copies: list[JsonValue]) -> None:
        for name, symbol in self.closure.of(Var):
            if isinstance(symbol, Var):
                values = self.types_by_model[symbol.model].values
                self._variable(name, symbol, values, found, copies)
            elif isinstance(symbol, JsonExport) and arm_imports.copy_of(symbol):
                copies.append(arm_imports.looped(symbol, name, self._renamed))
            elif isinstance(symbol, JsonExport):
                found[name] = arm_imports.declared(symbol, self._renamed)
        for name, model, node in self.closure.files:
            found[name] = arm.json_literal(model.files[node])

    def _renamed(self, export: JsonExport) -> str:
        return self.closure.names[export]

    def _variable(
        self, name: str, variable: Var, values: Values, found: Json, copies: list[JsonValue]
    ) -> None:
        value = variable.node.value
        if isinstance(value, tree.For):
            copies.append(values.copy(value, TOP.with_loop_name(value, name), name=name))
        else:
            found[arm.key_text(name)] = values.value(value, TOP)

    def _resources(self) -> JsonValue:
        declared = Declared(self.values, self._nested)
        written = [
            resource
            for resource in self.model.resources
            if not (resource.existing and not self.context.symbolic)
            and resource not in self.context.inlined_resources
        ]
        entries: list[tuple[str, Json]] = []
        for resource in written:
            entries.append((resource.key, declared.resource(resource)))
            self._locate(resource.key, len(entries) - 1, resource.node)
        for module in self.model.modules:
            entries.append((module.name, declared.module(module)))
            place = self._locate(module.name, len(entries) - 1, module.node)
            if isinstance(module.target, Model):
                _, inner = self.emitter.emit(module.target)
                for pointer, where in inner.items():
                    self.locations[f"{place}/properties/template{pointer}"] = where
        if self.context.symbolic:
            return dict(entries)
        return [entry for _, entry in entries]

    def _locate(self, key: str, number: int, node: tree.Node) -> str:
        escaped = key.replace("~", "~0").replace("/", "~1")
        pointer = f"/resources/{escaped if self.context.symbolic else number}"
        self.locations[pointer] = self.model.line(node)
        return pointer

    def _nested(self, target: Model | JsonTemplate) -> Json:
        if isinstance(target, JsonTemplate):
            return target.template
        return self.emitter.emit(target)[0]

    def _outputs(self) -> Json:
        found: Json = {}
        for output in self.model.outputs:
            node = output.node
            schema = self.types.declared(node, node.type)
            if isinstance(node.value, tree.For):
                schema["copy"] = self.values.copy(node.value, TOP)
            else:
                schema["value"] = self.values.value(node.value, TOP)
            found[output.name] = schema
        return found
