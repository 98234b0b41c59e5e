"""Scopes: modules and resources that cannot be deployed where they are put."""

from __future__ import annotations

from coe_scaffold.bicep.binding.functions import SCOPES
from coe_scaffold.bicep.binding.model import Model
from coe_scaffold.bicep.binding.symbols import JsonTemplate, Module, Namespace, Resource, Var
from coe_scaffold.bicep.syntax import tree

_SCHEMA_SCOPES = {
    "subscriptiondeploymenttemplate": "subscription",
    "managementgroupdeploymenttemplate": "managementGroup",
    "tenantdeploymenttemplate": "tenant",
}
_FROM = {
    "resourceGroup": {
        "resourceGroup",
        "resourceGroup+",
        "resourceGroup++",
        "subscription",
        "subscription+",
        "tenant",
    },
    "subscription": {"subscription", "subscription+", "resourceGroup+", "resourceGroup++", "tenant"},
    "managementGroup": {"managementGroup", "managementGroup+", "subscription+", "resourceGroup++", "tenant"},
    "tenant": {"tenant", "managementGroup", "managementGroup+", "subscription+", "resourceGroup++"},
}
"""What a file of each target scope may deploy modules to; a ``+`` for each name that is given."""

_CODES = {
    "tenant": "BCP113",
    "managementGroup": "BCP114",
    "subscription": "BCP115",
    "resourceGroup": "BCP116",
}


def check(model: Model) -> None:
    """Check the scope of every module and resource."""
    for module in model.modules:
        _module(model, module)
    for resource in model.resources:
        _resource(model, resource)


def target_scope(target: Model | JsonTemplate | None) -> str:
    """Return the scope a module's file is written for."""
    if isinstance(target, Model):
        return target.target_scope
    schema = str(target.template.get("$schema", "")).lower() if target else ""
    return next((scope for name, scope in _SCHEMA_SCOPES.items() if name in schema), "resourceGroup")


def _kind(model: Model, value: tree.Node) -> tuple[str, int] | None:
    """Return the kind of scope an expression names and how many names it gives, None when unclear."""
    while isinstance(value, tree.Paren | tree.NonNull):
        value = value.inner if isinstance(value, tree.Paren) else value.base
    if isinstance(value, tree.Call | tree.MethodCall):
        in_namespace = isinstance(value, tree.Call) or isinstance(model.refs.get(value.base), Namespace)
        return (value.name, len(value.args)) if in_namespace and value.name in SCOPES else None
    if isinstance(value, tree.Ternary):
        yes, no = _kind(model, value.yes), _kind(model, value.no)
        return yes if yes and no and yes[0] == no[0] else None
    if isinstance(value, tree.Index):
        value = value.base
    symbol = model.refs.get(value)
    if isinstance(symbol, Resource):
        if symbol.type.lower() == "microsoft.resources/resourcegroups":
            return "resourceGroup", 1 + bool(_named_subscription(model, symbol))
        if symbol.type.lower() == "microsoft.management/managementgroups":
            return "managementGroup", 1
        return "resource", 0
    if isinstance(symbol, Var):
        return _kind(model, symbol.node.value)
    if isinstance(symbol, Module):
        return "module", 0
    return None


def _named_subscription(model: Model, resource: Resource) -> int:
    scope = resource.value("scope")
    found = _kind(model, scope) if scope is not None else None
    return found[1] if found else 0


def _module(model: Model, module: Module) -> None:
    if module.target is None:
        return
    wanted = target_scope(module.target)
    value = module.value("scope")
    given = (model.target_scope, 0) if value is None else _kind(model, value)
    if given is None:
        return
    kind, names = given
    place = value.start if value is not None else module.node.body.start
    if kind != wanted:
        model.diagnostics.error(
            place,
            "BCP134",
            f'Scope "{kind}" is not valid for this module. Permitted scopes: "{wanted}".',
        )
    elif kind + "+" * names not in _FROM[model.target_scope]:
        model.diagnostics.error(
            place,
            _CODES[model.target_scope],
            f'Unsupported scope for module deployment in a "{model.target_scope}" target scope. '
            "Omit this property to inherit the current scope, or specify a valid scope.",
        )


def _resource(model: Model, resource: Resource) -> None:
    value = resource.value("scope")
    if value is not None and resource.parent is not None:
        model.diagnostics.error(
            value.start,
            "BCP164",
            "A child resource's scope is computed based on the scope of its ancestor resource. "
            'This means that using the "scope" property on a child resource is unsupported.',
        )
        return
    if value is None or resource.existing:
        return
    found = _kind(model, value)
    if found is None:
        return
    kind, names = found
    if kind == "module":
        model.diagnostics.error(
            value.start, "BCP135", f'Scope "module" is not valid for this resource type "{resource.type}".'
        )
    elif kind not in ("resource", "tenant") and (kind != model.target_scope or names):
        model.diagnostics.error(
            value.start,
            "BCP139",
            "A resource's scope must match the scope of the Bicep file for it to be deployable. "
            "You must use modules to deploy resources to a different scope.",
        )
