"""Resources and modules that are the same one, as far as names are written out in the file."""

from __future__ import annotations

from collections.abc import Hashable

from coe_scaffold.bicep.binding.functions import SCOPES
from coe_scaffold.bicep.binding.model import Model
from coe_scaffold.bicep.binding.symbols import Deployed, Module, Resource
from coe_scaffold.bicep.checking.kinds import kind_of
from coe_scaffold.bicep.syntax import tree


def check(model: Model) -> None:
    """Record groups of deployed resources, and of modules, with one name at one scope."""
    resources: dict[Hashable, list[Resource]] = {}
    for resource in model.resources:
        if not resource.existing and _deployed(resource):
            key = (resource.type.lower(), _scope(model, resource), *_segments(model, resource))
            resources.setdefault(key, []).append(resource)
    modules: dict[Hashable, list[Module]] = {}
    for module in model.modules:
        if _deployed(module) and module.value("name") is not None:
            modules.setdefault((_scope(model, module), _literal(model, module)), []).append(module)
    for group in resources.values():
        if len(group) > 1:
            names = ", ".join(f'"{one.name}"' for one in sorted(group, key=lambda one: one.node.start))
            for one in group:
                model.diagnostics.error(
                    one.name_node.start,
                    "BCP121",
                    f"Resources: {names} are defined with this same name in a file. "
                    "Rename them or split into different modules.",
                )
    for alike in modules.values():
        if len(alike) > 1:
            names = ", ".join(f'"{module.name}"' for module in alike)
            for module in alike:
                model.diagnostics.error(
                    (module.value("name") or module.node).start,
                    "BCP122",
                    f"Modules: {names} are defined with this same name and this same scope in a file. "
                    "Rename them or split into different modules.",
                )


def _deployed(symbol: Deployed) -> bool:
    """Whether it is certain to be deployed; names must differ only then."""
    return symbol.condition is None or (isinstance(symbol.condition, tree.Bool) and symbol.condition.value)


def _segments(model: Model, resource: Resource) -> list[Hashable]:
    found: list[Hashable] = []
    for ancestor, index in resource.ancestors():
        found.append(_literal(model, ancestor))
        if index is not None:
            found.append(index.value if isinstance(index, tree.Int) else index)
    return [*found, _literal(model, resource)]


def _literal(model: Model, symbol: Deployed) -> Hashable:
    """Return the name, or the node that gives it when it is not known."""
    node = symbol.value("name")
    values = kind_of(model, node).values if node is not None else None
    return str(values[0]) if values and len(values) == 1 else (node or symbol.node)


def _scope(model: Model, symbol: Deployed) -> Hashable:
    """Return what tells scopes apart that are certainly the same; anything else is like nothing."""
    outermost = symbol.ancestors()[0][0] if isinstance(symbol, Resource) and symbol.parent else symbol
    node = outermost.value("scope")
    while isinstance(node, tree.Paren | tree.NonNull):
        node = node.inner if isinstance(node, tree.Paren) else node.base
    if node is None:
        return ""
    if isinstance(node, tree.Call) and node.name in SCOPES:
        arguments = [kind_of(model, argument).values for argument in node.args]
        if all(values is not None and len(values) == 1 for values in arguments):
            return (node.name, *(values[0] for values in arguments if values))
    target = model.refs.get(node)
    return target if isinstance(target, Resource) and not target.is_collection else node
