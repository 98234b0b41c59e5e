"""Modules: parameters that are missing, unknown or of the wrong type, and outputs that do not exist."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from coe_scaffold.bicep.binding.model import Model
from coe_scaffold.bicep.binding.suggest import closest
from coe_scaffold.bicep.binding.symbols import JsonTemplate, Module
from coe_scaffold.bicep.checking.assignments import assign
from coe_scaffold.bicep.checking.shapes import ANY, Shape, of_schema, of_type
from coe_scaffold.bicep.syntax import tree

_ALLOWED = frozenset({"name", "params", "scope", "dependsOn", "extensionConfigs", "identity"})


def check(model: Model) -> None:
    """Check every module of a file."""
    for module in model.modules:
        if module.target is not None and not isinstance(module.node.body, tree.Skipped):
            _module(model, module)
    for node in model.nodes:
        if isinstance(node, tree.Property):
            _output(model, node)


def _module(model: Model, module: Module) -> None:
    error = model.diagnostics.error
    if tree.body_object(module.node.body) is None:
        return
    free = [name for name in ("dependsOn", "name", "params", "scope") if module.body.get(name) is None]
    permissible = ", ".join(f'"{name}"' for name in free)
    for item in module.body.items:
        if isinstance(item, tree.ObjectProperty) and item.name is not None and item.name not in _ALLOWED:
            error(
                item.start,
                "BCP037",
                f'The property "{item.name}" is not allowed on objects of type "module". '
                + (
                    f"Permissible properties include {permissible}."
                    if free
                    else "No other properties are allowed."
                ),
            )
    declared, required = parameters(module.target)
    params = module.body.get("params")
    if params is None:
        if required:
            error(
                module.node.name_start,
                "BCP035",
                'The specified "module" declaration is missing the following required properties: "params".',
            )
        return
    if isinstance(params.value, tree.Object):
        _params(model, params, params.value, declared, required)


def _params(
    model: Model,
    owner: tree.ObjectProperty,
    body: tree.Object,
    declared: dict[str, Shape],
    required: list[str],
) -> None:
    error = model.diagnostics.error
    given = {
        item.name: item
        for item in body.items
        if isinstance(item, tree.ObjectProperty) and item.name is not None
    }
    missing = [name for name in required if name not in given]
    if missing and len(given) == len(body.items):
        names = ", ".join(f'"{name}"' for name in sorted(missing))
        error(
            owner.start,
            "BCP035",
            f'The specified "object" declaration is missing the following required properties: {names}.',
        )
    for name, item in given.items():
        if name in declared:
            assign(model, item.value, declared[name], item)
            continue
        free = [one for one in declared if one not in given]
        suggestion = closest(name, free)
        message = f'The property "{name}" is not allowed on objects of type "params".'
        if suggestion:
            error(item.start, "BCP089", f'{message} Did you mean "{suggestion}"?')
            continue
        names = ", ".join(f'"{one}"' for one in sorted(free))
        tail = f" Permissible properties include {names}." if names else " No other properties are allowed."
        error(item.start, "BCP037", message + tail)


def parameters(target: Model | JsonTemplate | None) -> tuple[dict[str, Shape], list[str]]:
    """Return the types of a module's parameters, and the names of those that must be given."""
    shapes: dict[str, Shape] = {}
    required: list[str] = []
    if isinstance(target, Model):
        for param in target.params:
            if target.decorator(param.node, "discriminator"):
                shapes[param.name] = ANY
            else:
                shapes[param.name] = _allowed(target, param.node, of_type(target, param.node.type))
            nullable = isinstance(param.node.type, tree.Nullable) or of_type(target, param.node.type).nullable
            if param.node.default is None and not nullable:
                required.append(param.name)
            else:
                shapes[param.name] = replace(shapes[param.name], nullable=True)
    elif isinstance(target, JsonTemplate):
        template: dict[str, Any] = target.template
        for name, schema in template.get("parameters", {}).items():
            shapes[name] = of_schema(schema, template.get("definitions", {}))
            if "defaultValue" in schema:
                shapes[name] = replace(shapes[name], nullable=True)
            if "defaultValue" not in schema and not shapes[name].nullable and "$ref" not in schema:
                required.append(name)
    return shapes, required


def _allowed(model: Model, node: tree.ParamDecl, shape: Shape) -> Shape:
    """Return a parameter's type narrowed by ``@allowed`` (for arrays it speaks of the items)."""
    call = model.decorator(node, "allowed")
    if call is None or not call.args or not isinstance(call.args[0], tree.Array) or shape.kind == "array":
        return shape
    values = []
    for item in call.args[0].items:
        if isinstance(item, tree.Str) and item.literal is not None:
            values.append(item.literal)
        else:
            return shape
    return Shape(shape.kind, tuple(values), shape.nullable)


def _output(model: Model, node: tree.Property) -> None:
    """Check ``module.outputs.name``."""
    base = node.base
    if not isinstance(base, tree.Property) or base.name != "outputs":
        return
    owner = base.base
    while isinstance(owner, tree.NonNull | tree.Paren | tree.Index):
        owner = owner.inner if isinstance(owner, tree.Paren) else owner.base
    module = model.refs.get(owner)
    if not isinstance(module, Module) or module.target is None:
        return
    if isinstance(module.target, Model):
        names = [output.name for output in module.target.outputs]
    else:
        template: dict[str, Any] = module.target.template
        names = list(template.get("outputs", {}))
    if node.name in names or any(name.lower() == node.name.lower() for name in names):
        return
    message = f'The type "outputs" does not contain property "{node.name}".'
    suggestion = closest(node.name, names)
    if suggestion:
        model.diagnostics.error(node.start, "BCP083", f'{message} Did you mean "{suggestion}"?')
    elif names:
        listed = ", ".join(f'"{name}"' for name in sorted(names))
        model.diagnostics.error(node.start, "BCP053", f"{message} Available properties include {listed}.")
    else:
        model.diagnostics.error(node.start, "BCP054", 'The type "outputs" does not contain any properties.')
