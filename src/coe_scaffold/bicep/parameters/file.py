"""``.bicepparam`` files to ARM parameter values."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from coe_scaffold.bicep.binding.compilation import Compilation, Read, Template
from coe_scaffold.bicep.binding.model import Model
from coe_scaffold.bicep.binding.symbols import JsonTemplate, Namespace, Param
from coe_scaffold.bicep.emit.template import Emitter
from coe_scaffold.bicep.nesting import limited
from coe_scaffold.bicep.parameters.evaluate import Evaluator
from coe_scaffold.bicep.parameters.failure import EvaluationError
from coe_scaffold.bicep.parameters.schema import Mismatch, check
from coe_scaffold.bicep.syntax import tree
from coe_scaffold.model.json import JsonObject


@dataclass(frozen=True)
class CompiledParameterFile:
    """ARM parameter values (``{"name": {"value": ...}}``) and the template they are for (empty: none)."""

    template_path: str
    parameters: JsonObject = field(hash=False)


def compile_parameters(
    path: str,
    read: Read,
    environment: Mapping[str, str],
    *,
    cache: str = "",
    template: Template | None = None,
) -> CompiledParameterFile:
    """Return the values of a ``.bicepparam`` file, checked against the template it names.

    ``environment`` is what ``readEnvironmentVariable()`` sees. ``template`` gives a template that is
    compiled already, which saves binding it again. Raises CompileError with every problem.
    """
    with limited(path):
        compilation = Compilation(read, cache=cache, template=template)
        model = compilation.load(path, parameters=True)
        compilation.check()
        compilation.raise_if_failed(path)
        values = _Values(compilation, model, environment).run()
        target = model.using
        if target is not None:
            _match(model, target, values)
        compilation.raise_if_failed(path)
    return CompiledParameterFile(target.path if target else "", values)


class _Values:
    """Evaluates the assignments of a parameter file over those of the file it extends."""

    def __init__(self, compilation: Compilation, model: Model, environment: Mapping[str, str]) -> None:
        self.compilation = compilation
        self.model = model
        self.environment = environment
        self.base: dict[str, Any] = {}
        self.running: set[Param] = set()
        self.done: dict[Param, dict[str, Any]] = {}
        self.evaluator = Evaluator(model, environment, self.parameter, self.base_value)

    def run(self) -> dict[str, Any]:
        """Return the ARM values, problems recorded in the model."""
        if self.model.extends is not None:
            self.base = _Values(self.compilation, self.model.extends, self.environment).run()
        found = dict(self.base)
        for param in self.model.params:
            try:
                found[param.name] = self._assigned(param)
            except EvaluationError as error:
                node = param.node.default or param.node
                self.model.diagnostics.error(
                    node.start if error.offset is None else error.offset,
                    error.code,
                    f'Failed to evaluate parameter "{param.name}": {error.message}',
                )
        return found

    def _assigned(self, param: Param) -> dict[str, Any]:
        if param not in self.done:
            if param in self.running:
                raise EvaluationError("The expression is involved in a cycle.", code="BCP080")
            node = param.node.default
            if node is None:
                raise EvaluationError("It has no value.")
            self.running.add(param)
            try:
                self.done[param] = self._secret(node) or {"value": self.evaluator.value(node, {})}
            finally:
                self.running.discard(param)
        return self.done[param]

    def _secret(self, node: tree.Node) -> dict[str, Any] | None:
        """Return the Key Vault reference of ``az.getSecret(...)``, None for any other expression."""
        if isinstance(node, tree.MethodCall):
            if not isinstance(self.model.refs.get(node.base), Namespace):
                return None
        elif not isinstance(node, tree.Call):
            return None
        if node.name != "getSecret" or len(node.args) < 4:
            return None
        subscription, group, vault, name, *version = (
            self.evaluator.value(argument, {}) for argument in node.args
        )
        group_id = f"/subscriptions/{subscription}/resourceGroups/{group}"
        vault_id = f"{group_id}/providers/Microsoft.KeyVault/vaults/{vault}"
        reference: dict[str, Any] = {"keyVault": {"id": vault_id}, "secretName": name}
        if version:
            reference["secretVersion"] = version[0]
        return {"reference": reference}

    def parameter(self, param: Param) -> Any:
        """Return the value of another parameter of the same file."""
        found = self._assigned(param)
        if "value" not in found:
            raise EvaluationError(
                f'The value of the "{param.name}" parameter cannot be known until the template deployment '
                "has started because it uses a reference to a secret value in Azure Key Vault.",
                code="BCP368",
            )
        return found["value"]

    def base_value(self) -> dict[str, Any]:
        """Return the values of the extended file, which ``base`` stands for."""
        return {name: value["value"] for name, value in self.base.items() if "value" in value}


def _match(model: Model, target: Model | JsonTemplate, values: dict[str, Any]) -> None:
    """Record where the values and the parameters of the template do not fit each other."""
    template: Any = Emitter().emit(target)[0] if isinstance(target, Model) else target.template
    declared: dict[str, Any] = template.get("parameters", {})
    places = {param.name: param.node for param in model.params}
    for name, node in places.items():
        if name not in declared:
            model.diagnostics.error(
                node.start,
                "BCP259",
                f'The parameter "{name}" is assigned in the params file '
                "without being declared in the Bicep file.",
            )
    missing = [
        name
        for name, schema in declared.items()
        if name not in values
        and name not in places
        and "defaultValue" not in schema
        and not schema.get("nullable")
    ]
    if missing:
        using = next((one for one in model.program.statements if isinstance(one, tree.UsingDecl)), None)
        names = ", ".join(f'"{name}"' for name in missing)
        model.diagnostics.error(
            using.path.start if using and using.path else 0,
            "BCP258",
            "The following parameters are declared in the Bicep file but are missing an assignment "
            f"in the params file: {names}.",
        )
    for name, value in values.items():
        found = places.get(name)
        if name in declared and found is not None and "value" in value:
            try:
                check(value["value"], declared[name], template.get("definitions", {}))
            except Mismatch as mismatch:
                at = found.default or found
                model.diagnostics.error(at.start, mismatch.code, f'Parameter "{name}": {mismatch.message}')
