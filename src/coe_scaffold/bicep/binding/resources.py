"""Resources: types, nesting and parents."""

from __future__ import annotations

import re

from coe_scaffold.bicep.binding.model import Model
from coe_scaffold.bicep.binding.symbols import Resource
from coe_scaffold.bicep.syntax import tree

_TYPE = re.compile(r"(?P<type>[A-Za-z0-9][\w.\-]*(?:/[\w.\-${}]+)+)@(?P<version>[\w.\-]+)\Z")
_CHILD = re.compile(r"(?P<type>[\w.\-]+)(?:@(?P<version>[\w.\-]+))?\Z")


def collect(model: Model, resource: Resource) -> None:
    """Add a resource to the model, its nested resources before it (deepest first, in source order)."""
    order: list[Resource] = []
    _collect(model, resource, order)
    model.resources.extend(order)


def _collect(model: Model, resource: Resource, order: list[Resource]) -> None:
    for node in tree.nested_resources(resource.body):
        child = Resource(node.name, model, node, nesting=resource)
        if child.name in resource.children:
            message = (
                f'Identifier "{child.name}" is declared multiple times. Remove or rename the duplicates.'
            )
            model.diagnostics.error(resource.children[child.name].node.name_start, "BCP028", message)
            model.diagnostics.error(node.name_start, "BCP028", message)
        else:
            resource.children[child.name] = child
        _collect(model, child, order)
    order.append(resource)


def link(model: Model) -> None:
    """Set type and parent of every resource, and order them as the official compiler emits them."""
    for resource in reversed(model.resources):
        _set_type(model, resource)
    for resource in model.resources:
        _set_parent(model, resource)
    for resource in model.resources:
        _check(model, resource)
    model.resources.sort(key=lambda resource: resource.nesting is None)


def _set_type(model: Model, resource: Resource) -> None:
    node = resource.node.type
    text = node.literal if isinstance(node, tree.Str) else None
    if text is None:
        if isinstance(node, tree.Str):
            model.diagnostics.error(
                node.start,
                "BCP047",
                "String interpolation is unsupported for specifying the resource type.",
            )
        return
    if resource.nesting is not None:
        found = _CHILD.match(text)
        if found:
            resource.type = f"{resource.nesting.type}/{found['type']}"
            resource.api_version = found["version"] or resource.nesting.api_version
            return
        message = (
            f'The resource type segment "{text}" is invalid. Nested resources must specify a single type '
            'segment, and optionally can specify an api version using the format "<type>@<apiVersion>".'
        )
        model.diagnostics.error(node.start, "BCP156", message)
        return
    found = _TYPE.match(text)
    if found is None and model.extensions:
        return
    if found:
        resource.type, resource.api_version = found["type"], found["version"]
        return
    model.diagnostics.error(
        node.start,
        "BCP029",
        'The resource type is not valid. Specify a valid resource type of format "<type-name>@<apiVersion>".',
    )


def _set_parent(model: Model, resource: Resource) -> None:
    value = resource.value("parent")
    if resource.nesting is not None:
        resource.parent = resource.nesting
        if value is not None:
            model.diagnostics.error(
                value.start,
                "BCP037",
                'The property "parent" is not allowed on objects of type "'
                f'{resource.type}". Nested resources have their parent already.',
            )
        return
    if value is None:
        return
    index = None
    target: tree.Node = value
    while isinstance(target, tree.Paren | tree.NonNull):
        target = target.inner if isinstance(target, tree.Paren) else target.base
    if isinstance(target, tree.Index):
        index, target = target.index, target.base
    parent = find(model, target)
    if parent is None:
        if not isinstance(target, tree.Name) or target.name in model.scope:
            model.diagnostics.error(
                value.start,
                "BCP240",
                'The "parent" property only permits direct references to resources. '
                "Expressions are not supported.",
            )
        return
    resource.parent, resource.parent_index = parent, index
    if parent is resource:
        resource.parent = None
        model.diagnostics.error(
            value.start,
            "BCP079",
            "This expression is referencing its own declaration, which is not allowed.",
        )


def find(model: Model, node: tree.Node) -> Resource | None:
    """Return the resource that a name or ``::`` access means, before names are bound."""
    if isinstance(node, tree.Name):
        symbol = model.scope.get(node.name)
        return symbol if isinstance(symbol, Resource) else None
    if isinstance(node, tree.NestedAccess):
        base = node.base
        while isinstance(base, tree.Index | tree.NonNull):
            base = base.base
        owner = find(model, base)
        return owner.children.get(node.name) if owner else None
    return None


def _check(model: Model, resource: Resource) -> None:
    error = model.diagnostics.error
    parent = resource.parent
    if parent is not None and resource.nesting is None and resource.type and parent.type:
        expected = parent.type.lower() + "/"
        rest = resource.type.lower().removeprefix(expected)
        if not resource.type.lower().startswith(expected) or "/" in rest:
            error(
                resource.node.type.start,
                "BCP036",
                f'The property "parent" expected a value of type "{resource.type.rpartition("/")[0]}" '
                f'but the provided value is of type "{parent.type}@{parent.api_version}".',
            )
    if tree.body_object(resource.node.body) is None or model.extensions:
        return
    if resource.body.get("name") is None:
        error(
            resource.node.name_start,
            "BCP035",
            'The specified "resource" declaration is missing the following required properties: "name".',
        )
